# SPDX-License-Identifier: MIT
"""What a connection is held to stays, whatever context, method or settings it is given later."""
import os
import unittest

import peer

MOVED_TO = ["other", "new:{}", peer.ciphers_word(), f"cert:{peer.certificate()}", "first"]


def moved_to(method):
    return [word.format(method) for word in MOVED_TO]


def served_options(server):
    return peer.options(server.lines, "served") & peer.policy()


class Floor(unittest.TestCase):
    """Who is refused bare is refused; its twin, a flexible server, accepts."""

    def setUp(self):
        if not peer.speaks("TLSv1") or not peer.speaks("TLSv1.2"):
            self.skipTest("this libssl does not speak TLS 1.0 and 1.2")

    def check(self, *words, how="accept"):
        words = list(words)
        for shim in (False, True):
            self.assertIsNone(peer.ask(words, "TLSv1", how=how, shim=shim)[0])
        self.assertEqual(peer.ask(words, how=how, shim=True)[0], peer.newest())

    def test_moved_in_the_hello_callback(self):
        for method in (peer.flexible("server"), peer.flexible("client")):
            with self.subTest(to=method):
                self.check("new:TLSv1_2_server_method", *moved_to(method), "late:sni", "late:min:0")

    def test_moved_before(self):
        clear = "ssl:clear:4000000"  # NO_TLSv1
        for method in ("TLSv1_2_server_method", "TLSv1_2_method"):
            if not peer.modern():  # later ones take the new context's method
                self.check(f"new:{method}", *moved_to(peer.flexible("server")), "ssl:sni", clear)

    def test_moved_before_to_a_pin(self):
        for method in ("TLSv1_2_server_method", "TLSv1_2_method"):
            for new, how in ((peer.flexible("server"), "accept"), (peer.flexible(""), "accept"),
                             (peer.flexible(""), "state")):
                words = [f"new:{new}", *moved_to(method), "ssl:sni"]
                with self.subTest(new=new, to=method, how=how):
                    if peer.ask(words, "TLSv1", how=how)[0] is None:
                        self.check(*words, how=how)
                    elif peer.modern():  # from 3.2 on it keeps the method that it was made with
                        self.assertEqual(peer.ask(words, "TLSv1", how=how, shim=True)[0], "TLSv1")
                    else:  # it keeps that, too, but its options may not: the higher pin holds
                        self.assertIsNone(peer.ask(words, "TLSv1", how=how, shim=True)[0])

    def test_its_own_bounds_come_back_with_it(self):
        if peer.modern():
            self.check(f"new:{peer.flexible('')}", *moved_to("TLSv1_method"), "ssl:min:303",
                       "ssl:sni", "ssl:back")

    def test_whose_context_is_pinned_meanwhile(self):
        words = [f"new:{peer.flexible('')}", "ssl:version:TLSv1_2_server_method"]
        if peer.ask(words, "TLSv1", how="state")[0] is None:
            self.assertIsNone(peer.ask(words, "TLSv1", how="state", shim=True)[0])

    def test_context_that_was_put_right(self):
        """It lost an option and got it back; it has not lost its pin."""
        if peer.modern():
            self.check("new:TLSv1_2_server_method", "conf:Options=-ServerPreference", "ssl:min:0")

    def test_context_of_the_same_method(self):
        """The program means what it asked for, not what the context has."""
        if not peer.has("new:TLSv1_2_server_method", "clone"):
            self.skipTest("this libssl does not tell a context's method")
        clone = ["clone", peer.ciphers_word(), f"cert:{peer.certificate()}"]
        self.check("new:TLSv1_2_server_method", *clone)
        self.check("new:TLSv1_2_method", *clone, how="state")

    def test_moved_and_copied(self):
        """What is known of a connection is known of its copy, which nobody else has told of."""
        clear = "ssl:clear:4000000"
        if peer.modern():
            self.check("new:TLSv1_2_server_method", *moved_to(peer.flexible("client")),
                       "late:sni", "late:upref", "late:min:0")
        else:
            self.check("new:TLSv1_2_server_method", *moved_to(peer.flexible("server")),
                       "ssl:sni", clear, how="dup")

    def test_moved_to_a_pin_and_copied(self):
        """A copy is of the context that the connection has by then."""
        for new in (peer.flexible("server"), peer.flexible("")):
            words = [f"new:{new}", *moved_to("TLSv1_2_server_method"), "ssl:sni"]
            if peer.ask(words, "TLSv1", how="dup")[0] is None:
                self.check(*words, how="dup")

    def test_copied_at_its_pin(self):
        words = ["new:TLSv1_method"]
        self.assertEqual(peer.ask(words, "TLSv1", how="dup")[0], "TLSv1")
        self.assertEqual(peer.ask(words, how="dup", shim=True)[0], peer.newest())

    def test_a_pin_of_the_connection_itself(self):
        if peer.modern():
            self.skipTest("from 1.1.0 on a handshake begins with the context's method")
        for method in ("TLSv1_2_server_method", "TLSv1_2_method"):
            with self.subTest(method=method):
                self.check(f"new:{peer.flexible('server')}", f"ssl:method:{method}",
                           "ssl:clear:4000000")

    def test_allowed_pin_below_the_operators_floor(self):
        allowed = {"SSLHARDEN_ALLOW_PINNED": "1", "SSLHARDEN_MIN_PROTOCOL": "TLSv1.2"}
        for how, method in (("accept", "TLSv1_server_method"), ("state", "TLSv1_method")):
            with self.subTest(method=method):
                ask = [f"new:{method}"]
                self.assertEqual(peer.ask(ask, "TLSv1", how=how, shim=True,
                                          SSLHARDEN_ALLOW_PINNED="1")[0], "TLSv1")
                self.assertIsNone(peer.ask(ask, "TLSv1", how=how, shim=True, **allowed)[0])
                self.assertEqual(peer.ask(ask, how=how, shim=True, **allowed)[0], peer.newest())


