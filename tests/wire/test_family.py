# SPDX-License-Identifier: MIT
"""BoringSSL and its kin (harness/family.c): by their own calls, bits and pins."""
import os
import re
import unittest

import peer

FAMILY = (os.path.join(peer.DIR, "family"),)
PINS = {"TLSv1_server_method": "TLSv1", "TLSv1_1_server_method": "TLSv1.1",
        "TLSv1_2_server_method": "TLSv1.2"}
SERVER_PREFERENCE = 0x00400000


def run(method, how, *words, shim=False, **variables):
    return peer.run(peer.certificate(), method, how, *words, program=FAMILY, shim=shim, **variables)


def served(lines):
    return [line.split()[1] for line in lines if line.startswith("serves ")]


def parts(hello):
    """A hello's fixed bytes, its extensions sorted (a key share by its length), and the rest."""
    hexadecimal, *rest = hello.split(" ", 1)
    data = bytes.fromhex(hexadecimal)
    if len(data) < 60:
        return data, rest
    at = 43 + 1 + data[43]  # after the random bytes and the session's identifier
    at += 2 + int.from_bytes(data[at:at + 2], "big")
    at += 1 + data[at]
    fixed = data[:11] + data[44 + data[43]:at]
    at += 2
    extensions = []
    while at + 4 <= len(data):
        kind, size = (int.from_bytes(data[i:i + 2], "big") for i in (at, at + 2))
        body = data[at + 4:at + 4 + size]
        extensions.append((kind, size if kind == 51 else body))
        at += 4 + size
    return fixed, sorted(extensions), rest


class Family(unittest.TestCase):
    def test_flexible(self):
        for method in ("TLS_method", "TLS_server_method", "SSLv23_server_method"):
            for how in ("accept", "state"):
                with self.subTest(method=method, how=how):
                    try:
                        bare, hardened = (run(method, how, shim=s) for s in (False, True))
                    except unittest.SkipTest:
                        continue
                    self.assertEqual(served(hardened), served(bare))
                    self.assertEqual(peer.options(bare) & SERVER_PREFERENCE, 0)
                    self.assertEqual(peer.options(hardened) & SERVER_PREFERENCE,
                                     SERVER_PREFERENCE)

    def test_its_name(self):
        maker = re.search("libressl|aws-lc|boringssl", peer.DIR).group()
        said = "".join(run("TLS_method", "accept", shim=True, SSLHARDEN_GROUPS="NOTHING")).lower()
        self.assertRegex(said, rf"this libssl \({maker}( [0-9.]+)?\) takes nothing of")

    @unittest.skipIf("libressl" in peer.DIR, "its pins cannot be opened without touching clients")
    def test_pins_open_upwards(self):
        every = served(run("TLS_method", "state"))
        for method, pin in PINS.items():
            for how in ("accept", "state"):
                with self.subTest(method=method, how=how):
                    try:
                        bare, hardened = (run(method, how, shim=s) for s in (False, True))
                    except unittest.SkipTest:
                        continue
                    self.assertLessEqual(set(served(bare)), {pin})
                    self.assertEqual(served(hardened), [v for v in every if v >= pin])
                    self.assertEqual(peer.options(hardened) & SERVER_PREFERENCE,
                                     SERVER_PREFERENCE)
                    kept = run(method, how, shim=True, SSLHARDEN_ALLOW_PINNED="1")
                    self.assertEqual(served(kept), served(bare))

    def test_they_stay(self):
        words = ["ssl-set:400000", "ssl-clear:400000"]
        bare, hardened = (run("TLS_method", "state", *words, shim=s) for s in (False, True))
        self.assertEqual(peer.options(bare) & SERVER_PREFERENCE, 0)
        self.assertEqual(peer.options(hardened) & SERVER_PREFERENCE, SERVER_PREFERENCE)
        self.assertEqual(peer.options(hardened, "cleared"), peer.options(hardened))

    def test_floor(self):
        try:
            bare, hardened = (run("TLSv1_2_server_method", "state", "ssl-min:301", shim=s)
                              for s in (False, True))
        except unittest.SkipTest:
            self.skipTest("this libssl has no pinned methods")
        self.assertTrue(served(bare))
        self.assertGreaterEqual(served(hardened), ["TLSv1.2"])
        for how in ("accept", "state"):
            self.assertEqual(served(run("TLS_method", how, shim=True,
                                        SSLHARDEN_MIN_PROTOCOL="TLSv1.3")), ["TLSv1.3"])
            self.assertNotIn("TLSv1.3", served(run("TLS_method", how, shim=True,
                                                   SSLHARDEN_MAX_PROTOCOL="TLSv1.2")))

    def test_clients(self):
        """The same hello but for what is random: bytes, and in LibreSSL 4 the extensions' order."""
        for method in ("TLSv1_method", "TLSv1_2_method", "TLSv1_2_client_method", "TLS_method",
                       "TLS_client_method"):
            with self.subTest(method=method):
                try:
                    bare, hardened = (parts(peer.field(run(method, "state", shim=s), "hello"))
                                      for s in (False, True))
                except unittest.SkipTest:
                    continue
                self.assertEqual(bare, hardened)


if __name__ == "__main__":
    unittest.main()
