# SPDX-License-Identifier: MIT
"""What a program does after its context is made leaves it no weaker; what is stricter stands."""
import unittest

import peer

ALL_BITS = "ffffffff"
TLS1, TLS1_2 = "301", "303"


class Options(unittest.TestCase):
    def test_context_clear(self):
        words = [f"new:{peer.flexible('server')}", f"clear:{peer.policy():x}", "options"]
        bare, hardened = peer.run(*words), peer.run(*words, shim=True)
        self.assertEqual(peer.options(bare) & peer.policy(), 0)
        self.assertEqual(peer.options(hardened) & peer.policy(), peer.policy())
        # The answer of the call is the mask in force.
        self.assertEqual(peer.options(hardened, "cleared"), peer.options(hardened))

    def test_other_options_can_be_cleared(self):
        words = [f"new:{peer.flexible('server')}", "set:8", "clear:8", "options"]
        self.assertEqual(peer.options(peer.run(*words, shim=True)) & 8, 0)

    def test_every_bit_goes_through(self):
        """The word has 64 bits from 3.0 on, also where a register has 32; before, no more than that."""
        wide = 0xa500000000 if peer.version() >= 0x30000000 else 0x25000000
        for word in (f"set:{wide:x}", f"set:{wide:x} clear:{wide:x}"):
            words = [f"new:{peer.flexible('server')}", *word.split(), "options"]
            bare, hardened = peer.run(*words), peer.run(*words, shim=True)
            self.assertEqual(peer.options(bare) | peer.policy(), peer.options(hardened))
            self.assertEqual(peer.options(bare, "set") | peer.policy(),
                             peer.options(hardened, "set"))

    def test_connection_clear(self):
        for how, method in (("accept", peer.flexible("server")), ("read", peer.flexible("")),
                            ("state", "TLSv1_method")):
            with self.subTest(method=method):
                words = [f"new:{method}", f"ssl:clear:{peer.policy():x}"]
                version = "TLSv1" if method == "TLSv1_method" else None
                _, _, bare = peer.ask(words, version, how=how)
                _, _, hardened = peer.ask(words, how=how, shim=True)
                self.assertEqual(peer.options(bare.lines, "served") & peer.policy(), 0)
                self.assertEqual(peer.options(hardened.lines, "served") & peer.policy(),
                                 peer.policy())

    def test_conf_cmd_reaches_no_connection(self):
        words = [f"new:{peer.flexible('server')}", "set:400000", "conf:Options=-ServerPreference"]
        _, _, bare = peer.ask(words)
        _, _, hardened = peer.ask(words, shim=True)
        self.assertEqual(peer.options(bare.lines, "served") & 0x400000, 0)
        self.assertEqual(peer.options(hardened.lines, "served") & peer.policy(), peer.policy())

    def test_sni_switch(self):
        """As servers do for a name: another context, then its options in place of the old."""
        for method in (peer.flexible("server"), peer.flexible("")):
            with self.subTest(method=method):
                words = [f"new:{method}", "other", f"new:{method}", peer.ciphers_word(),
                         f"cert:{peer.certificate()}", "first", "ssl:sni",
                         f"ssl:clear:{peer.policy():x}"]
                _, _, bare = peer.ask(words, how="state")
                negotiated, _, hardened = peer.ask(words, how="state", shim=True)
                self.assertEqual(peer.options(bare.lines, "served") & peer.policy(), 0)
                self.assertEqual(peer.options(hardened.lines, "served") & peer.policy(),
                                 peer.policy())
                self.assertEqual(negotiated, peer.newest())