class Ssl3(unittest.TestCase):
    def setUp(self):
        if not peer.speaks("SSLv3") or peer.modern():
            self.skipTest("needs a libssl before 1.1.0 with SSLv3")

    def check(self, *words):
        served = [peer.ask(list(words), "SSLv3", shim=shim)[0] for shim in (False, True)]
        self.assertEqual(served, ["SSLv3", None])
        self.assertEqual(peer.ask(list(words), shim=True)[0], peer.newest())

    def test_environment_to_a_connection(self):
        for new in (peer.flexible(""), peer.flexible("server")):
            for method in ("SSLv3_method", "SSLv3_server_method"):
                with self.subTest(new=new, method=method):
                    self.check(f"new:{new}", f"ssl:method:{method}")

    def test_moved(self):
        self.check("new:SSLv3_method", *moved_to(peer.flexible("server")), "ssl:sni")

    def test_a_clients_context(self):
        served = [peer.ask([f"new:{peer.flexible('client')}",
                            f"ssl:method:{peer.flexible('server')}",
                            f"ssl:clear:{peer.policy():x}"], "SSLv3", shim=shim)[0]
                  for shim in (False, True)]
        self.assertEqual(served, ["SSLv3", None])


class Options(unittest.TestCase):
    def check(self, *words, how, version=None, **variables):
        """The safe options, all lost without us."""
        options = [served_options(peer.ask(list(words), version, how=how, shim=shim,
                                           **variables)[2])
                   for shim in (False, True)]
        self.assertEqual(options, [0, peer.policy()])

    def test_moved_to_a_clients_context(self):
        for how in ("state", "read"):
            self.check(f"new:{peer.flexible('server')}", *moved_to(peer.flexible("client")),
                       "ssl:sni", f"ssl:clear:{peer.policy():x}", how=how)

    def test_after_the_handshake(self):
        for method in (peer.flexible("server"), peer.flexible("")):
            with self.subTest(method=method):
                self.check(f"new:{method}", f"after:clear:{peer.policy():x}", how="state")

    def test_context_that_has_them_all(self):
        """What serves is not told by its options."""
        self.check(f"new:{peer.flexible('')}", f"set:{peer.policy():x}",
                   f"ssl:clear:{peer.policy():x}", how="read")

    def test_configured(self):
        words = [f"new:{peer.flexible('')}", f"clear:{peer.policy():x}",
                 "ssl:conf:Options=-ServerPreference", "ssl:conf:Protocol=ALL"]
        self.check(*words, how="read")

    def test_configured_by_a_section(self):
        lax = {"OPENSSL_CONF": os.path.join(os.path.dirname(__file__), "lax.cnf")}
        method = f"new:{peer.flexible('server')}"
        for word in ("config:lax", "ssl:config:lax"):
            with self.subTest(word=word):
                self.check(method, f"clear:{peer.policy():x}", word, how="read", **lax)

    def test_copied(self):
        for method in (peer.flexible("server"), peer.flexible("")):
            with self.subTest(method=method):
                self.check(f"new:{method}", f"ssl:clear:{peer.policy():x}", how="dup")

    def test_calls_that_accept_inside(self):
        for how in ("early", "stateless", "listen"):
            with self.subTest(how=how):
                self.check(f"new:{peer.flexible('')}", f"clear:{peer.policy():x}", how=how,
                           version="TLSv1.2")

    def test_a_maximum_that_equals_the_pin(self):
        if not peer.modern():
            self.skipTest("no version ranges before 1.1.0")
        words = ["new:TLSv1_2_method", "ssl:max:303"]
        for shim in (False, True):
            self.assertEqual(peer.ask(words, how="state", shim=shim)[0], "TLSv1.2")


