# SPDX-License-Identifier: MIT
"""The last word: what serves is decided when its handshake begins, and compared when it ends."""
import unittest

import peer
import test_refusal

FLOOR = {"SSLHARDEN_MIN_PROTOCOL": "TLSv1.2"}
# Whatever drives a handshake; "write" is a server that speaks first.
DRIVES = ("accept", "state", "read", "nonblocking")
# Where the hello is looked at, too, and comes after the first step, all is decided once more by then
# (tests/sequences/found/81-widened-in-the-gap.seq).
AT_ONCE = DRIVES if peer.newest() != "TLSv1.3" else DRIVES[:-1]


def errors(server):
    return [line for line in server.log if ": error: " in line]


def flexible(*words):
    return [f"new:{peer.flexible('server')}", *words]


@unittest.skipUnless(peer.speaks("TLSv1") and peer.speaks("TLSv1.2"), "it does not speak both")
class Undone(unittest.TestCase):
    """The program undoes between the start of a handshake and the choice of version what was
    decided, by what nobody wraps: this must not happen, and what comes of it is no use."""

    def silent(self, words, version="TLSv1", how="accept", spoke=False, **variables):
        got, _, server = peer.ask(words, version, how=how, shim=True, **variables)
        if spoke:  # its client may have been reset before it reads that
            self.assertNotEqual(peer.field(server.lines, "spoke"), "1")
        self.assertIsNone(got, server.lines)
        if spoke and peer.runs() >= 0x40000000:  # there an SSL_write that cannot write ends it
            self.assertIn("refused ?", server.lines)
        else:
            self.assertRegex(peer.field(server.lines, "silent"),
                             rf"^{version} read 0 write (-1|0)$")
        line, = errors(server)
        self.assertRegex(line, rf"^sslharden\[\d+\]: error: connection 0x\w+: it came out as "
                               rf"{version}, .*gives and takes no data")

    def test_a_floor(self):
        for info in ("info:0", "ssl:info:0"):
            words = flexible(info, "step:undo")
            for how in AT_ONCE:
                with self.subTest(how=how, info=info):
                    self.assertEqual(peer.ask(words, "TLSv1", how=how)[0], "TLSv1")
                    self.silent(words, how=how, **FLOOR)

    def test_what_it_writes_to_stays(self):
        """A server of events keeps the BIO, and looks whether there is something to send."""
        words = flexible("info:0", "step:undo")
        for shim in (False, True):
            with self.subTest(shim=shim):
                got, _, server = peer.ask(words, "TLSv1", how="kept", shim=shim, **FLOOR)
                self.assertEqual((got, len(errors(server))), (None, 1) if shim else ("TLSv1", 0))
                self.assertEqual(peer.field(server.lines, "freed"), "early 0 in all 1")

    def test_a_server_that_speaks_first(self):
        """Its SSL_write drives the handshake, and would go on with its data."""
        words = flexible("info:0", "step:undo")
        bare, _, server = peer.ask(words, "TLSv1", how="write")
        self.assertEqual((bare, peer.field(server.lines, "spoke")), ("TLSv1", "1"))
        self.silent(words, how="write", spoke=True, **FLOOR)

    def test_a_pin(self):
        """Served nobody below it, bare. Before 1.1.0 one to TLS 1.2, the newest, is no other bare."""
        words = ["new:TLSv1_1_server_method", "info:0", "step:undo"]
        for how in AT_ONCE:
            with self.subTest(how=how):
                self.assertIsNone(peer.ask(words, "TLSv1", how=how)[0])
                self.silent(words, how=how)

    def test_ssl_3_0(self):
        if not peer.speaks("SSLv3"):
            self.skipTest("this libssl does not speak SSL 3.0")
        words = flexible("info:0", "step:undo")
        self.assertEqual(peer.ask(words, "SSLv3")[0], "SSLv3")
        self.silent(words, "SSLv3")
        allowed, _, server = peer.ask(words, "SSLv3", shim=True, SSLHARDEN_ALLOW_SSLV3="1")
        self.assertEqual((allowed, errors(server)), ("SSLv3", []))

    def test_what_is_not_below_is_served(self):
        for mode, variables in (("on", {}), ("audit", FLOOR), ("off", FLOOR)):
            for version in ("TLSv1", None):
                with self.subTest(mode=mode, version=version):
                    words = flexible("info:0", "step:undo")
                    bare = peer.ask(words, version)[0]
                    shim, _, server = peer.ask(words, version, shim=True, SSLHARDEN=mode,
                                               **variables)
                    self.assertEqual((shim, errors(server)), (bare, []))
        newer, _, server = peer.ask(flexible("info:0", "step:undo"), "TLSv1.2", shim=True, **FLOOR)
        self.assertEqual((newer, errors(server)), ("TLSv1.2", []))


