# SPDX-License-Identifier: MIT
"""DESIGN's table, row by row, on the wire: each refusal beside its accepted twin."""
import unittest

import peer

PINS = ["TLSv1", "TLSv1.1", "TLSv1.2"]
WAYS = ["accept", "state", "read", "bio"]


def older(version, than):
    order = list(peer.VERSIONS.values())
    return order.index(version) < order.index(than)


class PinnedServer(unittest.TestCase):
    def pinned(self, pin, **more):
        return [f"new:{peer.METHODS[pin]}_server_method"]

    def test_newest_version_is_served(self):
        for pin in PINS:
            with self.subTest(pin=pin):
                if not peer.speaks(pin) or pin == peer.newest():
                    continue
                bare, _, _ = peer.ask(self.pinned(pin))
                hardened, _, _ = peer.ask(self.pinned(pin), shim=True)
                # A 1.0.x client that offers TLS 1.2 is not served by a TLS 1.0 pin at all.
                self.assertIn(bare, (pin, None))
                self.assertEqual(hardened, peer.newest())

    def test_floor_is_kept(self):
        for pin in PINS:
            for version in PINS:
                with self.subTest(pin=pin, version=version):
                    if not peer.speaks(pin) or not peer.speaks(version):
                        continue
                    flexible, _, _ = peer.ask([f"new:{peer.flexible('server')}"], version)
                    hardened, _, _ = peer.ask(self.pinned(pin), version, shim=True)
                    self.assertEqual(flexible, version)
                    self.assertEqual(hardened, None if older(version, pin) else version)

    def test_allow_pinned(self):
        for pin in PINS:
            with self.subTest(pin=pin):
                if not peer.speaks(pin):
                    continue
                kept, _, _ = peer.ask(self.pinned(pin), pin, shim=True, SSLHARDEN_ALLOW_PINNED="1")
                bare, _, _ = peer.ask(self.pinned(pin))
                still, _, _ = peer.ask(self.pinned(pin), shim=True, SSLHARDEN_ALLOW_PINNED="1")
                self.assertEqual(kept, pin)
                self.assertEqual(still, bare)

    def test_set_ssl_version(self):
        words = [f"new:{peer.flexible('')}", "version:TLSv1_server_method",
                 peer.ciphers_word(), f"cert:{peer.certificate()}"]
        bare, _, _ = peer.ask(words)
        hardened, _, _ = peer.ask(words, shim=True)
        self.assertIn(bare, ("TLSv1", None))
        self.assertEqual(hardened, peer.newest())

    def test_options_are_the_policy_and_nothing_else(self):
        for method in ("TLSv1_server_method", peer.flexible("server")):
            with self.subTest(method=method):
                bare = peer.options(peer.run(f"new:{method}", "options"))
                hardened = peer.options(peer.run(f"new:{method}", "options", shim=True))
                self.assertEqual(hardened, bare | peer.policy())
                self.assertNotEqual(hardened, bare)


class Dtls(unittest.TestCase):
    """The same for DTLS, read back."""

    def test_bounds_and_options(self):
        if not peer.modern():
            self.skipTest("no version ranges before 1.1.0")
        for pin in ("DTLSv1", "DTLSv1_2"):
            with self.subTest(pin=pin):
                words = [f"new:{pin}_server_method", "range", "options"]
                bare, hardened = peer.run(*words), peer.run(*words, shim=True)
                self.assertEqual(peer.field(hardened, "range"), peer.field(bare, "range"))
                self.assertEqual(peer.options(hardened), peer.options(bare) | peer.policy())

    def test_newest_stays(self):
        """A flexible method would add nothing; another has no floor that options would hold."""
        if peer.modern() or not peer.has("new:DTLS_method"):
            self.skipTest("this libssl has a range for DTLS, or no flexible method")
        for pin in ("DTLSv1", "DTLSv1_2"):
            with self.subTest(pin=pin):
                bare, hardened = (peer.options(peer.run(f"new:{pin}_server_method", "options", shim=s))
                                  for s in (False, True))
                self.assertEqual(hardened, bare | peer.policy())

    def test_client(self):
        words = ["new:DTLSv1_client_method", "options", "range"]
        self.assertEqual(peer.run(*words), peer.run(*words, shim=True))


