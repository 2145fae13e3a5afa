# SPDX-License-Identifier: MIT
"""What no particular libssl matters to: who looks a name up, what is unloaded."""
import os
import unittest

import peer


NEXT = (os.path.join(peer.BUILD, "next"),)


class Callers(unittest.TestCase):
    """RTLD_NEXT and RTLD_DEFAULT mean what they mean for the one who asks."""

    def test_as_bare(self):
        words = [os.path.join(peer.BUILD, "libscope.so")]
        bare = peer.run(*words, program=NEXT)
        self.assertIn("library 1: next 1, of a version 1", bare)
        self.assertIn("ends in library 2", bare)
        self.assertIn("SSL_up_ref is the program's 1", bare)
        self.assertIn("plugin's scope 1", bare)
        for mode in (*peer.MODES, "twice"):
            for setting in ("on", "off"):
                with self.subTest(mode=mode, setting=setting):
                    self.assertEqual(peer.run(*words, program=NEXT, shim=mode, SSLHARDEN=setting),
                                     bare)


class Unloading(unittest.TestCase):
    """A pointer into a libssl must not outlive it: another comes to lie where it was."""

    def test_another_library_at_the_same_address(self):
        plugins = ":".join(os.path.join(peer.BUILD, f"libstandin_plugin{n}.so") for n in (0, 1))
        for times in (1, 20):
            with self.subTest(times=times):
                words = [f"--times={times}", plugins]
                self.assertEqual(peer.run(*words, program=peer.HOST), ["options 0x0"] * 2 * times)
                self.assertEqual(peer.run(*words, program=peer.HOST, shim=True),
                                 ["options 0x2420000"] * 2 * times)

    @unittest.skipIf("tsan" in os.environ.get("SSLHARDEN_PRELOAD_FIRST", ""),
                     "its runtime does not know of the loader's lock, which is between them")
    def test_by_two_threads(self):
        """A destructor has it looked up once more, while its addresses are about to be another's."""
        plugins = ":".join(os.path.join(peer.BUILD, f"libstandin_plugin{n}.so") for n in (0, 1))
        words = ["--times=3000", "--threads", plugins]
        processors = os.sched_getaffinity(0)
        self.addCleanup(os.sched_setaffinity, 0, processors)
        os.sched_setaffinity(0, {min(processors)})  # there it is hit soonest
        for shim, options in ((False, "0x0"), (True, "0x2420000")):
            self.assertEqual(set(peer.run(*words, program=peer.HOST, shim=shim)),
                             {f"options {options}"})

    def test_what_was_known_of_the_first_is_not_said_of_the_second(self):
        plugins = ":".join(os.path.join(peer.BUILD, f"libstandin_plugin{n}.so") for n in (0, 1))
        lines = peer.run(plugins, program=peer.HOST, shim=True, SSLHARDEN_CIPHERS="ANY")
        self.assertEqual([line for line in lines if line.startswith("options")],
                         ["options 0x2420000"] * 2)
        self.assertEqual(len([line for line in lines if 'takes nothing of "ANY"' in line]), 1)


class OddObjects(unittest.TestCase):
    """A libssl linked for an address of its own: its base is not where it lies."""

    def test_no_crash(self):
        words = [os.path.join(peer.BUILD, "libstandin_plugin_elsewhere.so")]
        self.assertEqual(peer.run(*words, program=peer.HOST), ["options 0x0"])
        self.assertEqual(peer.run(*words, program=peer.HOST, shim="preload"), ["options 0x2420000"])
        for mode in peer.AUDIT:  # struct link_map does not say where it ends: left alone
            self.assertIn(peer.run(*words, program=peer.HOST, shim=mode)[0],
                          ("options 0x0", "options 0x2420000"))


class Makers(unittest.TestCase):
    """LibreSSL has its own bits; what is newer than every table is asked by name, or left alone."""

    def run_on(self, number, shim, **variables):
        return peer.run(os.path.join(peer.BUILD, f"libstandin_plugin{number}.so"),
                        program=peer.HOST, shim=shim, **variables)

    def test_asked_by_name(self):
        self.assertEqual(self.run_on(2, False), ["options 0x0"])
        for mode in peer.MODES:
            # ServerPreference, -Compression, -SSLv3 of that library, and no number of today's
            self.assertEqual(self.run_on(2, mode), ["options 0x7"])
            # No memory to ask is said once, and asked again at the next context.
            lines = self.run_on(2, mode, STANDIN_FAILS="3")
            self.assertEqual(lines[:4], ["options 0x0"] * 3 + ["options 0x7"])
            self.assertRegex(lines[4], "a libssl that is not known, passed through")
            self.assertEqual(len(lines), 5)
        self.assertEqual(self.run_on(2, "preload", SSLHARDEN="audit", SSLHARDEN_LOG="none"),
                         ["options 0x0"])

    def test_libressl_by_its_own_bits(self):
        """Its 0x80000 allows clients to renegotiate, its 0x20000 is no NO_COMPRESSION."""
        self.assertEqual(self.run_on(4, False), ["options 0x0"])
        for mode in peer.MODES:
            self.assertEqual(self.run_on(4, mode), ["options 0x500000"])

    def test_left_alone_and_said(self):
        for mode in peer.MODES:
            lines = self.run_on(3, mode)
            self.assertEqual(lines[0], "options 0x0")
            self.assertRegex(lines[1], r"sslharden\[\d+\]: warning: .*a libssl that is not known")


if __name__ == "__main__":
    unittest.main()