class AtTheStart(unittest.TestCase):
    """The program's own info callback comes before us: what it changes is not the last word."""

    def test_versions(self):
        if not peer.speaks("TLSv1") or not peer.speaks("TLSv1.2"):
            self.skipTest("this libssl does not speak TLS 1.0 and 1.2")
        changes = ["start:undo", "start:clear:04000000"]
        if peer.modern():
            changes.append("start:min:301")
        for info in ("info:0", "ssl:info:0"):
            for change in changes:
                for how in DRIVES:
                    with self.subTest(info=info, change=change, how=how):
                        words = flexible(info, change)
                        self.assertEqual(peer.ask(words, "TLSv1", how=how)[0], "TLSv1")
                        shim, _, server = peer.ask(words, "TLSv1", how=how, shim=True, **FLOOR)
                        self.assertEqual((shim, errors(server)), (None, []), server.log)

    def test_a_pin(self):
        if not peer.speaks("TLSv1") or not peer.speaks("TLSv1.2"):
            self.skipTest("this libssl does not speak TLS 1.0 and 1.2")
        for info in ("info:0", "ssl:info:0"):
            with self.subTest(info=info):
                words = ["new:TLSv1_2_server_method", info, "start:undo"]
                self.assertIsNone(peer.ask(words, "TLSv1")[0])
                shim, _, server = peer.ask(words, "TLSv1", shim=True)
                self.assertEqual((shim, errors(server)), (None, []), server.log)

    def test_a_pin_undone_before(self):
        """By what nobody wraps, on the connection or its context."""
        if not peer.speaks("TLSv1") or not peer.speaks("TLSv1.2"):
            self.skipTest("this libssl does not speak TLS 1.0 and 1.2")
        changes = [["ssl:undo"]]
        if peer.version() >= 0x10002000:
            changes += [["ssl:conf:Protocol=ALL"], ["conf:Protocol=ALL"],
                        ["start:conf:Protocol=ALL", "info:0"]]
        for method in ("TLSv1_2_server_method", "TLSv1_2_method"):
            for change in changes:
                for how in DRIVES:
                    with self.subTest(method=method, change=change, how=how):
                        words = [f"new:{method}", *change]
                        self.assertIsNone(peer.ask(words, "TLSv1", how=how)[0])
                        shim, _, server = peer.ask(words, "TLSv1", how=how, shim=True)
                        self.assertEqual((shim, errors(server)), (None, []), server.log)

    def test_ssl_3_0(self):
        if not peer.speaks("SSLv3"):
            self.skipTest("this libssl does not speak SSL 3.0")
        for info in ("info:0", "ssl:info:0"):
            with self.subTest(info=info):
                words = flexible(info, "start:undo")
                self.assertEqual(peer.ask(words, "SSLv3")[0], "SSLv3")
                shim, _, server = peer.ask(words, "SSLv3", shim=True)
                self.assertEqual((shim, errors(server)), (None, []), server.log)

    def test_safe_options(self):
        changes = [f"start:clear:{peer.policy():x}"]
        if peer.modern():
            changes.append("start:conf:Options=-ServerPreference,-ECDHSingle,-DHSingle,Compression")
        for info in ("info:0", "ssl:info:0"):
            for change in changes:
                with self.subTest(info=info, change=change):
                    words = flexible(f"set:{peer.policy():x}", info, change)
                    bare, shim = (peer.options(peer.ask(words, shim=shim)[2].lines, "served")
                                  & peer.policy() for shim in (False, True))
                    self.assertNotEqual(bare, peer.policy())
                    self.assertEqual(shim, peer.policy())


class InTheHello(unittest.TestCase):
    """The same of what its callback changes once the hello is there, however long that takes."""

    def check(self, *words):
        if not peer.speaks("TLSv1") or peer.newest() != "TLSv1.3":
            self.skipTest("this libssl does not speak TLS 1.0 and 1.3, or has no such callback")
        for method, bare, variables in ((peer.flexible("server"), "TLSv1", FLOOR),
                                        ("TLSv1_2_server_method", None, {}),
                                        ("TLSv1_2_method", None, {})):
            with self.subTest(method=method):
                self.assertEqual(peer.ask([f"new:{method}", *words], "TLSv1")[0], bare)
                shim, _, server = peer.ask([f"new:{method}", *words], "TLSv1", shim=True,
                                           **variables)
                self.assertEqual((shim, errors(server)), (None, []), server.log)

    def test_versions(self):
        self.check("late:undo")

    def test_a_refusal_is_explained(self):
        """A second decision, after such a callback, knows no less of what would have been."""
        if not peer.speaks("TLSv1") or peer.newest() != "TLSv1.3":
            self.skipTest("this libssl does not speak TLS 1.0 and 1.3, or has no such callback")
        words = flexible("late:set:0")
        for how in DRIVES:
            with self.subTest(how=how):
                self.assertEqual(peer.ask(words, "TLSv1", how=how)[0], "TLSv1")
                shim, _, server = peer.ask(words, "TLSv1", how=how, shim=True, **FLOOR)
                self.assertIsNone(shim)
                said = "".join(test_refusal.explained(server))
                self.assertIn("SSLHARDEN_MIN_PROTOCOL=TLSv1 admits it", said)
                shim, _, server = peer.ask(words, "TLSv1", how=how, shim=True, SSLHARDEN="audit",
                                           **FLOOR)
                self.assertEqual(shim, "TLSv1")
                self.assertIn("audit: would refuse a client", "".join(server.log))

    def test_while_thousands_of_others_begin(self):
        """Whoever sends no hello until enough of their own have begun gains nothing by it."""
        self.check("late:crowd", "late:undo")