class OfAClientsContext(unittest.TestCase):
    """From 1.1.0 on libssl serves from one, too, if the connection had another method once."""

    def test_served(self):
        if not peer.modern():
            self.skipTest("before 1.1.0 a client's method cannot serve")
        given = [f"new:{peer.flexible('client')}", f"ssl:method:{peer.flexible('server')}"]
        moved = [f"new:{peer.flexible('')}", *moved_to(peer.flexible("client")), "ssl:sni"]
        for words in (given, [*given, f"ssl:clear:{peer.policy():x}"], moved):
            with self.subTest(words=words):
                bare, hardened = (served_options(peer.ask(words, shim=shim)[2])
                                  for shim in (False, True))
                self.assertNotEqual(bare, peer.policy())
                self.assertEqual(hardened, peer.policy())


class Lists(unittest.TestCase):
    def setUp(self):
        level = ":@SECLEVEL=0" if peer.modern() else ""
        self.wanted = {"SSLHARDEN_CIPHERS": "AES256-SHA" + level}
        self.programs = "AES128-SHA" + level

    def check(self, *words, **variables):
        for method in (peer.flexible("server"), peer.flexible("")):
            with self.subTest(method=method):
                if not peer.speaks("TLSv1"):
                    self.skipTest("this libssl does not speak TLS 1.0")
                ask = [f"new:{method}", *words]
                self.assertEqual(peer.ask(ask, "TLSv1", how="read")[1], "AES128-SHA")
                self.assertEqual(peer.ask(ask, "TLSv1", how="read", shim=True, **variables)[1],
                                 "AES256-SHA")

    def test_of_the_connection(self):
        self.check(f"ssl:ciphers:{self.programs}", **self.wanted)

    def test_configured(self):
        self.check(f"ssl:conf:CipherString={self.programs}", **self.wanted)
        self.check(f"ssl:argv:-cipher={self.programs}", **self.wanted)

    def test_suites_of_the_connection(self):
        if peer.newest() != "TLSv1.3":
            self.skipTest("this libssl does not speak TLS 1.3")
        ask = [f"new:{peer.flexible('server')}", "ssl:suites:TLS_AES_128_GCM_SHA256"]
        self.assertEqual(peer.ask(ask, how="read")[1], "TLS_AES_128_GCM_SHA256")
        self.assertEqual(peer.ask(ask, how="read", shim=True,
                                  SSLHARDEN_CIPHERSUITES="TLS_CHACHA20_POLY1305_SHA256")[1],
                         "TLS_CHACHA20_POLY1305_SHA256")

    def test_suites_and_the_list_of_another_context(self):
        """To set suites makes libssl copy the context's list to the connection."""
        if peer.newest() != "TLSv1.3":
            self.skipTest("this libssl does not speak TLS 1.3")
        for method in (peer.flexible("server"), peer.flexible("")):
            for own, expected in (([], "AES256-SHA"), ([f"ssl:ciphers:{self.programs}"],
                                                       "AES128-SHA")):
                words = [f"new:{method}", "ciphers:AES128-SHA:AES256-SHA:@SECLEVEL=0", "other",
                         f"new:{method}", "ciphers:AES256-SHA:@SECLEVEL=0", f"cert:{peer.certificate()}", "first",
                         *own, "late:sni"]
                for shim in (False, True):
                    with self.subTest(method=method, own=own, shim=shim):
                        got = peer.ask(words, "TLSv1", how="state", shim=shim,
                                       SSLHARDEN_CIPHERSUITES="TLS_AES_256_GCM_SHA384")
                        self.assertEqual(got[1], expected)

    def test_of_a_connection_that_was_moved_before_it_took_a_side(self):
        if peer.newest() != "TLSv1.3":
            self.skipTest("this libssl does not speak TLS 1.3")
        ask = [f"new:{peer.flexible('')}", *moved_to(peer.flexible("server")), "ssl:sni"]
        suite = "TLS_CHACHA20_POLY1305_SHA256"
        self.assertNotEqual(peer.ask(ask)[1], suite)
        self.assertEqual(peer.ask(ask, shim=True, SSLHARDEN_CIPHERSUITES=suite)[1], suite)

    def test_not_on_a_fresh_client(self):
        """Of a context that has all the safe options, as nginx's for its upstreams may."""
        words = [f"new:{peer.flexible('')}", f"set:{peer.policy():x}",
                 f"ssl:ciphers:{self.programs}", "ssl:clear:400000", "hello"]
        if peer.modern():
            words.insert(3, "ssl:max:303")  # of TLS 1.3 a key share would be in it
        bare = peer.field(peer.run(*words), "hello").split()
        hardened = peer.field(peer.run(*words, shim=True, **self.wanted), "hello").split()
        self.assertEqual(bare[-1], hardened[-1])  # the options
        self.assertEqual(len(bare[0]), len(hardened[0]))
        self.assertIn("002f", hardened[0])  # AES128-SHA
        self.assertNotIn("0035", hardened[0][88:])  # AES256-SHA