class Range(unittest.TestCase):
    def setUp(self):
        if not peer.modern():
            self.skipTest("no version ranges before 1.1.0")

    def test_min_below_the_pin(self):
        words = ["new:TLSv1_2_server_method", "min:0", "range"]
        self.assertEqual(peer.run(*words, shim=True), peer.run(*words))
        flexible, _, _ = peer.ask([f"new:{peer.flexible('server')}", f"min:{TLS1}"], "TLSv1")
        hardened, _, _ = peer.ask(["new:TLSv1_2_server_method", f"min:{TLS1}"], "TLSv1", shim=True)
        self.assertEqual((flexible, hardened), ("TLSv1", None))

    def test_min_of_a_connection_below_the_pin(self):
        for how, method in (("accept", "TLSv1_2_server_method"), ("state", "TLSv1_2_method")):
            with self.subTest(method=method):
                hardened, _, _ = peer.ask([f"new:{method}", f"ssl:min:{TLS1}"], "TLSv1", how=how,
                                          shim=True)
                self.assertIsNone(hardened)

    def test_stricter_stands(self):
        if peer.version() < 0x10101000:
            self.skipTest("1.1.0 answers 0: a pinned method has no bounds")
        before, _, _ = peer.ask(["new:TLSv1_server_method"], "TLSv1", shim=True)
        after, _, _ = peer.ask(["new:TLSv1_server_method", f"min:{TLS1_2}"], "TLSv1", shim=True)
        self.assertEqual((before, after), ("TLSv1", None))

    def test_max_is_kept(self):
        hardened, _, _ = peer.ask(["new:TLSv1_server_method", f"max:{TLS1_2}"], shim=True)
        self.assertEqual(hardened, "TLSv1.2")

    def test_max_below_the_pin_still_serves(self):
        bare, _, _ = peer.ask(["new:TLSv1_2_server_method", f"max:{TLS1}"])
        hardened, _, _ = peer.ask(["new:TLSv1_2_server_method", f"max:{TLS1}"], shim=True)
        self.assertEqual((bare, hardened), ("TLSv1.2", "TLSv1.2"))

    def test_bounds_of_a_pinned_method_that_leave_nothing(self):
        """It takes no notice of them bare, and none here."""
        for on in ("", "ssl:"):
            for bounds in ((f"{on}max:{TLS1}", f"{on}min:{TLS1_2}"),
                           (f"{on}min:{TLS1_2}", f"{on}max:{TLS1}")):
                served = [peer.ask(["new:TLSv1_server_method", *bounds], shim=shim)[0]
                          for shim in (False, True)]
                self.assertEqual(served[0], "TLSv1")
                self.assertIsNotNone(served[1])


class Ciphers(unittest.TestCase):
    def test_replaced_and_kept(self):
        if not peer.speaks("TLSv1.2"):
            self.skipTest("this libssl does not speak TLS 1.2")
        wanted = "AES256-SHA256"
        words = [f"new:{peer.flexible('server')}", f"cert:{peer.certificate()}",
                 "ciphers:AES128-SHA", "ciphers?"]
        self.assertEqual(peer.field(peer.run(*words), "ciphers").split()[-1], "AES128-SHA")
        lines = peer.run(*words, shim=True, SSLHARDEN_CIPHERS=wanted)
        self.assertEqual(peer.field(lines, "ciphers").split()[-1], wanted)
        self.assertEqual(peer.field(lines, "list"), "1")

    def test_generic_connections_only(self):
        wanted = "AES256-SHA"
        words = [f"new:{peer.flexible('')}"]
        _, bare, _ = peer.ask(words, "TLSv1", how="read", server_ciphers="AES128-SHA")
        _, hardened, _ = peer.ask(words, "TLSv1", how="read", server_ciphers="AES128-SHA", shim=True,
                                  SSLHARDEN_CIPHERS=wanted + (":@SECLEVEL=0" if peer.modern() else ""))
        self.assertEqual((bare, hardened), ("AES128-SHA", wanted))

    def test_nothing_usable_leaves_the_programs_list(self):
        words = [f"new:{peer.flexible('server')}", "ciphers:AES128-SHA", "ciphers?", "errno"]
        bare = peer.run(*words)
        lines = peer.run(*words, shim=True, SSLHARDEN_CIPHERS="NOSUCHCIPHER")
        self.assertEqual(peer.field(lines, "ciphers"), peer.field(bare, "ciphers"))
        self.assertIn("queue 0x0", peer.field(lines, "errno"))
        self.assertTrue(any("SSLHARDEN_CIPHERS" in line for line in lines), lines)


if __name__ == "__main__":
    unittest.main()