class TheirOwn(unittest.TestCase):
    """A program's info callbacks are called as ever, and it reads back its own."""

    def told(self, words, how, shim, **variables):
        """Of a cipher that nothing of ours makes a choice for."""
        _, _, server = peer.ask(words, how=how, shim=shim, ciphers="AES128-SHA", **variables)
        return [line for line in server.lines if line.startswith(("events", "info"))]

    def check(self, words, how="accept"):
        bare = self.told(words, how, False)
        self.assertNotEqual(bare, [])
        for mode in ("on", "audit", "off"):
            with self.subTest(words=words, how=how, mode=mode):
                self.assertEqual(self.told(words, how, True, SSLHARDEN=mode), bare)
        return bare

    def test_every_event_in_order(self):
        for words in (["info:0"], ["ssl:info:0"], ["info:0", "ssl:info:1"],
                      ["info:0", "ssl:info:1", "ssl:info:none"], ["info:0-3"],
                      ["ssl:info:0-3"], ["ssl:info:1", "ssl:info:none"],
                      ["info:0", "info:none", "ssl:info:1"]):
            for how in ("accept", "state", "read", "dup"):
                if words == ["ssl:info:1", "ssl:info:none"]:
                    self.assertEqual(self.silence(words, how), [[]] * 4)
                    continue
                self.check(flexible(*words), how)

    def silence(self, words, how):
        return [self.told(flexible(*words), how, shim, **variables) for shim, variables in
                ((False, {}), (True, {}), (True, {"SSLHARDEN": "audit"}),
                 (True, {"SSLHARDEN": "off"}))]

    def test_begins_and_ends(self):
        line, = self.check(flexible("info:0"))
        events = line.split()[1:]
        self.assertEqual(events[0], "0:0x10/1")
        self.assertIn("0:0x20/1", events)

    def test_of_a_connection_that_moves(self):
        """Without one of its own, it is that of the context that it has at the moment."""
        other = ["other", f"new:{peer.flexible('server')}", f"cert:{peer.certificate()}", "info:2"]
        self.check(flexible("info:1", "ssl:sni", "ssl:info?", *other))
        self.check(flexible("info:1", "ssl:info:3", "ssl:sni", "ssl:info?", *other))
        self.check(flexible("ssl:sni", *other))
        if peer.newest() == "TLSv1.3":
            self.check(flexible("info:1", "late:sni", "late:info?", *other))

    def test_an_index_of_its_own_in_an_audit(self):
        """Whose pin would be opened, or list replaced: nothing is kept with the connection."""
        if not peer.has("new:TLSv1_2_server_method"):
            self.skipTest("no TLS 1.2")
        words = ["new:TLSv1_2_server_method", f"cert:{peer.certificate()}", "after:info-index"]
        bare = self.told(words, "accept", False)
        self.assertEqual(len(bare), 1)
        self.assertEqual(self.told(words, "accept", True, SSLHARDEN="audit"), bare)

    def test_an_index_of_another_class(self):
        """FreeRADIUS asks connections by its sessions' index, and follows what it finds there."""
        for method, settings in ((peer.flexible("server"), {"SSLHARDEN_CIPHERS": "restricted"}),
                                 ("TLSv1_2_server_method", {})):
            if peer.has(f"new:{method}"):
                words = [f"new:{method}", f"cert:{peer.certificate()}", "after:info-kept"]
                bare = self.told(words, "accept", False)
                self.assertEqual(bare, ["info kept 0"])
                self.assertEqual(self.told(words, "accept", True, **settings), bare)

    def test_read_back(self):
        for method in (peer.flexible("server"), peer.flexible(""), peer.flexible("client"),
                       "TLSv1_2_server_method", "TLSv1_method"):
            if not peer.has(f"new:{method}"):
                continue
            words = [f"new:{method}", "info?", "info:7", "info?", "info:8", "info?", "info:none",
                     "info?", "info:0-39", "info?"]
            bare = peer.run(*words)
            self.assertEqual(bare, ["info none", "info 7", "info 8", "info none", "info 39"])
            for mode in ("on", "audit", "off"):
                with self.subTest(method=method, mode=mode):
                    lines = peer.run(*words, shim=True, SSLHARDEN=mode)
                    self.assertEqual([n for n in lines if n.startswith("info")], bare)

    def test_read_back_of_a_connection(self):
        words = ["ssl:info?", "ssl:info:7", "ssl:info?", "ssl:info:none", "ssl:info?"]
        for more in (["info:1", "start:info?", "step:info?", "after:info?"],
                     ["start:info?", "after:info?"], ["info:1", "ssl:info:2", "start:info?"]):
            for how in ("accept", "state", "read"):
                self.check(flexible(*words, *more), how)
        for client in (False, True):
            lines = peer.run(f"new:{peer.flexible('client')}", "info:3", *words, "hello",
                             shim=client)
            self.assertEqual([line for line in lines if line.startswith("info")],
                             ["info none", "info 7", "info none"])


class Many(unittest.TestCase):
    """More callbacks than there are slots for: the table remembers the others."""

    def test_held_where_accept_drives(self):
        if not peer.speaks("TLSv1") or not peer.speaks("TLSv1.2"):
            self.skipTest("this libssl does not speak TLS 1.0 and 1.2")
        words = flexible("info:0-39", "start:undo")
        self.assertEqual(peer.ask(words, "TLSv1")[0], "TLSv1")
        for how in ("accept", "state", "nonblocking", "read"):
            with self.subTest(how=how):
                shim, _, server = peer.ask(words, "TLSv1", how=how, shim=True, **FLOOR)
                self.assertIsNone(shim, server.log)
                self.assertEqual(errors(server), [])
                # It is called, and with a client that is served, for each event.
                _, _, server = peer.ask(words[:2], how=how, shim=True)
                self.assertTrue(peer.field(server.lines, "events").startswith("39:0x10/1 "))

    def test_options(self):
        for words in (flexible("info:0-39"), flexible("ssl:info:0-39")):
            bare, shim = (peer.options(peer.ask(words, shim=shim)[2].lines, "served")
                          & peer.policy() for shim in (False, True))
            self.assertNotEqual(bare, peer.policy())
            self.assertEqual(shim, peer.policy())

    def test_a_name_is_judged_by_the_context_that_it_came_to(self):
        """The connection is moved before its hello to a context that has no servername callback:
        libssl calls that of the context which it was made of."""
        other = ["other", *flexible(), f"cert:{peer.certificate()}"]
        for words, served in ((["names:0-38", "ssl:sni", *other], False),
                              (["names:0-39", "ssl:sni", *other], True),
                              (["names:0-38", "ssl:sni", *other, "names:39-39", "names:none"], False),
                              (["names:0-38", "ssl:sni", *other, "names:39-39"], True),
                              (["names:0-38", "names:none", "ssl:sni", *other], True)):
            for how in ("accept", "read"):
                for shim in (False, True):
                    with self.subTest(words=words, how=how, shim=shim):
                        got, _, server = peer.ask(flexible(*words), how=how, shim=shim)
                        self.assertEqual(got is not None, served, server.lines)


