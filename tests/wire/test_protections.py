# SPDX-License-Identifier: MIT
"""What is off by default: each shown beside the same server without it."""
import unittest

import peer

NO_TICKET = 0x00004000


class Tickets(unittest.TestCase):
    """SSLHARDEN_NO_TICKETS."""
    SET = {"SSLHARDEN_NO_TICKETS": "1"}

    def ticket(self, version, *words, how="accept", method=None, **more):
        """The length of the ticket that a client gets; 0: none."""
        with peer.Server(f"new:{method or peer.flexible('server')}", peer.ciphers_word(),
                         f"cert:{peer.certificate()}", *words, how=how, **more) as server:
            lines = peer.run(*peer.client_words(version), "tickets", f"connect:{server.port}")
            server.end()
        return int(peer.field(lines, "ticket"))

    def test_none_is_given(self):
        for method, how in ((peer.flexible("server"), "accept"), (peer.flexible(""), "read"),
                            ("TLSv1_server_method", "accept")):
            for words in ((), ("clear:4000",), ("ssl:clear:4000",)):
                with self.subTest(method=method, words=words):
                    asked = {"method": method, "how": how}
                    for bare in ({}, {"shim": True}, {"shim": True, "SSLHARDEN": "audit",
                                                      "SSLHARDEN_LOG": "none", **self.SET}):
                        self.assertGreater(self.ticket("TLSv1", *words, **asked, **bare), 48)
                    self.assertEqual(self.ticket("TLSv1", *words, **asked, shim=True, **self.SET), 0)

    def test_of_tls_1_3_it_is_a_number(self):
        if peer.newest() != "TLSv1.3":
            self.skipTest("this libssl does not speak TLS 1.3")
        self.assertGreater(self.ticket(None, shim=True), 48)
        self.assertEqual(self.ticket(None, shim=True, **self.SET), 32)

    def test_what_it_reads_back(self):
        words = [f"new:{peer.flexible('server')}", f"set:{NO_TICKET:x}", f"clear:{NO_TICKET:x}",
                 "options"]
        self.assertEqual(peer.options(peer.run(*words, shim=True)) & NO_TICKET, 0)
        self.assertEqual(peer.options(peer.run(*words, shim=True, **self.SET)) & NO_TICKET, NO_TICKET)
        client = [f"new:{peer.flexible('client')}", "options"]
        self.assertEqual(peer.run(*client, shim=True, **self.SET), peer.run(*client))


if __name__ == "__main__":
    unittest.main()
