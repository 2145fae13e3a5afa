# SPDX-License-Identifier: MIT
"""Calls that do not come by a plain reference: fetched by handle, opened RTLD_DEEPBIND.

Each is asked bare, with the library preloaded, as an audit library, and as both.
"""
import os
import re
import subprocess
import unittest

import peer

BUILD = os.path.dirname(peer.DIR.rstrip("/"))
BY_HANDLE, NEXT, HOST, CIVETWEB = ((os.path.join(BUILD, name),) for name in
                                   ("by_handle", "next", "plugin_host", "civetweb"))
LIBSSL = os.environ.get("SSLHARDEN_LIBSSL", "")
OTHER_LIBSSL = os.environ.get("SSLHARDEN_OTHER_LIBSSL", "")
PLUGIN = os.path.join(peer.DIR, "libpeer.so")
# A sanitizer's runtime cannot be in an audit library's namespace and the program's.
AUDIT = [] if os.environ.get("SSLHARDEN_PRELOAD_FIRST") else ["audit", "both"]
MODES = ["preload", *AUDIT]


def masks(lines):
    return [int(line.split()[1], 16) for line in lines if line.startswith("options")]


def without_masks(lines):
    return [line for line in lines if not line.startswith("options")]


@unittest.skipIf(peer.LOADER, "another release's libssl needs its own libc")
class ByHandle(unittest.TestCase):
    """dlsym(handle, ...): the wrappers, and NULL still for what that libssl lacks."""

    def run_on(self, *libraries, shim=False, **variables):
        """A prefix's libcrypto is found beside its libssl."""
        return peer.run(*libraries, program=BY_HANDLE, shim=shim,
                        LD_LIBRARY_PATH=":".join(map(os.path.dirname, libraries)), **variables)

    def expected(self):
        """What a linked program has of the same call."""
        return masks(peer.run("new:TLSv1_server_method", "options", shim="preload"))

    def test_hardened(self):
        bare = self.run_on(LIBSSL)
        self.assertNotEqual(masks(bare), self.expected())
        for mode in MODES:
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
            for mode in MODES:
                with self.subTest(mode=mode, pair=pair):
                    lines = self.run_on(*pair, shim=mode)
                    self.assertEqual(masks(lines), each)
                    self.assertEqual(without_masks(lines), without_masks(bare))

    def test_off(self):
        for mode in MODES:
            self.assertEqual(self.run_on(LIBSSL, shim=mode, SSLHARDEN="off"), self.run_on(LIBSSL))


@unittest.skipIf(peer.LOADER, "the program is this system's")
class Callers(unittest.TestCase):
    """RTLD_NEXT and RTLD_DEFAULT mean what they mean for the one who asks."""

    def test_as_bare(self):
        words = [os.path.join(BUILD, "libscope.so")]
        bare = peer.run(*words, program=NEXT)
        self.assertIn("library 1: next 1, of a version 1", bare)
        self.assertIn("ends in library 2", bare)
        self.assertIn("plugin's scope 1", bare)
        for mode in (*MODES, "twice"):
            with self.subTest(mode=mode):
                self.assertEqual(peer.run(*words, program=NEXT, shim=mode), bare)


@unittest.skipUnless(AUDIT and not peer.LOADER, "an audit library has a libc of its own")
class Deepbind(unittest.TestCase):
    """A module opened RTLD_DEEPBIND looks in its own libraries first: preloading is passed by."""

    WORDS = ["new:TLSv1_server_method", "options", "range"]

    def test_audit_sees_it(self):
        words = ["--deepbind", PLUGIN, *self.WORDS]
        linked = peer.run(*self.WORDS, shim="preload")
        bare = peer.run(*words, program=HOST)
        self.assertNotEqual(bare, linked)
        self.assertEqual(peer.run(*words, program=HOST, shim="preload"), bare)
        for mode in AUDIT:
            self.assertEqual(peer.run(*words, program=HOST, shim=mode), linked)

    def test_without_a_plt(self):
        """Built -fno-plt: the loader does not ask an audit library.  A preloaded one sees it."""
        plugin = os.path.join(peer.DIR, "libpeer_noplt.so")
        linked = peer.run(*self.WORDS, shim="preload")
        for mode in ("preload", "both"):
            self.assertEqual(peer.run(plugin, *self.WORDS, program=HOST, shim=mode), linked)


@unittest.skipUnless(os.path.exists(CIVETWEB[0]) and not peer.LOADER, "needs libcivetweb-dev")
class CivetWeb(unittest.TestCase):
    """A real server that opens libssl itself."""

    def ask(self, mode, *flags, **variables):
        """The server's options, and the version that openssl s_client gets, or None."""
        server = subprocess.Popen([*CIVETWEB, peer.certificate()], text=True,
                                  env=peer.environment(mode, **variables), stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        try:
            mask = int(server.stdout.readline().split()[1], 16)
            port = server.stdout.readline().split()[1]
            client = subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{port}",
                                     "-brief", "-cipher", "ALL:@SECLEVEL=0", *flags],
                                    input="GET / HTTP/1.0\r\n\r\n", text=True, timeout=peer.TIMEOUT,
                                    stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                    env=peer.environment())
        finally:
            server.communicate("", timeout=peer.TIMEOUT)
        version = re.search(r"^Protocol version: (\S+)", client.stdout, re.M)
        return mask, version and version.group(1)

    def test_hardened(self):
        no_sslv3 = 0x02000000
        mask, version = self.ask(False, "-tls1_2", SSLHARDEN_MIN_PROTOCOL="TLSv1.3")
        self.assertEqual((mask & no_sslv3, version), (0, "TLSv1.2"))
        for mode in MODES:
            with self.subTest(mode=mode):
                mask, version = self.ask(mode, "-tls1_2")
                self.assertEqual((mask & no_sslv3, version), (no_sslv3, "TLSv1.2"))
                _, version = self.ask(mode, "-tls1_2", SSLHARDEN_MIN_PROTOCOL="TLSv1.3")
                self.assertIsNone(version)


if __name__ == "__main__":
    unittest.main()