class ReadDrives(unittest.TestCase):
    """A refused client is explained where SSL_read drives the handshake, too."""

    check = test_refusal.Advice.check

    def test_a_floor(self):
        if not peer.speaks("TLSv1") or not peer.speaks("TLSv1.2"):
            self.skipTest("this libssl does not speak TLS 1.0 and 1.2")
        for how in ("read", "write"):
            told, = self.check("TLSv1", FLOOR, "at most TLSv1 from .*MIN_PROTOCOL", how=how)
            self.assertIn("at most TLSv1 from ", told)

    def test_ssl_3_0(self):
        if not peer.speaks("SSLv3"):
            self.skipTest("this libssl does not speak SSL 3.0")
        told, = self.check("SSLv3", {}, "at most SSLv3 from .*ALLOW_SSLV3", how="read")
        self.assertIn("at most SSLv3 from ", told)

    def test_a_list(self):
        version = "TLSv1.2" if peer.speaks("TLSv1.2") else "TLSv1"
        self.check(version, {"SSLHARDEN_CIPHERS": "AES256-SHA"}, "SSLHARDEN_CIPHERS", how="read",
                   ciphers="AES128-SHA")

    def test_a_cap(self):
        if peer.newest() != "TLSv1.3":
            self.skipTest("this libssl does not speak TLS 1.3")
        self.check(None, {"SSLHARDEN_MAX_PROTOCOL": "TLSv1.2"}, "SSLHARDEN_MAX_PROTOCOL",
                   how="read", client=["min:304"])


class AskedLater(unittest.TestCase):
    """A pinned server that asks for a certificate by renegotiation, and judges by the result."""

    def ask(self, shim, *client, **variables):
        words = ["new:TLSv1_2_server_method", f"trust:{peer.certificate()}"]
        got, _, server = peer.ask(words, how="renegotiate", shim=shim, client=client, **variables)
        return got, peer.field(server.lines, "renegotiated"), server

    def setUp(self):
        if peer.newest() != "TLSv1.3":
            self.skipTest("this libssl does not speak TLS 1.3")

    def test_nobody_passes_for_verified(self):
        self.assertEqual(self.ask(False)[:2], ("TLSv1.2", "1 verify 0 certificate 0"))
        got, told, server = self.ask(True)
        self.assertEqual(got, "TLSv1.3")
        self.assertRegex(told, r"^0 verify [1-9]\d* certificate 0$")
        line, = [line for line in server.log if "renegotiates" in line]
        self.assertIn("SSLHARDEN_MAX_PROTOCOL=TLSv1.2", line)

    def test_as_bare_with_what_the_line_says(self):
        known = [f"cert:{peer.certificate()}"]
        unknown = [f"cert:{peer.certificate('ec')}"]
        for client, expected in ((known, ("TLSv1.2", "1 verify 0 certificate 1")),
                                 ([], ("TLSv1.2", "1 verify 0 certificate 0")),
                                 (unknown, (None, "1 verify 18 certificate 0"))):
            with self.subTest(client=client):
                bare = self.ask(False, *client)[:2]
                self.assertEqual(bare, expected)
                got, told, server = self.ask(True, *client, SSLHARDEN_MAX_PROTOCOL="TLSv1.2")
                self.assertEqual((got, told), bare)
                self.assertEqual([n for n in server.log if "renegotiates" in n], [])

    def test_a_servers_own_tls_1_3_is_its_own(self):
        """Bare it is the same: nothing of ours is to be told."""
        words = flexible(f"trust:{peer.certificate()}")
        told = []
        for shim in (False, True):
            _, _, server = peer.ask(words, how="renegotiate", shim=shim)
            told.append(peer.field(server.lines, "renegotiated"))
            self.assertEqual([n for n in server.log if "renegotiates" in n], [])
        self.assertEqual(told[0], told[1])


def needs_an_opened_pin(case):
    if peer.newest() != "TLSv1.3" or not peer.pins():
        case.skipTest("this libssl has no TLS 1.3, or no pins")


class AskedForLater(unittest.TestCase):
    """A pinned server that says of TLS 1.3 that it asks for a certificate after the handshake: in
    TLS 1.2, which alone it serves, libssl asks at once, and refuses who has none."""

    PEER, DEMANDED, LATER = 1, 2, 8  # SSL_VERIFY_...

    def ask(self, words, shim=False, client=(), **variables):
        return peer.ask([words[0], f"trust:{peer.certificate()}", *words[1:]], shim=shim,
                        client=client, **variables)[0]

    def setUp(self):
        needs_an_opened_pin(self)

    def test_nobody_gets_in_without(self):
        mode = f"verify:{self.PEER | self.DEMANDED | self.LATER:x}"
        known = [f"cert:{peer.certificate()}"]
        for method in ("TLSv1_2_server_method", "TLSv1_2_method"):
            for when in ("", "ssl:", "start:", "late:"):
                words = [f"new:{method}", "info:0", f"{when}{mode}"]
                how = "accept" if method.endswith("server_method") else "state"
                with self.subTest(words=words):
                    self.assertEqual(self.ask(words, client=known, how=how), "TLSv1.2")
                    self.assertEqual(self.ask(words, True, known, how=how), "TLSv1.2")
                    self.assertIsNone(self.ask(words, how=how))
                    self.assertIsNone(self.ask(words, True, how=how))

    def test_nor_where_its_floor_is_raised(self):
        words = [f"new:{peer.flexible('server')}", "max:303",
                 f"verify:{self.PEER | self.DEMANDED | self.LATER:x}"]
        self.assertIsNone(self.ask(words))
        self.assertIsNone(self.ask(words, True, SSLHARDEN_MIN_PROTOCOL="TLSv1.3"))

    def test_who_asks_at_once_opens(self):
        for mode in (self.PEER, self.PEER | self.DEMANDED):
            words = ["new:TLSv1_2_server_method", f"verify:{mode:x}"]
            known = [f"cert:{peer.certificate()}"]
            self.assertEqual(self.ask(words, True, known), "TLSv1.3")
        # Nobody is asked: bare, too, it is no more than a word.
        words = ["new:TLSv1_2_server_method", f"verify:{self.LATER:x}"]
        self.assertEqual((self.ask(words), self.ask(words, True)), ("TLSv1.2", "TLSv1.3"))