class Generic(unittest.TestCase):
    def test_every_way_to_serve(self):
        for how in WAYS:
            with self.subTest(how=how):
                words = [f"new:{peer.flexible('')}"]
                _, _, bare = peer.ask(words, how=how)
                _, _, hardened = peer.ask(words, how=how, shim=True)
                self.assertNotEqual(peer.options(bare.lines, "served") & peer.policy(),
                                    peer.policy())
                self.assertEqual(peer.options(hardened.lines, "served"),
                                 peer.options(bare.lines, "served") | peer.policy())

    def test_pinned_is_opened_where_it_serves(self):
        for pin in PINS:
            for how in WAYS:
                with self.subTest(pin=pin, how=how):
                    if not peer.speaks(pin) or pin == peer.newest():
                        continue
                    words = [f"new:{peer.METHODS[pin]}_method"]
                    bare, _, _ = peer.ask(words, how=how)
                    hardened, _, server = peer.ask(words, how=how, shim=True)
                    self.assertIn(bare, (pin, None))
                    self.assertEqual(hardened, peer.newest())
                    self.assertEqual(peer.options(server.lines, "served") & peer.policy(),
                                     peer.policy())

    def test_pinned_floor(self):
        if not peer.speaks("TLSv1") or not peer.speaks("TLSv1.2"):
            self.skipTest("this libssl does not speak TLS 1.0 and 1.2")
        flexible, _, _ = peer.ask([f"new:{peer.flexible('')}"], "TLSv1")
        hardened, _, _ = peer.ask(["new:TLSv1_2_method"], "TLSv1", shim=True)
        served, _, _ = peer.ask(["new:TLSv1_2_method"], "TLSv1.2", shim=True)
        self.assertEqual((flexible, hardened, served), ("TLSv1", None, "TLSv1.2"))

    def test_set_ssl_method(self):
        words = [f"new:{peer.flexible('')}", "ssl:method:TLSv1_server_method"]
        _, _, bare = peer.ask(words, "TLSv1")
        negotiated, _, hardened = peer.ask(words, shim=True)
        self.assertNotEqual(peer.options(bare.lines, "served") & peer.policy(), peer.policy())
        self.assertEqual(peer.options(hardened.lines, "served") & peer.policy(), peer.policy())
        self.assertEqual(negotiated, peer.newest())


    def test_set_ssl_method_floor(self):
        """A pin given to one connection is a floor there that clearing does not lower."""
        if not peer.speaks("TLSv1") or not peer.speaks("TLSv1.2"):
            self.skipTest("this libssl does not speak TLS 1.0 and 1.2")
        if peer.modern():
            self.skipTest("from 1.1.0 on libssl goes back to the context's method")
        words = [f"new:{peer.flexible('')}", "ssl:method:TLSv1_2_server_method",
                 "ssl:clear:1c000000"]
        for shim in (False, True):
            self.assertIsNone(peer.ask(words, "TLSv1", how="state", shim=shim)[0])
            self.assertEqual(peer.ask(words, "TLSv1.2", how="state", shim=shim)[0], "TLSv1.2")


class Preference(unittest.TestCase):
    """The server's order rules: a client that puts a lesser cipher first does not get it."""

    def test_server_order(self):
        best, worst = "AES256-SHA", "AES128-SHA"
        for how, method in (("accept", peer.flexible("server")), ("read", peer.flexible(""))):
            with self.subTest(how=how):
                if not peer.speaks("TLSv1"):
                    self.skipTest("this libssl does not speak TLS 1.0")
                def cipher(**more):
                    return peer.ask([f"new:{method}"], "TLSv1", how=how,
                                    ciphers=f"{worst}:{best}", server_ciphers=f"{best}:{worst}",
                                    **more)[1]
                self.assertEqual(cipher(), worst)
                self.assertEqual(cipher(shim=True), best)
                self.assertEqual(cipher(shim=True, SSLHARDEN_ALLOW_CLIENT_PREFERENCE="yes"), worst)


class ForwardSecrecy(unittest.TestCase):
    """1.0.x has no ECDHE until a curve is set; later ones always do."""

    @peer.with_curves
    def test_ecdhe(self):
        if peer.modern() or not peer.speaks("TLSv1.2"):
            self.skipTest("ECDHE is on without being asked for, or not there")
        for how, method in (("accept", peer.flexible("server")), ("read", peer.flexible("")),
                            ("read", "TLSv1_method"), ("accept", "TLSv1_2_server_method")):
            with self.subTest(how=how, method=method):
                _, bare, _ = peer.ask([f"new:{method}"], "TLSv1" if method == "TLSv1_method"
                                      else "TLSv1.2", how=how)
                _, hardened, _ = peer.ask([f"new:{method}"], how=how, shim=True)
                self.assertFalse(bare.startswith("ECDHE"), bare)
                self.assertTrue(hardened.startswith("ECDHE"), hardened)


class Ssl3(unittest.TestCase):
    def setUp(self):
        if not peer.speaks("SSLv3"):
            self.skipTest("this libssl has no SSLv3")

    def test_refused_and_let_in(self):
        for how, method in (("accept", peer.flexible("server")), ("state", peer.flexible("")),
                            ("accept", "SSLv3_server_method")):
            with self.subTest(method=method, how=how):
                words = [f"new:{method}"]
                bare, _, _ = peer.ask(words, "SSLv3", how=how)
                hardened, _, _ = peer.ask(words, "SSLv3", how=how, shim=True)
                allowed, _, _ = peer.ask(words, "SSLv3", how=how, shim=True,
                                         SSLHARDEN_ALLOW_SSLV3="1")
                self.assertEqual((bare, hardened, allowed), ("SSLv3", None, "SSLv3"))

    def test_ssl3_pin_serves_tls(self):
        hardened, _, _ = peer.ask(["new:SSLv3_server_method"], shim=True)
        self.assertEqual(hardened, peer.newest())


if __name__ == "__main__":
    unittest.main()