class Returns(unittest.TestCase):
    def test_versions_that_are_none(self):
        for method in ("TLSv1_2_server_method", "TLSv1_2_method", "TLSv1_server_method"):
            if peer.modern() and peer.has(f"new:{method}"):
                words = [f"new:{method}", "min:9999", "min:200", "max:9999", "min:303", "min:0"]
                self.assertEqual(peer.run(*words), peer.run(*words, shim=True))

    def test_minimum_survives_a_detour(self):
        words = [f"new:{peer.flexible('server')}", "min:303", "version:TLSv1_server_method",
                 f"version:{peer.flexible('server')}", "range"]
        self.assertEqual(peer.run(*words), peer.run(*words, shim=True))

    def test_what_was_added_goes_when_a_context_turns_client(self):
        """Also what the operator asked for, and options that the program gave up itself."""
        if not peer.since("options can be taken back"):
            self.skipTest("this libssl cannot do that")
        server, client = peer.flexible("server"), peer.flexible("client")
        for words in ([], ["set:2000000", "clear:2020000"]):
            words = [f"new:{server}", *words, f"version:{client}", "range"]
            bare, hardened = (peer.run(*words, "options", shim=shim,
                                       SSLHARDEN_LOG="none", SSLHARDEN_MIN_PROTOCOL="TLSv1.2",
                                       SSLHARDEN_MAX_PROTOCOL="TLSv1.2") for shim in (False, True))
            self.assertEqual(bare[-2:], hardened[-2:])

    def test_bounds_come_back_with_the_method(self):
        """The program's own, which a pinned method in between took no notice of."""
        flexible = peer.flexible("server")
        for first, between, last in ((flexible, "TLSv1_2_server_method", flexible),
                                     (peer.flexible(""), "TLSv1_method", flexible),
                                     (peer.flexible("client"), "TLSv1_2_method",
                                      peer.flexible("client"))):
            for later in ([], ["min:304"]):
                words = [f"new:{first}", "min:303", "max:303", f"version:{between}", *later,
                         f"version:{last}", "range"]
                self.assertEqual(peer.run(*words), peer.run(*words, shim=True))

    def test_configuration_freed_after_its_context(self):
        words = [f"new:{peer.flexible('server')}", "conffree"]
        self.assertEqual(peer.run(*words), peer.run(*words, shim=True))

    def test_strict_and_another_method(self):
        words = [f"new:{peer.flexible('client')}", f"version:{peer.flexible('server')}"]
        strict = {"SSLHARDEN_STRICT": "1", "SSLHARDEN_TYPO": "1"}
        self.assertEqual(peer.field(peer.run(*words), "version"), "1")
        self.assertEqual(peer.field(peer.run(*words, shim=True, **strict), "version"), "0")