class SignedByClients(unittest.TestCase):
    """What clients may sign with was written for TLS 1.2: their certificates go with nothing of it
    in TLS 1.3, and libssl refuses even who has none."""

    def test_stays_where_it_served(self):
        needs_an_opened_pin(self)
        known = [f"cert:{peer.certificate()}"]
        for words in (["signed:RSA+SHA256"], ["ssl:signed:RSA+SHA256"],
                      ["signed:RSA+SHA256", "version:TLSv1_2_method",
                       "version:TLSv1_2_server_method"]):
            for client in (known, []):
                with self.subTest(words=words, client=client):
                    told = [peer.ask(["new:TLSv1_2_server_method", f"trust:{peer.certificate()}",
                                      "verify:1", *words], shim=shim, client=client)[0]
                            for shim in (False, True)]
                    self.assertEqual(told, ["TLSv1.2", "TLSv1.2"])


class Certificates(unittest.TestCase):
    """TLS 1.3 signs with fewer kinds of certificates than older versions take: a pin with another is
    served as it was, also if a callback brings it when the version is chosen."""

    METHODS = ("TLSv1_2_server_method", "TLSv1_2_method")
    GROUPS = ["groups:P-256:secp256k1:P-224"]

    def setUp(self):
        needs_an_opened_pin(self)

    def told(self, words, key, **variables):
        """What a client gets that knows the curve, for each method, bare and hardened."""
        return {peer.ask([f"new:{method}", *words], shim=shim, key=key, client=self.GROUPS,
                         **variables)[0] for method in self.METHODS for shim in (False, True)}

    def test_stays_where_it_served(self):
        """libssl would see it by itself, but not where a callback may bring another, or a key."""
        for key in ("k256", "p224", "enc"):
            for words in ([], ["choice:upref"], ["keys"], ["newkeys"], ["ssl:choice", "choice:upref"],
                          ["late:upref", "newkeys"]):
                for variables in ({}, {"SSLHARDEN_CIPHERS": "restricted"}):
                    with self.subTest(key=key, words=words, **variables):
                        words = ["ciphers:kRSA:ECDSA:@SECLEVEL=0", *words]
                        self.assertEqual(self.told(words, key, **variables), {"TLSv1.2"})

    def test_that_a_callback_brings(self):
        brought = f"cert:{peer.certificate('k256')}"
        for words in ([f"choice:{brought}"], ["ssl:choice", f"choice:{brought}"],
                      ["late:choice", f"choice:{brought}"], [f"late:{brought}", "keys"],
                      [f"ssl:{brought}", "keys"],
                      ["late:sni", f"choice:{brought}", "other", "new:TLS_server_method",
                       f"cert:{peer.certificate('k256')}", "keys"]):
            with self.subTest(words=words):
                words = ["ciphers:ECDSA:@SECLEVEL=0", "keys", *words]
                self.assertEqual(self.told(words, "ec"), {"TLSv1.2"})

    def test_one_that_can_opens(self):
        for key in ("rsa", "pss", "ec"):
            for words in ([], ["keys"]):
                with self.subTest(key=key, words=words):
                    self.assertEqual(self.told(words, key), {"TLSv1.2", "TLSv1.3"})


class ChosenLate(unittest.TestCase):
    """A callback that comes once the version is chosen asks for a key: in TLS 1.2, which alone the
    server served, libssl heeds that."""

    METHOD = "new:TLSv1_2_server_method"
    KEYED = ["ciphers:PSK:@SECLEVEL=0", "keys", f"cert:{peer.certificate()}"]

    def setUp(self):
        needs_an_opened_pin(self)

    def test_nobody_gets_in_without(self):
        for words in ([self.METHOD, "keys", "info:0", "step:ciphers:PSK"],
                      [self.METHOD, "keys", "info:0", "step:sni", "other", self.METHOD, *self.KEYED],
                      [self.METHOD, "keys", "info:0", "step:sni", "other", "new:TLSv1_2_method",
                       *self.KEYED]):
            for variables in ({}, {"SSLHARDEN_CIPHERS": "restricted"}):
                with self.subTest(words=words, **variables):
                    self.assertIsNone(peer.ask(words)[0])
                    got, _, server = peer.ask(words, shim=True, **variables)
                    self.assertIsNone(got)
                    line, = errors(server)
                    self.assertRegex(line, "its program gave it a list or context .*"
                                           "gives and takes no data.*MAX_PROTOCOL=TLSv1.2")
                    self.assertNotIn("report", line)

    def test_nor_by_the_callback_that_brings_a_certificate(self):
        """With one a pin stays at TLS 1.2, where libssl heeds it."""
        for words in (["choice:ciphers:PSK"],
                      ["choice:sni", "other", self.METHOD, *self.KEYED]):
            for variables in ({}, {"SSLHARDEN_CIPHERS": "restricted"}):
                with self.subTest(words=words, **variables):
                    for shim in (False, True):
                        got, _, server = peer.ask([self.METHOD, "keys", *words], shim=shim,
                                                  **variables)
                        self.assertEqual((got, errors(server)), (None, []))

    def test_what_asks_for_no_more_is_served(self):
        for words in (["info:0", "step:ciphers:AES256"], ["info:0", "step:ciphers:PSK:AES128"],
                      ["info:0", "step:sni", "other", self.METHOD, *self.KEYED, "ciphers:ALL"]):
            for variables in ({}, {"SSLHARDEN_CIPHERS": "AES256", "SSLHARDEN_CIPHERSUITES":
                                   "TLS_AES_128_GCM_SHA256"}):
                with self.subTest(words=words, **variables):
                    got, _, server = peer.ask([self.METHOD, "keys", *words], shim=True,
                                              **variables)
                    self.assertEqual((got, errors(server)), ("TLSv1.3", []))


