# SPDX-License-Identifier: MIT
"""What a server counts of its handshakes (shim/harden/count.c)."""
import functools
import socket
import time
import unittest

import logs
import peer

BY_PROGRAM, BY_FLOOR, BY_STRICT, BY_CLIENT = 0, 2, 12, 15  # enum cause, and shared_counts
OLDER = {"SSLv3": ("TLSv1.1", "TLSv1.2", "TLSv1.3"), "TLSv1": ("TLSv1.1", "TLSv1.2", "TLSv1.3"),
         "TLSv1.1": ("TLSv1.2", "TLSv1.3"), "TLSv1.2": ("TLSv1.3",), "TLSv1.3": ()}


def needed(*versions):
    for version in versions:
        if not peer.speaks(version):
            raise unittest.SkipTest(f"this libssl does not speak {version}")


@unittest.skipIf(peer.CROSS, "an emulator's memory is not its program's")
class Counts(unittest.TestCase):
    def serve(self, *clients, words=(), how="accept", method=None, ciphers="ALL", **variables):
        """What the page has after these clients: each the words of a peer, with its version."""
        server = [f"new:{method or peer.flexible('server')}", peer.ciphers_word(ciphers),
                  f"cert:{peer.certificate()}", *words]
        with peer.Server(*server, count=len(clients) + 1, how=how, shim=True, **variables) as serving:
            for client in clients:
                peer.run(*client, f"connect:{serving.port}")
                serving.outcome()
            self.lines = serving.lines
            return logs.Page(serving.process.pid).counts()

    def version(self, version, ciphers="ALL"):
        return peer.client_words(version, ciphers)

    def test_each_version(self):
        spoken = [v for v in ("TLSv1", "TLSv1.1", "TLSv1.2") if peer.speaks(v)]
        before = int(time.time())
        counts = self.serve(*[self.version(v, "AES128-SHA") for v in spoken for _ in range(2)])
        newest = peer.newest()
        kind = "CBC" if peer.since("it tells a suite's number") else "other"
        self.assertEqual(counts["served"], {(v, kind, False): 2 for v in spoken})
        self.assertEqual(counts["contexts"], 1)
        self.assertLessEqual(before, counts["since"])
        # A server of TLS 1.2 at the most cannot tell what else its clients speak.
        self.assertEqual(counts["offered"], {v: 2 for v in spoken if v != newest})
        self.assertEqual(counts["newer"], {v: 2 for v in spoken if v == newest})
        expected = {}
        for version in spoken:
            for setting in OLDER[version]:
                expected[setting] = expected.get(setting, 0) + 2
        if "TLSv1.2" in spoken:  # their one suite is none of Mozilla's
            expected["intermediate"] = 2
        self.assertEqual(counts["stricter"], {
            k: (v, 2 if k == "intermediate" and not peer.since("it knows what suites a client offered")
                else 0)
            for k, v in expected.items()})
        for setting in counts["stricter"]:
            self.assertLessEqual(before, counts["last"][setting])
        self.assertEqual((counts["refused"], counts["resumed"], counts["certified"]), ({}, 0, 0))

    @peer.with_curves
    def test_a_client_of_today(self):
        needed("TLSv1.2")
        counts = self.serve(self.version(None))
        newest = peer.newest()
        self.assertEqual(counts["served"], {(newest, "AEAD", True): 1})
        self.assertEqual(counts["offered" if newest == "TLSv1.3" else "newer"], {newest: 1})
        self.assertEqual(set(counts["stricter"]), set(OLDER[newest]))

    def test_what_a_cap_leaves_unknown(self):
        """Of what is newer than what its server has, nothing is known; of what is not, all."""
        needed("TLSv1.1", "TLSv1.2")
        counts = self.serve(self.version("TLSv1.2"), self.version("TLSv1.1"),
                            SSLHARDEN_MAX_PROTOCOL="TLSv1.2")
        self.assertEqual((counts["offered"], counts["newer"]), ({"TLSv1.1": 1}, {"TLSv1.2": 1}))

    def test_what_is_worse_than_it_need_be(self):
        """The program's list puts it first: a stricter one would not have refused the client."""
        needed("TLSv1.2")
        if not peer.since("it knows what suites a client offered"):
            self.skipTest("what a client offered cannot be asked for")
        both = self.version("TLSv1.2", "AES128-SHA:ECDHE-RSA-AES128-GCM-SHA256")
        alone = self.version("TLSv1.2", "AES128-SHA")
        # A suite that is for another kind of certificate does not help.
        other = self.version("TLSv1.2", "AES128-SHA:ECDHE-ECDSA-AES128-GCM-SHA256")
        counts = self.serve(both, alone, other, ciphers="AES128-SHA:ECDHE-RSA-AES128-GCM-SHA256")
        self.assertEqual(counts["served"], {("TLSv1.2", "CBC", False): 3})
        self.assertEqual(counts["stricter"]["intermediate"], (2, 0))
        self.assertNotIn("restricted", counts["stricter"])
        bare = [f"new:{peer.flexible('server')}"]
        admitted = {name: peer.ask(bare, "TLSv1.2", shim=True, ciphers=ciphers,
                                   SSLHARDEN_PROFILE="intermediate")[0]
                    for name, ciphers in (("both", both[-1][8:]), ("alone", "AES128-SHA"))}
        self.assertEqual(admitted, {"both": "TLSv1.2", "alone": None})

    def test_the_restricted_list(self):
        needed("TLSv1.2")
        anonymous = "AECDH-AES128-SHA"
        server = [f"new:{peer.flexible('server')}"]
        if peer.ask(server, "TLSv1.2", ciphers=anonymous)[0] is None:
            self.skipTest("no anonymous suites here")
        refused = peer.ask(server, "TLSv1.2", ciphers=anonymous, shim=True,
                           SSLHARDEN_CIPHERS="restricted")[0]
        self.assertIsNone(refused)
        counts = self.serve(self.version("TLSv1.2", anonymous))
        self.assertEqual(counts["stricter"]["restricted"][0], 1)
        self.assertEqual(counts["served"], {("TLSv1.2", "CBC", True): 1})

    def test_who_looks_whether_there_is_a_server(self):
        """A balancer's look, or a port scan: nobody was refused."""
        words = [f"new:{peer.flexible('server')}", f"cert:{peer.certificate()}"]
        with peer.Server(*words, count=2, how="accept", shim=True) as serving:
            socket.create_connection(("127.0.0.1", serving.port)).close()
            serving.outcome()
            counts = logs.Page(serving.process.pid).counts()
        self.assertEqual((counts["refused"], counts["served"]), ({}, {}))

    def test_who_is_refused(self):
        needed("TLSv1", "TLSv1.2")
        counts = self.serve(self.version("TLSv1"), self.version("TLSv1.2"), self.version("TLSv1"),
                            self.version("TLSv1.2", "AES256-SHA"), ciphers="AES128-SHA",
                            SSLHARDEN_MIN_PROTOCOL="TLSv1.2")
        self.assertEqual(counts["refused"], {BY_FLOOR: 2, BY_PROGRAM: 1})
        self.assertEqual(sum(counts["served"].values()), 1)

    @peer.with_curves
    def test_whom_strict_refuses(self):
        """Whatever they offer: a list that the certificate does not fit serves no one of them."""
        needed("TLSv1.2")
        clients = [self.version("TLSv1.2")] * 2
        variables = {"SSLHARDEN_CIPHERS": "ECDHE-ECDSA-AES128-GCM-SHA256"}
        for method, how in ((None, "accept"), (peer.flexible(""), "state")):
            serve = functools.partial(self.serve, *clients, method=method, how=how, **variables)
            self.assertEqual(serve(SSLHARDEN_STRICT="1")["refused"], {BY_STRICT: 2})
            # Its twin: the program's own list stays.
            self.assertEqual(serve()["refused"], {})

    def test_an_audit(self):
        """Whom its own minimum would refuse is not refused by a lower one for that."""
        needed("TLSv1", "TLSv1.1", "TLSv1.2")
        counts = self.serve(self.version("TLSv1"), self.version("TLSv1.1"), self.version("TLSv1.2"),
                            SSLHARDEN="audit", SSLHARDEN_MIN_PROTOCOL="TLSv1.2")
        self.assertEqual(sum(counts["served"].values()), 3)
        self.assertEqual(counts["refused"], {})
        self.assertEqual(counts["stricter"]["on"], (2, 0))
        self.assertEqual(counts["stricter"]["TLSv1.1"], (1, 0))
        self.assertEqual(counts["stricter"]["TLSv1.2"], (2, 0))

    def test_an_audit_of_a_server_with_a_gap(self):
        """It would refuse who has the minimum, which the program forbids, and so would others."""
        needed("TLSv1", "TLSv1.2")
        if peer.newest() != "TLSv1.3":
            self.skipTest("this libssl ends at TLS 1.2")
        counts = self.serve([*self.version(None), "max:303"],  # with NO_TLSv1_1 and NO_TLSv1_2
                            words=["set:18000000"], SSLHARDEN="audit", SSLHARDEN_MIN_PROTOCOL="TLSv1.2")
        self.assertEqual({k[0]: v for k, v in counts["served"].items()}, {"TLSv1": 1})
        self.assertEqual({k: counts["stricter"][k] for k in ("on", "TLSv1.1", "TLSv1.2", "TLSv1.3")},
                         {"on": (1, 0), "TLSv1.1": (1, 0), "TLSv1.2": (1, 0), "TLSv1.3": (1, 0)})

    def test_an_audit_of_a_pin(self):
        """What it will be opened to serves its newer clients: who they are is known up to 1.2."""
        if not peer.modern():
            self.skipTest("before 1.1.0 a pinned server refuses newer clients")
        needed("TLSv1", "TLSv1.2")
        counts = self.serve(self.version("TLSv1"), self.version(None), method="TLSv1_server_method",
                            SSLHARDEN="audit")
        self.assertEqual({k[0]: v for k, v in counts["served"].items()}, {"TLSv1": 2})
        self.assertEqual((counts["offered"], counts["newer"]), ({"TLSv1": 1}, {"TLSv1.2": 1}))
        self.assertNotIn("on", counts["stricter"])
        self.assertEqual(counts["stricter"]["TLSv1.2"], (1, 0))
        self.assertEqual(counts["stricter"]["TLSv1.3"],
                         (2, 1 if peer.newest() == "TLSv1.3" else 0))

    def test_off(self):
        server = [f"new:{peer.flexible('server')}", peer.ciphers_word(), f"cert:{peer.certificate()}"]
        with peer.Server(*server, count=2, shim=True, SSLHARDEN="off") as serving:
            peer.run(*self.version(None), f"connect:{serving.port}")
            serving.outcome()
            with self.assertRaisesRegex(AssertionError, "it has no page"):
                logs.Page(serving.process.pid)

    def test_a_renegotiation_is_no_handshake(self):
        needed("TLSv1.2")
        counts = self.serve(self.version("TLSv1.2"), how="renegotiate")
        self.assertTrue(any(line.startswith("renegotiated 1") for line in self.lines), self.lines)
        self.assertEqual(sum(counts["served"].values()), 1)
        self.assertEqual(counts["refused"], {})


if __name__ == "__main__":
    unittest.main()
