# SPDX-License-Identifier: MIT
"""Calls that do not come by a plain reference: fetched by handle, opened RTLD_DEEPBIND.

Each is asked bare, with the library preloaded, as an audit library, and as both.
"""
import os
import unittest

import peer

LIBSSL = os.environ.get("SSLHARDEN_LIBSSL", "")
OTHER_LIBSSL = os.environ.get("SSLHARDEN_OTHER_LIBSSL", "")
PLUGIN = os.path.join(peer.DIR, "libpeer.so")


def masks(lines):
    return [int(line.split()[1], 16) for line in lines if line.startswith("options")]


def without_masks(lines):
    return [line for line in lines if not line.startswith("options")]


@unittest.skipUnless(LIBSSL, "another release's libssl needs its own libc")
class ByHandle(unittest.TestCase):
    """dlsym(handle, ...): the wrappers, and NULL still for what that libssl lacks."""

    def run_on(self, *libraries, shim=False, **variables):
        """A prefix's libcrypto is found beside its libssl."""
        return peer.run(*libraries, program=peer.BY_HANDLE, shim=shim,
                        LD_LIBRARY_PATH=":".join(map(os.path.dirname, libraries)), **variables)

    def expected(self):
        """What a linked program has of the same call."""
        method = "TLSv1_server_method" if peer.pins() else "TLS_server_method"
        return masks(peer.run(f"new:{method}", "options", shim="preload"))

    def test_hardened(self):
        bare = self.run_on(LIBSSL)
        self.assertNotEqual(masks(bare), self.expected())
        for mode in peer.MODES:
            with self.subTest(mode=mode):
                lines = self.run_on(LIBSSL, shim=mode)
                self.assertEqual(masks(lines), self.expected())
                self.assertEqual(without_masks(lines), without_masks(bare))

    def test_two_versions(self):
        names = [os.path.basename(os.path.realpath(l)) for l in (LIBSSL, OTHER_LIBSSL)]
        if not OTHER_LIBSSL or names[0] == names[1]:
            self.skipTest("this is the only libssl, or the loader takes the two for one")
        for pair in ((LIBSSL, OTHER_LIBSSL), (OTHER_LIBSSL, LIBSSL)):
            bare = self.run_on(*pair)
            each = [masks(self.run_on(one, shim="preload"))[0] for one in pair]
            self.assertNotEqual(masks(bare), each)
            for mode in peer.MODES:
                with self.subTest(mode=mode, pair=pair):
                    lines = self.run_on(*pair, shim=mode)
                    self.assertEqual(masks(lines), each)
                    self.assertEqual(without_masks(lines), without_masks(bare))

    def test_off(self):
        for mode in peer.MODES:
            self.assertEqual(self.run_on(LIBSSL, shim=mode, SSLHARDEN="off"), self.run_on(LIBSSL))


@unittest.skipUnless(peer.AUDIT, "an audit library has a libc of its own")
class Deepbind(unittest.TestCase):
    """A module opened RTLD_DEEPBIND looks in its own libraries first: preloading is passed by."""

    WORDS = ["new:TLSv1_server_method", "options", "range"]

    def test_audit_sees_it(self):
        words = ["--deepbind", PLUGIN, *self.WORDS]
        linked = peer.run(*self.WORDS, shim="preload")
        bare = peer.run(*words, program=peer.HOST)
        self.assertNotEqual(bare, linked)
        self.assertEqual(peer.run(*words, program=peer.HOST, shim="preload"), bare)
        for mode in peer.AUDIT:
            self.assertEqual(peer.run(*words, program=peer.HOST, shim=mode), linked)

    def test_without_a_plt(self):
        """Built -fno-plt: the loader does not ask an audit library.  A preloaded one sees it."""
        plugin = os.path.join(peer.DIR, "libpeer_noplt.so")
        linked = peer.run(*self.WORDS, shim="preload")
        for mode in ("preload", "both"):
            self.assertEqual(peer.run(plugin, *self.WORDS, program=peer.HOST, shim=mode), linked)


if __name__ == "__main__":
    unittest.main()
