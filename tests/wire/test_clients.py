# SPDX-License-Identifier: MIT
"""Clients are untouched, bit for bit, in the same process and from the same context."""
import os
import unittest

import peer

# ClientHello.random: 5 bytes of record header, 4 of handshake header, 2 of version.
RANDOM = slice(2 * 11, 2 * 43)


def hello(*words, shim, **variables):
    text = peer.field(peer.run(*words, "hello", shim=shim, **variables), "hello")
    data, _, options = text.partition(" options ")
    return data[:RANDOM.start] + data[RANDOM.stop:], options


def pin_is_options(version):
    """3.4 and later show a bound above TLS 1.0 in the hello: NO_* options hold the pin instead."""
    return peer.runs() >= 0x30400000 and version in ("TLSv1.1", "TLSv1.2")


class Clients(unittest.TestCase):
    def test_context(self):
        for method in (peer.flexible("client"), "TLSv1_client_method"):
            with self.subTest(method=method):
                words = [f"new:{method}", "options", "range", "ciphers?"]
                self.assertEqual(peer.run(*words), peer.run(*words, shim=True))

    def test_hello_of_pinned_methods(self):
        """TLS 1.2 and older: with 1.3 a hello has a fresh key share each time."""
        for version in ("SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2"):
            for role in ("_client_method", "_method"):
                with self.subTest(version=version, role=role):
                    if not peer.speaks(version):
                        continue
                    words = [f"new:{peer.METHODS[version]}{role}", peer.ciphers_word()]
                    bare, hardened = (hello(*words, shim=s) for s in (False, True))
                    self.assertEqual(bare[0], hardened[0])
                    if role == "_client_method" or not pin_is_options(version):
                        self.assertEqual(bare[1], hardened[1])

    def test_hello_of_datagrams(self):
        """Its record names a version, too; the cookie exchange begins with it."""
        for method in ("DTLSv1_method", "DTLSv1_2_method", "DTLSv1_2_client_method"):
            if peer.has(f"new:{method}"):
                words = [f"new:{method}", peer.ciphers_word()]
                bare, hardened = (peer.field(peer.run(*words, "hello", shim=shim), "hello")
                                  for shim in (False, True))
                for at in (slice(0, 22), slice(50, 54)):  # the record's, and the hello's own
                    self.assertEqual(bare[at], hardened[at], method)

    def test_hello_of_a_pinned_method_with_bounds(self):
        if not peer.speaks("TLSv1"):
            self.skipTest("this libssl does not speak TLS 1.0")
        words = ["new:TLSv1_method", peer.ciphers_word(), "min:303", "max:304", "ssl:min:303"]
        self.assertEqual(hello(*words, shim=False), hello(*words, shim=True))

    def test_generic_options(self):
        words = [f"new:{peer.flexible('')}"]
        _, bare = hello(*words, shim=False)
        _, hardened = hello(*words, shim=True)
        self.assertEqual(bare, hardened)

    def test_same_process(self):
        words = [f"new:{peer.flexible('server')}", "options", "other",
                 f"new:{peer.flexible('client')}", "options"]
        bare = [l for l in peer.run(*words) if l.startswith("options")]
        hardened = [l for l in peer.run(*words, shim=True) if l.startswith("options")]
        self.assertNotEqual(bare[0], hardened[0])
        self.assertEqual(bare[1], hardened[1])

    def test_server_context_turned_client(self):
        if not peer.since("options can be taken back"):
            self.skipTest("this libssl cannot do that")
        words = [f"new:{peer.flexible('server')}", f"version:{peer.flexible('client')}",
                 "options", "range"]
        self.assertEqual(peer.run(*words), peer.run(*words, shim=True))

    def test_pinned_generic_context_turned_client(self):
        for method in ("TLSv1_method", "TLSv1_2_method"):
            with self.subTest(method=method):
                if not peer.has(f"new:{method}"):
                    continue
                words = [f"new:{method}", f"version:{peer.flexible('client')}", "options", "range"]
                self.assertEqual(peer.run(*words), peer.run(*words, shim=True))

    def test_a_client_pin_holds(self):
        for method in ("TLSv1_client_method", "TLSv1_method"):
            with self.subTest(method=method):
                if not peer.speaks("TLSv1"):
                    self.skipTest("this libssl does not speak TLS 1.0")
                with peer.Server(f"new:{peer.flexible('server')}", peer.ciphers_word(),
                                 f"cert:{peer.certificate()}") as server:
                    lines = peer.run(f"new:{method}", peer.ciphers_word(),
                                     f"connect:{server.port}", shim=True)
                    server.end()
                self.assertEqual(peer.field(lines, "connected").split()[0], "TLSv1")


class Quic(unittest.TestCase):
    """Its servers and clients are passed through, and get where they got without us."""

    def test_server_and_client(self):
        if peer.MUSL:
            self.skipTest("its libssl has no QUIC")
        program = (os.path.join(peer.BUILD, "quic"),)
        for variables in ({"shim": False}, {"shim": True}, {"shim": True, "SSLHARDEN": "audit"},
                          {"shim": True, "SSLHARDEN_MIN_PROTOCOL": "TLSv1.2"}):
            lines = peer.run(peer.certificate(), program=program, **variables)
            self.assertTrue(lines[0].startswith("connected TLS_"), lines)


if __name__ == "__main__":
    unittest.main()