class Nonblocking(unittest.TestCase):
    def test_pinned_generic(self):
        """libssl has set the method itself by the second call."""
        for method in ("TLSv1_method", "TLSv1_2_method"):
            with self.subTest(method=method):
                if not peer.has(f"new:{method}"):
                    continue
                self.assertEqual(peer.ask([f"new:{method}"], how="nonblocking", shim=True)[0],
                                 peer.newest())


class Clients(unittest.TestCase):
    def test_moved(self):
        """It speaks what it would without us: before 3.2 what its new context's method does."""
        if peer.newest() != "TLSv1.3":
            self.skipTest("this libssl does not speak TLS 1.3")
        for old, new in ((peer.flexible(""), "TLSv1_2_method"), ("TLSv1_2_method", peer.flexible("")),
                         (peer.flexible("client"), "TLSv1_2_method")):
            spoken = []
            for shim in (False, True):
                with peer.Server(f"new:{peer.flexible('server')}", peer.ciphers_word(),
                                 f"cert:{peer.certificate()}") as server:
                    lines = peer.run(f"new:{old}", "other", f"new:{new}", "first", "ssl:sni",
                                     f"connect:{server.port}", shim=shim)
                    server.end()
                spoken.append(peer.field(lines, "connected").split()[0])
            self.assertEqual(spoken[0], spoken[1], (old, new))

    def test_where_a_server_was(self):
        words = ["new:TLSv1_method", "other", f"new:{peer.flexible('client')}", "bioreuse"]
        for shim in (False, True):
            self.assertEqual(peer.field(peer.run(*words, shim=shim), "reused"), "0x303")

    def test_a_pin_that_is_configured_away(self):
        if not peer.speaks("TLSv1.1") or not peer.modern():
            self.skipTest("needs version ranges and TLS 1.1")
        for option in ("MinProtocol=TLSv1", "Protocol=ALL"):
            results = []
            for method in (peer.flexible(""), "TLSv1_2_method"):
                with peer.Server(f"new:{peer.flexible('server')}", peer.ciphers_word(), "max:302",
                                 f"cert:{peer.certificate()}") as server:
                    lines = peer.run(f"new:{method}", peer.ciphers_word(), f"ssl:conf:{option}",
                                     f"connect:{server.port}", shim=True)
                    server.end()
                results.append(lines[-1].split()[0])
            self.assertEqual(results, ["connected", "failed"])


if __name__ == "__main__":
    unittest.main()