class Unusable(unittest.TestCase):
    """Suites that stand in a list but serve nobody let nobody in by a newer version either."""

    def served(self, method, ciphers, client, shim=False, **variables):
        return peer.ask([f"new:{method}", "keys", "ciphers:" + ciphers], shim=shim, client=client,
                        ciphers="ALL", **variables)[0]

    def test_who_has_no_key(self):
        """There are no DH parameters; level 1 forbids what does not encrypt."""
        needs_an_opened_pin(self)
        for ciphers in ("PSK:DHE-RSA-AES128-SHA256:@SECLEVEL=0", "PSK:NULL-SHA256:@SECLEVEL=1"):
            for variables in ({}, {"SSLHARDEN_CIPHERS": "restricted"}):
                with self.subTest(ciphers=ciphers, **variables):
                    served = [self.served("TLSv1_2_server_method", ciphers, [], shim, **variables)
                              for shim in (False, True)]
                    self.assertEqual(served, [None, None])

    def test_a_certificate_that_cannot_decrypt(self):
        """One for RSA-PSS serves nobody by AES128-SHA, so who is served has a key."""
        needs_an_opened_pin(self)
        words = ["new:TLSv1_2_server_method", "keys", "ciphers:PSK:AES128-SHA:@SECLEVEL=0"]
        for variables in ({}, {"SSLHARDEN_CIPHERS": "restricted"}):
            self.assertEqual([peer.ask(words, shim=shim, key="pss", **variables)[0]
                              for shim in (False, True)], [None, None])

    def test_a_certificate_that_decrypts(self):
        """Beside suites of keys it serves whom the operator's list admits."""
        words = [f"new:{peer.flexible('server')}", peer.ciphers_word("PSK:AES128-SHA:AES256-SHA")]
        newest = "TLSv1.2" if peer.speaks("TLSv1.2") else "TLSv1"
        client = {"version": newest, "ciphers": "AES128-SHA"}
        self.assertEqual(peer.ask(words, **client)[0], newest)
        self.assertEqual(peer.ask(words, **client, shim=True)[0], newest)
        self.assertIsNone(peer.ask(words, **client, shim=True, SSLHARDEN_CIPHERS="AES256-SHA")[0])

    def pinned(self, words, key, bare, opened, method="TLSv1_2_server_method"):
        """What a client without a key gets of a server that knows one: bare, and preloaded."""
        client = ["ciphers:ALL:@SECLEVEL=0"]
        for variables in ({}, {"SSLHARDEN_CIPHERS": "ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA"}):
            with self.subTest(words=words, key=key, method=method, **variables):
                got = [peer.ask([f"new:{method}", "keys", *words], key=key, client=client,
                                how="state", shim=shim, **variables)[0] for shim in (False, True)]
                self.assertEqual(got, [bare, opened])

    def test_where_a_level_wants_forward_secrecy(self):
        """From level 3 on nobody is served by RSA key exchange, so who is served has a key."""
        needs_an_opened_pin(self)
        own = "ciphers:kECDHEPSK:AES128-SHA:@SECLEVEL="
        self.pinned([own + "2"], "rsa3072", "TLSv1.2", "TLSv1.3")
        self.pinned([own + "3"], "rsa3072", None, None)

    def test_where_a_level_wants_longer_keys(self):
        """Level 4 wants 192 bits of a suite, its MAC's included."""
        needs_an_opened_pin(self)
        own = "ciphers:PSK-AES256-GCM-SHA384:ECDHE-ECDSA-"
        self.pinned([own + "AES256-GCM-SHA384:@SECLEVEL=4"], "p384", "TLSv1.2", "TLSv1.3")
        self.pinned([own + "AES128-GCM-SHA256:@SECLEVEL=4"], "p384", None, None)
        self.pinned([own + "AES256-SHA:@SECLEVEL=4"], "p384", None, None)

    def test_what_a_callback_forbids(self):
        needs_an_opened_pin(self)
        words = ["ciphers:PSK:ECDHE-RSA-AES128-GCM-SHA256"]
        self.pinned([*words, "forbids:ECDHE-RSA-AES256-SHA"], "rsa", "TLSv1.2", "TLSv1.3")
        self.pinned([*words, "forbids:ECDHE-RSA-AES128-GCM-SHA256"], "rsa", None, None)

    def test_the_weakest_of_those_that_serve(self):
        """RSA key exchange does not, with a certificate for RSA-PSS."""
        needs_an_opened_pin(self)
        words = ["new:TLSv1_2_server_method", "ciphers:AES128-SHA:ECDHE-RSA-AES256-GCM-SHA384"]
        for key, opened in (("pss", None), ("rsa", "TLSv1.3")):
            self.assertEqual([peer.ask(words, key=key, shim=shim,
                                       client=["suites:TLS_AES_128_GCM_SHA256"])[0]
                              for shim in (False, True)], ["TLSv1.2", opened])

    OLDER = {"TLSv1_server_method": "TLSv1", "TLSv1_1_server_method": "TLSv1.1",
             "TLSv1_method": "TLSv1"}

    @unittest.skipUnless(peer.speaks("TLSv1"), "it does not speak TLS 1.0")
    def test_a_certificate_that_needs_tls_1_2(self):
        """Older versions have no use for one for RSA-PSS or of an Edwards curve."""
        needs_an_opened_pin(self)
        own = "ciphers:PSK-AES128-CBC-SHA:ECDHE-{0}-AES128-SHA{1}:@SECLEVEL=0"
        for method, bare in self.OLDER.items():
            for newer in ("", ":ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256"):
                self.pinned([own.format("ECDSA", newer)], "ec", bare, "TLSv1.3", method)
                self.pinned([own.format("ECDSA", newer)], "ed25519", None, None, method)
                self.pinned([own.format("RSA", newer)], "pss", None, None, method)
            self.pinned(["ciphers:PSK-AES128-CBC-SHA:AES128-SHA:ECDHE-RSA-AES128-GCM-SHA256"
                         ":@SECLEVEL=0"], "pss", None, None, method)

    @unittest.skipUnless(peer.speaks("TLSv1"), "it does not speak TLS 1.0")
    def test_nor_where_an_operator_raises_it(self):
        needs_an_opened_pin(self)
        words = [f"new:{peer.flexible('server')}", "max:301", "keys",
                 "ciphers:PSK-AES128-CBC-SHA:ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0"]
        for key, raised in (("ec", "TLSv1.2"), ("ed25519", None)):
            self.assertEqual(peer.ask(words, key=key, shim=True, client=["ciphers:ALL:@SECLEVEL=0"],
                                      SSLHARDEN_MIN_PROTOCOL="TLSv1.2")[0], raised)

    @unittest.skipUnless(peer.speaks("TLSv1"), "it does not speak TLS 1.0")
    def test_one_that_a_callback_brings(self):
        needs_an_opened_pin(self)
        own = "ciphers:PSK-AES128-CBC-SHA:ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0"
        brought = f"choice:cert:{peer.certificate('ed25519')}"
        for words in ([brought], ["ssl:choice", brought]):
            for method, bare in self.OLDER.items():
                self.pinned([own, *words], "ec", bare, "TLSv1.2", method)
                self.pinned([own, *words], "rsa", None, None, method)

    @unittest.skipUnless(peer.speaks("TLSv1") and peer.speaks("TLSv1.2"), "it does not speak both")
    @unittest.skipUnless(peer.modern(), "it has no security levels")
    def test_suites_of_tls_1_2_where_an_older_version_is_pinned(self):
        for ciphers in ("PSK-AES128-CBC-SHA:AES128-GCM-SHA256", "AES256-SHA:AES128-GCM-SHA256"):
            weak = ["ciphers:AES128-GCM-SHA256:AES128-SHA:@SECLEVEL=0"]
            for method in ("TLSv1_server_method", "TLSv1_1_server_method", "TLSv1_method"):
                for variables in ({}, {"SSLHARDEN_MIN_PROTOCOL": "TLSv1.2"}):
                    with self.subTest(ciphers=ciphers, method=method, **variables):
                        self.assertEqual([self.served(method, ciphers + ":@SECLEVEL=0", weak, shim,
                                                      how="state", **variables)
                                          for shim in (False, True)], [None, None])
        for method in ("TLSv1_server_method", "TLSv1_method"):
            for ciphers in ("AES128-SHA:AES128-GCM-SHA256", "AES256-SHA:AES256-GCM-SHA384"):
                self.assertEqual(self.served(method, ciphers + ":@SECLEVEL=0", [], True,
                                             how="state"), peer.newest())


