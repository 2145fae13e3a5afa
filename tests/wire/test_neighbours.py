# SPDX-License-Identifier: MIT
"""Other interposers before and after us in the list, and valgrind's tools."""
import os
import shutil
import tempfile
import unittest

import peer
from test_ways import snippets

NEIGHBOURS = [n for n in os.environ["SSLHARDEN_NEIGHBOURS"].split(":") if n]
SANITIZER = os.environ.get("SSLHARDEN_PRELOAD_FIRST")


class Neighbours(unittest.TestCase):
    def check(self, program=(peer.PEER,), **environment):
        for name, words in snippets().items():
            with self.subTest(call=name, **environment):
                hardened = peer.run(*words, shim=True)
                bare = peer.run(*words, program=program, **environment)
                self.assertNotEqual(bare, hardened)
                self.assertEqual(peer.run(*words, program=program, shim=True, **environment),
                                 hardened)

    def test_before_and_after(self):
        self.assertEqual(len(NEIGHBOURS), 2, "jemalloc and libfaketime are to be installed")
        for neighbour in NEIGHBOURS:
            self.check(before=[neighbour])
            self.check(after=[neighbour])

    def test_one_that_wraps_libcrypto(self):
        """What libssl refers to first need not be libcrypto."""
        wrapper = os.path.join(peer.BUILD, "libwrapper.so")
        self.check(before=[wrapper])
        self.check(after=[wrapper])

    def test_a_second_copy_at_another_path(self):
        with tempfile.TemporaryDirectory() as folder:
            copy = shutil.copy(peer.LIB, os.path.join(folder, "another-name.so"))
            for words in snippets().values():
                hardened = peer.run(*words, shim=True)
                self.assertEqual(peer.run(*words, shim=True, before=[copy]), hardened)
                self.assertEqual(peer.run(*words, shim=True, after=[copy]), hardened)

    def test_a_program_built_with_asan(self):
        """Its runtime comes after us, and asks our dlsym before it is ready itself."""
        self.check(program=(os.path.join(peer.DIR, "peer_asan"),),
                   ASAN_OPTIONS="verify_asan_link_order=0:detect_leaks=0")


class Valgrind(unittest.TestCase):
    MEMCHECK = ("valgrind", "--quiet", "--error-exitcode=99", "--leak-check=full",
                "--errors-for-leak-kinds=definite,indirect,possible")

    def test_memcheck(self):
        for name, words in snippets().items():
            with self.subTest(call=name):
                self.assertEqual(peer.run(*words, program=(*self.MEMCHECK, peer.PEER), shim=True),
                                 peer.run(*words, shim=True))

    def test_a_leak_is_noticed(self):
        """The check is one: harness/lives.c keeps contexts when it is told to."""
        with self.assertRaises(AssertionError):
            peer.run("leak", program=(*self.MEMCHECK, os.path.join(peer.DIR, "lives")))


if __name__ == "__main__":
    unittest.main()