class WhoHasLeft(unittest.TestCase):
    """TLS 1.3 writes its tickets when a client may have left, and who writes to it again dies."""

    def setUp(self):
        needs_an_opened_pin(self)

    def ask(self, words, *client, count=1, **options):
        words = [words[0], peer.ciphers_word(), f"cert:{peer.certificate()}", *words[1:]]
        with peer.Server(*words, count=count, **options) as server:
            for _ in range(count):
                lines = peer.run(*peer.client_words(), *client, f"connect:{server.port}")
            server.end()
        return lines

    def test_a_server_outlives_it(self):
        """No more is asked than that it ends by itself."""
        for method in ("TLSv1_2_server_method", "TLSv1_2_method"):
            for shim in (False, True):
                for disposition in ("mortal", "alarmed"):
                    with self.subTest(method=method, shim=shim, disposition=disposition):
                        self.ask([f"new:{method}", disposition], "leaves", count=10, shim=shim,
                                 how="state")

    def test_who_would_not_die_gives_tickets(self):
        for words, has in ((["new:TLSv1_2_server_method"], True),
                           (["new:TLSv1_2_server_method", "mortal"], False),
                           (["new:TLSv1_2_server_method", "alarmed"], False),
                           ([f"new:{peer.flexible('server')}", "mortal"], True)):
            with self.subTest(words=words):
                lines = self.ask(words, "tickets", shim=True)
                self.assertEqual(peer.field(lines, "connected").split()[0], "TLSv1.3")
                self.assertEqual(int(peer.field(lines, "ticket")) > 0, has)

    def test_nor_does_one_that_is_raised(self):
        """The program's bound ends at TLS 1.2, the operator's minimum is 1.3."""
        for words, has in (([], True), (["mortal"], False)):
            with self.subTest(words=words):
                lines = self.ask([f"new:{peer.flexible('server')}", "max:303", *words], "tickets",
                                 shim=True, SSLHARDEN_MIN_PROTOCOL="TLSv1.3")
                self.assertEqual(peer.field(lines, "connected").split()[0], "TLSv1.3")
                self.assertEqual(int(peer.field(lines, "ticket")) > 0, has)


class OwnGroups(unittest.TestCase):
    """A pinned server chose curves of which TLS 1.3 has none: there it could serve nobody."""

    def ask(self, word, shim=False):
        client = ["groups:P-256:brainpoolP256r1"]
        return peer.ask(["new:TLSv1_2_server_method", word], shim=shim, client=client)[0]

    def test_stays_where_it_served(self):
        needs_an_opened_pin(self)
        for word, newer in (("groups:brainpoolP256r1", "TLSv1.2"),
                            ("groups:brainpoolP384r1:brainpoolP256r1", "TLSv1.2"),
                            ("groups:P-256:brainpoolP256r1", "TLSv1.3"),
                            ("tmpecdh:brainpoolP256r1", "TLSv1.2"),
                            ("tmpecdh", "TLSv1.3")):
            with self.subTest(word=word):
                self.assertEqual((self.ask(word), self.ask(word, True)), ("TLSv1.2", newer))


class GivenCurve(unittest.TestCase):
    """Before 1.1.0 a server has no ECDHE unless its program sets a curve: it is given one, for suites
    that authenticate and encrypt."""

    def ask(self, own, offered, *words, shim=False, **variables):
        version, cipher, _ = peer.ask([f"new:{peer.flexible('server')}", *words], "TLSv1.2",
                                      ciphers=offered, server_ciphers=own, shim=shim, **variables)
        return version and cipher

    @peer.with_curves
    def test_serves_nobody_whom_its_program_refuses(self):
        """Many programs' lists say no more than "not ADH"."""
        anonymous, plain, better = "AECDH-AES128-SHA", "ECDHE-RSA-NULL-SHA", "ECDHE-RSA-AES128-SHA"
        given = not peer.since("it has ECDHE without being asked")
        for own, offered in (("ALL:!ADH", anonymous), (f"{plain}:AES128-SHA", plain),
                             (anonymous, anonymous)):
            for variables in ({}, {"SSLHARDEN_CIPHERS": "ALL:!ADH"}):
                with self.subTest(own=own, offered=offered, **variables):
                    bare = self.ask(own, offered)
                    self.assertEqual(bare is None, given)
                    if given or not variables:
                        self.assertEqual(self.ask(own, offered, shim=True, **variables), bare)
                    for word in ("tmpecdh", "ssl:tmpecdh"):
                        self.assertEqual(self.ask(own, offered, word), offered)
                        if not variables:
                            self.assertEqual(self.ask(own, offered, word, shim=True), offered)
        for own in ("ALL:!ADH", f"{anonymous}:{plain}:{better}:AES128-SHA"):
            with self.subTest(own=own):
                self.assertEqual(self.ask(own, better), None if given else better)
                self.assertEqual(self.ask(own, better, shim=True), better)
                self.assertEqual(self.ask(own, "AES128-SHA", shim=True), "AES128-SHA")


class Keys(unittest.TestCase):
    """A pinned server asks for a certificate, and knows keys that its list has no use for: TLS 1.3
    would take one in place of the certificate."""

    def ask(self, keys, ciphers, shim=False, **variables):
        return peer.ask(["new:TLSv1_2_server_method", f"trust:{peer.certificate()}", "verify:3",
                         "named", keys], shim=shim, server_ciphers=ciphers,
                        client=["newkeys", "suites:TLS_AES_128_GCM_SHA256"], **variables)[0]

    def setUp(self):
        needs_an_opened_pin(self)

    def test_are_no_certificate(self):
        for keys, ciphers in (("keys", "ALL:!PSK"), ("keys", "kRSA"), ("newkeys", "ALL:!PSK"),
                              ("newkeys", "ALL")):
            for variables in ({}, {"SSLHARDEN_MIN_PROTOCOL": "TLSv1.3"}):
                with self.subTest(keys=keys, ciphers=ciphers, **variables):
                    self.assertIsNone(self.ask(keys, ciphers))
                    self.assertIsNone(self.ask(keys, ciphers, True, **variables))

    def test_that_are_given_late_are_none_either(self):
        """The program gives them to the connection once its handshake has begun, and they are gone
        when its hello comes: libssl refuses who has no certificate, as it does bare."""
        words = ["new:TLSv1_2_server_method", f"trust:{peer.certificate()}", "verify:3", "named",
                 "info:0", "step:newkeys"]
        client = ["newkeys", "suites:TLS_AES_128_GCM_SHA256"]
        for how in ("accept", "read"):
            with self.subTest(how=how):
                self.assertIsNone(peer.ask(words, how=how, client=client,
                                           server_ciphers="ALL:!PSK")[0])
                got, _, server = peer.ask(words, how=how, client=client, shim=True,
                                          server_ciphers="ALL:!PSK")
                self.assertIsNone(got)
                self.assertEqual(errors(server), [])

    def test_that_a_list_asks_for_are_taken(self):
        self.assertEqual(self.ask("keys", "ALL", True), "TLSv1.3")

    def test_of_a_server_s_own_tls_1_3_are_its_own(self):
        """Bare it is the same."""
        for keys in ("keys", "newkeys"):
            for shim in (False, True):
                words = [f"new:{peer.flexible('server')}", f"trust:{peer.certificate()}",
                         "verify:3", "named", keys]
                client = ["newkeys", "suites:TLS_AES_128_GCM_SHA256"]
                with self.subTest(keys=keys, shim=shim):
                    self.assertEqual(peer.ask(words, shim=shim, client=client,
                                              server_ciphers="ALL:!PSK")[0], "TLSv1.3")


class Hints(unittest.TestCase):
    """A pinned server names its key, and its client finds it by that: TLS 1.3 has no such name."""

    def ask(self, *words, shim=False, **variables):
        return peer.ask(["new:TLSv1_2_server_method", "keys", *words], shim=shim, client=["keys"],
                        ciphers="PSK", server_ciphers="ALL", **variables)[0]

    def test_stays_where_it_served(self):
        for words in (["hint:here"], ["ssl:hint:here"], ["hint:there", "ssl:hint:here"],
                      ["hint:here", "version:TLSv1_2_server_method", "ciphers:ALL"]):
            for how in ("accept", "state", "read"):
                with self.subTest(words=words, how=how):
                    bare = self.ask(*words, how=how)
                    if peer.modern() or words == ["hint:here"]:  # older ones forget a connection's
                        self.assertEqual(bare, "TLSv1.2")
                    self.assertEqual(self.ask(*words, how=how, shim=True), bare)

    def test_the_client_needs_it(self):
        """Or else the test above would tell nothing."""
        self.assertIsNone(self.ask())


if __name__ == "__main__":
    unittest.main()
