# SPDX-License-Identifier: MIT
"""audit, strict, profiles, and the lists of TLS 1.3 and of groups."""
import os
import re
import subprocess
import unittest

import logs
import peer

NO_SSLV2 = 0x01000000  # before 1.1.0

CHACHA = 0x00200000
MODERN = "TLS_AES_128_GCM_SHA256 TLS_AES_256_GCM_SHA384 TLS_CHACHA20_POLY1305_SHA256"


def fails(*words, **variables):
    """Standard error of a peer that the shim stops."""
    done = subprocess.run([*peer.LOADER, peer.PEER, *words], text=True, capture_output=True,
                          env=peer.environment(True, **variables), timeout=peer.TIMEOUT)
    if done.returncode != 3:
        raise AssertionError(f"exit {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stderr


class Audit(unittest.TestCase):
    """Decides and says, changes nothing."""

    def named(self, line):
        """The bits of the options whose names it says, by the headers of this libssl."""
        names = re.search(r"options ([^,]+)", line).group(1)
        return sum(int(bit, 16) for bit in peer.field(peer.run(f"bits:{names}"), "bits").split())

    def test_a_floor_that_this_libssl_does_not_have(self):
        words = [f"new:{peer.flexible('server')}"]
        said = [line for mode in ("on", "audit")
                for line in peer.run(*words, shim=True, SSLHARDEN=mode,
                                     SSLHARDEN_MIN_PROTOCOL="TLSv1.3")
                if "its servers refuse every client" in line]
        self.assertEqual(len(said), 0 if peer.newest() == "TLSv1.3" else 2)

    def test_floor_cap_and_lists(self):
        lines = peer.run(f"new:{peer.flexible('server')}", shim=True, SSLHARDEN="audit",
                         SSLHARDEN_MIN_PROTOCOL="TLSv1.1", SSLHARDEN_MAX_PROTOCOL="TLSv1.2",
                         SSLHARDEN_CIPHERS="restricted", SSLHARDEN_GROUPS="P-256")
        self.assertIn(", and serve nothing below TLSv1.1, nothing above TLSv1.2, "
                      "SSLHARDEN_CIPHERS SSLHARDEN_GROUPS", lines[-1])

    def test_server_context(self):
        words = ["new:TLSv1_server_method", "options", "range"]
        bare, hardened = peer.run(*words), peer.run(*words, shim=True)
        lines = peer.run(*words, shim=True, SSLHARDEN="audit")
        self.assertEqual(lines[:len(bare)], bare)
        added = peer.options(hardened) & ~peer.options(bare)
        self.assertEqual(len(lines), len(bare) + 1)
        self.assertRegex(lines[-1], r"info: audit: context .*TLSv1_server_method: would add "
                                    r"options [A-Za-z0-9_ ]+, and serve every version from TLSv1 "
                                    "that its program does not forbid$")
        self.assertEqual(self.named(lines[-1]), added)
        self.assertEqual(peer.run(*words, shim=True, SSLHARDEN="audit",
                                  SSLHARDEN_LOG_LEVEL="warning"), bare)

    def test_no_option(self):
        """Where each is given back: but for SSLv2's, which none gives back."""
        given = {f"SSLHARDEN_ALLOW_{name}": "1" for name in (
            "SSLV3", "CLIENT_PREFERENCE", "COMPRESSION", "DH_REUSE", "ECDH_REUSE")}
        words = [f"new:{peer.flexible('server')}"]
        # From 1.0.1s and 1.0.2g on a context has it from libssl.
        lacks = peer.runs() < 0x10100000 and not peer.options(peer.run(*words, "options")) & NO_SSLV2
        options = "options NO_SSLv2" if lacks else "no option"
        lines = peer.run(*words, shim=True, SSLHARDEN_LOG_LEVEL="info", **given)
        self.assertIn(f", {options} added (", lines[-1])
        lines = peer.run(*words, shim=True, SSLHARDEN="audit", **given)
        self.assertIn(f"would add {options}", lines[-1])

    def test_generic_context_once(self):
        generic = peer.flexible("")
        words = [f"new:{generic}", peer.ciphers_word(), f"cert:{peer.certificate()}"]
        for how in ("accept", "state", "read"):
            with peer.Server(*words, count=3, how=how, shim=True, SSLHARDEN="audit") as server:
                for _ in range(3):
                    peer.run(*peer.client_words(), f"connect:{server.port}")
                server.end()
            said = [line for line in peer.without_order(server.log) if "audit:" in line]
            self.assertEqual(len(said), 1, server.log)
            self.assertIn(f"{generic}: its connections that serve would get options ", said[0])
            self.assertEqual(self.named(said[0]),
                             peer.policy() & ~peer.options(server.lines, "served"))
            served = [line for line in server.lines if line.startswith("served")]
            self.assertEqual(len(served), 3)
            bare, _, bare_server = peer.ask([f"new:{generic}"], how=how)
            self.assertEqual(served[0], next(line for line in bare_server.lines
                                             if line.startswith("served")))

    def test_clients(self):
        words = [f"new:{peer.flexible('client')}", "options"]
        self.assertEqual(peer.run(*words, shim=True, SSLHARDEN="audit"), peer.run(*words))


class Told(unittest.TestCase):
    """Once a context, at the first connection that it serves."""

    def said(self, words, part, count=3, level="info", **variables):
        words = [words[0], peer.ciphers_word(), f"cert:{peer.certificate()}", *words[1:]]
        with peer.Server(*words, count=count, shim=True, SSLHARDEN_LOG_LEVEL=level,
                         **variables) as server:
            for _ in range(count):
                peer.run(*peer.client_words(), f"connect:{server.port}")
            server.end()
        return [line for line in server.log if part in line]

    def test_what_a_generic_context_gets(self):
        newest = peer.newest()
        oldest = next(v for v in ("SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2") if peer.speaks(v))
        generic = peer.flexible("")
        floor = "TLSv1" if oldest == "SSLv3" else oldest
        served = f"{floor} alone" if floor == newest else f"{floor} to {newest}"
        bare = oldest if peer.since("SSL 2.0 is off, or not there") else "SSLv2"
        line, = self.said([f"new:{generic}"], "connections that serve: ")
        self.assertRegex(line, rf"info: context \w+: {generic}, its connections that serve: options "
                               rf".*CIPHER_SERVER_PREFERENCE.* added \({peer.named()}\), "
                               + served + (f" where the program serves {bare} to {newest}$"
                                           if oldest == "SSLv3" else "$"))
        if newest != "TLSv1.3":
            return
        line, = self.said([f"new:{generic}"], "connections that serve: ",
                          SSLHARDEN_MIN_PROTOCOL="TLSv1.2", SSLHARDEN_CIPHERS="restricted")
        self.assertRegex(line, f", TLSv1.2 to TLSv1.3 where the program serves {oldest} to TLSv1.3, "
                               "SSLHARDEN_CIPHERS$")
        line, = self.said(["new:TLSv1_2_method"], "connections that serve: ")
        self.assertRegex(line, ", TLSv1.2 to TLSv1.3 where the program serves TLSv1.2 alone$")

    def test_a_gap(self):
        """Versions that the program forbids in between, and above a pin."""
        if peer.newest() != "TLSv1.3" or not peer.speaks("TLSv1"):
            self.skipTest("this libssl does not speak TLS 1.0 and 1.3")
        gap = ["set:18000000"]  # NO_TLSv1_1, NO_TLSv1_2
        line, = self.said([f"new:{peer.flexible('')}", *gap], "connections that serve: ")
        self.assertRegex(line, r"\), TLSv1, TLSv1\.3( where .*)?$")
        line, = self.said(["new:TLSv1_server_method", *gap], ", serves ", count=1)
        self.assertIn("serves what its program does not forbid above its pin", line)

    def test_a_pin_that_stays(self):
        """A flexible method, and no choice: by bounds or by options."""
        if peer.newest() != "TLSv1.3":
            self.skipTest("this libssl does not speak TLS 1.3")
        server = f"new:{peer.flexible('server')}"
        for method in (server, f"new:{peer.flexible('')}"):
            for pin in (["min:303", "max:303"], ["set:36000000"]):  # all but TLS 1.2
                line, = self.said([method, *pin], "pinned to")
                self.assertRegex(line, r": \w+, pinned to TLSv1\.2 by the program's bounds or NO_ "
                                       "options, which stay$")
        self.assertEqual(self.said([server], "pinned to"), [])
        self.assertEqual(self.said(["new:TLSv1_2_server_method"], "pinned to"), [])

    def test_a_worse_order(self):
        words = [f"new:{peer.flexible('server')}", peer.ciphers_word("AES128-SHA:DHE-RSA-AES128-SHA")]
        for variables in ({}, {"SSLHARDEN": "audit"}):
            line, = self.said(words, "forward secrecy", level="warning", **variables)
            self.assertRegex(line, r"warning: (audit: )?context \w+: its list has a cipher without "
                                   r"forward secrecy before one with it, .*; SSLHARDEN_CIPHERS="
                                   "restricted has the better ones first$")
        for variables in ({"SSLHARDEN_CIPHERS": "restricted"},
                          {"SSLHARDEN_ALLOW_CLIENT_PREFERENCE": "1"}):
            self.assertEqual(self.said(words, "forward secrecy", level="warning", **variables), [])
        # The better one of this list is not for its certificate.
        for own in ("AES128-SHA:ECDHE-ECDSA-AES128-SHA", "DHE-RSA-AES128-SHA:AES128-SHA"):
            words[1] = peer.ciphers_word(own)
            self.assertEqual(self.said(words, "forward secrecy", level="warning"), [], own)


class Strict(unittest.TestCase):
    """What cannot be hardened is refused, as SSL_CTX_new fails itself."""

    def test_a_setting_that_cannot_be_read(self):
        server = [f"new:{peer.flexible('server')}"]
        bad = {"SSLHARDEN_STRICT": "1", "SSLHARDEN_MIN_PROTOCOL": "TLSv9"}
        errors = fails(*server, **bad)
        self.assertIn("SSLHARDEN_MIN_PROTOCOL: cannot read", errors)
        self.assertIn("sslharden: a setting that cannot be read", errors)  # OpenSSL's own queue
        # Its twins: the setting is read, strict is off, the context is a client's.
        peer.run(*server, shim=True, SSLHARDEN_STRICT="1", SSLHARDEN_MIN_PROTOCOL="TLSv1.2")
        peer.run(*server, shim=True, SSLHARDEN_MIN_PROTOCOL="TLSv9")
        client = [f"new:{peer.flexible('client')}", "options"]
        self.assertEqual(peer.run(*client, shim=True, **bad)[0], peer.run(*client)[0])

    def test_a_generic_connection(self):
        bad = {"SSLHARDEN_STRICT": "1", "SSLHARDEN_MIN_PROTOCOL": "TLSv9"}
        generic = [f"new:{peer.flexible('')}"]
        for how in ("accept", "state"):
            served, _, _ = peer.ask(generic, how=how, shim=True, SSLHARDEN_STRICT="1")
            refused, _, server = peer.ask(generic, how=how, shim=True, **bad)
            self.assertIsNotNone(served)
            self.assertIsNone(refused)
            self.assertTrue(any("SSLHARDEN_STRICT: refused" in line for line in server.log))

    def test_a_generic_connection_and_a_list_that_is_not_taken(self):
        """What is refused was given nothing, and keeps nothing."""
        words = [f"new:{peer.flexible('')}"]
        lists = {"SSLHARDEN_CIPHERS": "NOTHING", "SSLHARDEN_LOG_LEVEL": "info"}
        for strict, said in (("0", "options .* added"), ("1", "refuses every client")):
            served, _, server = peer.ask(words, shim=True, SSLHARDEN_STRICT=strict, **lists)
            self.assertEqual(served is None, strict == "1")
            log = [line for line in peer.without_order(server.log) if "takes nothing of" not in line]
            self.assertEqual(len([line for line in log if re.search(said, line)]), 1, log)
            self.assertNotRegex("".join(log), "SSLHARDEN_CIPHERS|stays|none alone")

    def test_lists_that_are_not_taken_are_quoted(self):
        words = [f"new:{peer.flexible('server')}", "options"]
        names = ["SSLHARDEN_CIPHERS"]
        names += ["SSLHARDEN_GROUPS"] if peer.modern() else []
        names += ["SSLHARDEN_CIPHERSUITES"] if peer.newest() == "TLSv1.3" else []
        for name in names:
            with self.subTest(name=name):
                lines = peer.run(*words, shim=True, **{name: "NOTHING"})
                self.assertRegex(lines[-1], rf'warning: {name}: this libssl '
                                           rf'\({peer.named()}\) takes nothing of '
                                           '"NOTHING"; ')
                self.assertIn("that this libssl does not take",
                              fails(*words, SSLHARDEN_STRICT="1", **{name: "NOTHING"}))

    def test_a_group_that_is_not_known(self):
        """For one a libssl drops the whole list, so it is named."""
        if not peer.modern():
            self.skipTest("this libssl takes no list of groups")
        lines = peer.run(f"new:{peer.flexible('server')}", "options", shim=True,
                         SSLHARDEN_GROUPS="P-256:X25591:P-384:P\x1b384")
        self.assertIn('"P-256:X25591:P-384:P\\x1b384"; it does not know X25591, P\\x1b384; accepted: ', lines[-1])

    def test_a_program_that_raises_its_own_maximum(self):
        if peer.newest() != "TLSv1.3":
            self.skipTest("this libssl does not speak TLS 1.3")
        words = [f"new:{peer.flexible('server')}", "max:304"]
        self.assertEqual(peer.ask(words)[0], "TLSv1.3")
        self.assertEqual(peer.ask(words, shim=True, SSLHARDEN_MAX_PROTOCOL="TLSv1.2")[0], "TLSv1.2")

    @peer.with_curves
    def test_a_profile_is_taken_by_every_libssl_of_its_version(self):
        """Groups that a libssl does not know are left out; where it has one, there is no choice."""
        if not peer.speaks("TLSv1.2"):
            self.skipTest("this libssl does not speak TLS 1.2")
        served, _, server = peer.ask([f"new:{peer.flexible('server')}"], shim=True,
                                     SSLHARDEN_STRICT="1", SSLHARDEN_PROFILE="intermediate")
        self.assertEqual((served, server.log), (peer.newest(), []))

    def test_a_list_that_libssl_does_not_take(self):
        errors = fails(f"new:{peer.flexible('server')}", SSLHARDEN_STRICT="1",
                       SSLHARDEN_CIPHERS="NO-SUCH-CIPHER")
        self.assertIn("SSLHARDEN_CIPHERS", errors)
        self.assertIn("sslharden: a list of ciphers", errors)

    def test_suites_that_libssl_does_not_take_open_no_pin_further(self):
        """What the program's own list asks of TLS 1.3 (256 bits) holds as if none were given."""
        if peer.newest() != "TLSv1.3":
            self.skipTest("this libssl does not speak TLS 1.3")
        ask = {"server_ciphers": "AES256", "client": ["min:304"], "shim": True}
        words = ["new:TLSv1_2_server_method"]
        for variables in ({}, {"SSLHARDEN_CIPHERSUITES": "NOTHING"}):
            weak, strong = (peer.ask(words, **{**ask, "client": [*ask["client"], f"suites:{suite}"]},
                                     **variables)[1]
                            for suite in ("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384"))
            self.assertEqual((weak, strong), (None, "TLS_AES_256_GCM_SHA384"), variables)

    def test_suites_that_no_provider_has_a_cipher_for(self):
        """libssl takes them by name, and would serve nobody: the program's own stay."""
        if peer.version() < 0x30000000:
            self.skipTest("providers came with 3.0")
        if peer.MUSL:
            self.skipTest("what is preloaded here is glibc's")
        less = {"before": (os.path.join(peer.BUILD, "libchachaless.so"),)}
        chacha, aes = "TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256"
        if chacha in "".join(peer.run(f"new:{peer.flexible('server')}", "ciphers?", **less)):
            self.skipTest("its libcrypto is inside it")
        for method in (peer.flexible("server"), "TLSv1_2_server_method"):
            for suites, got in ((chacha, "TLS_AES_256_GCM_SHA384"), (f"{chacha}:{aes}", aes)):
                with self.subTest(method=method, suites=suites):
                    served, suite, server = peer.ask([f"new:{method}"], shim=True, **less,
                                                     SSLHARDEN_CIPHERSUITES=suites)
                    self.assertEqual((served, suite), ("TLSv1.3", got), server.log)
                    self.assertEqual(len([line for line in server.log if "takes nothing of" in line]),
                                     suites == chacha)
        self.assertIn("that this libssl does not take",
                      fails(f"new:{peer.flexible('server')}", SSLHARDEN_STRICT="1",
                            SSLHARDEN_CIPHERSUITES=chacha, **less))

    def test_a_pin_without_a_flexible_method(self):
        if peer.version() >= 0x10002000:
            self.skipTest("from 1.0.2 on each pin has one")
        errors = fails("new:DTLSv1_server_method", SSLHARDEN_STRICT="1")
        self.assertIn("no flexible one", errors)
        peer.run("new:DTLSv1_server_method", shim=True)
        peer.run("new:DTLSv1_server_method", shim=True, SSLHARDEN_STRICT="1",
                 SSLHARDEN_ALLOW_PINNED="1")


class LibraryContexts(unittest.TestCase):
    """Nothing is asked of the default library context that the program does not ask itself."""
    # What a program leaves in a library context to its end is no leak of ours: bare it is the same.
    LEAKS = {"ASAN_OPTIONS": "detect_leaks=0"}
    GROUPS = {"SSLHARDEN_GROUPS": "P-256", "SSLHARDEN_CIPHERS": "ECDHE+AESGCM"}

    def setUp(self):
        if peer.version() < 0x30000000:
            self.skipTest("library contexts came with 3.0")

    def test_a_default_one_that_can_make_nothing(self):
        for method, how in (("TLS_server_method", "accept"), ("TLS_method", "state")):
            words = ["apart", f"newex:{method}", peer.ciphers_word(),
                     f"cert:{peer.certificate()}", "provider"]
            for shim, variables in ((False, {}), (True, {}), (True, self.GROUPS),
                                    (True, {"SSLHARDEN_STRICT": "1", **self.GROUPS})):
                with self.subTest(method=method, shim=shim, variables=variables):
                    with peer.Server(*words, how=how, shim=shim, **self.LEAKS,
                                     **variables) as server:
                        lines = peer.run(*peer.client_words("TLSv1.2"), f"connect:{server.port}")
                        server.end()
                    chosen = peer.field(lines, "connected").split()[1]
                    served = peer.options(server.lines, "served")
                    self.assertEqual(peer.policy() & ~served == 0, shim)
                    if "SSLHARDEN_CIPHERS" in variables:
                        self.assertRegex(chosen, "ECDHE.*GCM")
                    self.assertEqual((peer.field(server.lines, "provider"), server.log), ("0", []))

    def test_no_trace(self):
        words = ["apart", "newex:TLS_server_method", "newex:TLS_method", "newex:TLS_client_method",
                 "provider"]
        self.assertEqual(peer.run(*words, **self.LEAKS), ["provider 0"])
        for variables in ({}, self.GROUPS, {"SSLHARDEN": "audit", "SSLHARDEN_LOG": "none"},
                          {"SSLHARDEN": "off"}, {"SSLHARDEN": "off", **self.GROUPS}):
            self.assertEqual(peer.run(*words, shim=True, **self.LEAKS, **variables), ["provider 0"],
                             variables)
        # Its twin: the word tells them apart.
        self.assertEqual(peer.run("new:TLS_server_method", "provider"), ["provider 1"])

    def test_a_line_for_many(self):
        """A list that is not taken there is told once, however many contexts there are."""
        words = ["apart", *["newex:TLS_server_method"] * 3]
        said = peer.run(*words, shim=True, **self.LEAKS, SSLHARDEN_GROUPS="NOTHING")
        self.assertEqual(len(said), 1, said)


class Lists(unittest.TestCase):
    def setUp(self):
        if peer.version() < 0x10101000:
            self.skipTest("TLS 1.3 and ChaCha20's own option came with 1.1.1")

    def ciphers(self, *words, **variables):
        return peer.field(peer.run(f"new:{peer.flexible('server')}",
                                   f"cert:{peer.certificate()}", *words, "ciphers?", shim=True,
                                   **variables), "ciphers").split()

    def test_ciphersuites(self):
        suites = "TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256"
        got = self.ciphers("suites:TLS_AES_256_GCM_SHA384", SSLHARDEN_CIPHERSUITES=suites)
        self.assertEqual(":".join(got[:2]), suites)
        self.assertNotIn("TLS_AES_256_GCM_SHA384", got)
        self.assertIn("TLS_AES_256_GCM_SHA384", self.ciphers("suites:TLS_AES_256_GCM_SHA384"))
        chosen = peer.ask([f"new:{peer.flexible('')}"], how="state", shim=True,
                          SSLHARDEN_CIPHERSUITES="TLS_CHACHA20_POLY1305_SHA256")[1]
        self.assertEqual(chosen, "TLS_CHACHA20_POLY1305_SHA256")

    def test_groups(self):
        """A client of one group only is served by a server that has it, and by no other."""
        for method, how, own in ((peer.flexible("server"), "accept", "groups:P-256"),
                                 (peer.flexible("server"), "accept", "tmpecdh"),
                                 (peer.flexible(""), "state", "groups:P-256")):
            words = [f"new:{method}", own]
            for groups, served in (("P-384", False), ("P-256:P-384", True)):
                with self.subTest(method=method, own=own, groups=groups):
                    with peer.Server(words[0], peer.ciphers_word(), f"cert:{peer.certificate()}",
                                     words[1], how=how, shim=True,
                                     SSLHARDEN_GROUPS=groups) as server:
                        lines = peer.run(*peer.client_words(), "groups:P-256",
                                         f"connect:{server.port}")
                        server.end()
                    self.assertEqual(lines[-1].startswith("connected"), served)

    def test_prioritize_chacha(self):
        words = [f"new:{peer.flexible('server')}", "options"]
        plain = peer.options(peer.run(*words, shim=True))
        asked = peer.options(peer.run(*words, shim=True, SSLHARDEN_PRIORITIZE_CHACHA="1"))
        self.assertEqual((plain & CHACHA, asked & CHACHA), (0, CHACHA))

    def test_profiles(self):
        no_order = 0x00400000
        words = [f"new:{peer.flexible('server')}", "options", "ciphers?"]
        modern = peer.run(*words, shim=True, SSLHARDEN_PROFILE="modern")
        self.assertTrue(peer.field(modern, "ciphers").startswith(MODERN))
        self.assertEqual(peer.options(modern) & no_order, 0)
        words = [words[0], f"cert:{peer.certificate()}", *words[1:]]
        # DTLS ends at 1.2.
        for profile in ("intermediate", "modern"):
            for method in (words[0], "new:DTLS_server_method"):
                told = peer.run(method, *words[1:], shim=True, SSLHARDEN_PROFILE=profile)
                ciphers = peer.field(told, "ciphers").split()
                self.assertEqual(len(ciphers), 9, (profile, method))
                self.assertTrue(all(c.startswith(("TLS_", "ECDHE-")) for c in ciphers))
        # What is set by name stands over the profile.
        mixed = {"SSLHARDEN_PROFILE": "modern", "SSLHARDEN_MIN_PROTOCOL": "TLSv1.2",
                 "SSLHARDEN_ALLOW_CLIENT_PREFERENCE": "0"}
        self.assertEqual(peer.options(peer.run(*words, shim=True, **mixed)) & no_order, no_order)
        self.assertEqual(peer.ask(words[:1], "TLSv1.2", shim=True, **mixed)[0], "TLSv1.2")

    def test_a_profile_on_the_wire(self):
        if not peer.speaks("TLSv1.2"):
            self.skipTest("this libssl does not speak TLS 1.2")
        words = [f"new:{peer.flexible('server')}"]
        self.assertEqual(peer.ask(words, "TLSv1.2", shim=True)[0], "TLSv1.2")
        self.assertIsNone(peer.ask(words, "TLSv1.2", shim=True, SSLHARDEN_PROFILE="modern")[0])
        self.assertIsNone(peer.ask(words, "TLSv1.1", shim=True,
                                   SSLHARDEN_PROFILE="intermediate")[0])
        self.assertEqual(peer.ask(words, shim=True, SSLHARDEN_PROFILE="modern")[0], "TLSv1.3")
        version, cipher, _ = peer.ask(words, "TLSv1.2", shim=True, SSLHARDEN_PROFILE="intermediate")
        self.assertEqual(version, "TLSv1.2")
        self.assertIn(cipher, self.ciphers(SSLHARDEN_PROFILE="intermediate"))


@unittest.skipIf(peer.CROSS, "its memory is an emulator's")
class Unknown(unittest.TestCase):
    """What this libssl does not know of the operator's lists, as sslharden status finds it."""

    def unknown(self, **variables):
        lists = {f"SSLHARDEN_{name}": value for name, value in variables.items()}
        with peer.Server(f"new:{peer.flexible('server')}", shim=True, **lists) as server:
            return logs.Page(server.process.pid).unknown()

    def refused(self, word, names):
        """Which of them it takes no list of, bare."""
        said = {"ciphers": "list", "groups": "groups"}[word]
        return {i for i, name in enumerate(names) if not name.startswith(("!", "-")) and peer.field(
            peer.run(f"new:{peer.flexible('server')}", f"{word}:{name}"), said) == "0"}

    def test_ciphers(self):
        """One that it takes a part of, one of which it takes nothing, and one that it knows."""
        some = ("AES128-SHA", "NO-SUCH-SUITE", "ECDHE-RSA-CHACHA20-POLY1305", "!NO-SUCH-ONE",
                "kECDHE+AESGCM", "-EXPORT", "HIGH")
        self.assertEqual(self.unknown(CIPHERS=":".join(some))["CIPHERS"],
                         self.refused("ciphers", some))
        self.assertIsNone(self.unknown(CIPHERS="NO-SUCH-SUITE")["CIPHERS"])
        self.assertEqual(self.unknown(CIPHERS="AES256-SHA AES128-SHA")["CIPHERS"], set())

    def test_suites(self):
        none = peer.newest() != "TLSv1.3"
        known = self.unknown(CIPHERSUITES="TLS_AES_128_GCM_SHA256")["CIPHERSUITES"]
        self.assertEqual(known, None if none else set())
        self.assertIsNone(self.unknown(CIPHERSUITES="TLS_NO_SUCH")["CIPHERSUITES"])

    def test_groups(self):
        """A profile's are left out at the front until the rest is taken."""
        names = ("X25519MLKEM768", "X25519", "prime256v1", "secp384r1")
        refused = self.refused("groups", names)
        none = len(refused) == len(names)  # before 1.0.2
        self.assertEqual(self.unknown(PROFILE="intermediate")["GROUPS"],
                         None if none else refused)
        self.assertIsNone(self.unknown(GROUPS="P-256:nonesuch")["GROUPS"])
        self.assertEqual(self.unknown(GROUPS="P-256:P-384")["GROUPS"], None if none else set())


class Certificates(unittest.TestCase):
    """A list of which the server's certificate can use nothing, before TLS 1.3."""
    ECDSA = {"SSLHARDEN_CIPHERS": "ECDHE-ECDSA-AES128-GCM-SHA256"}
    RSA = {"SSLHARDEN_CIPHERS": "ECDHE-RSA-AES128-GCM-SHA256"}

    def setUp(self):
        if not peer.speaks("TLSv1.2"):
            self.skipTest("this libssl does not speak TLS 1.2")

    @peer.with_curves
    def test_the_programs_own_list_stays(self):
        for method, how in ((peer.flexible("server"), "accept"), (peer.flexible(""), "state"),
                            ("TLSv1_server_method", "accept")):
            with self.subTest(method=method):
                ask = [f"new:{method}"]
                _, useful, server = peer.ask(ask, "TLSv1.2", how=how, shim=True, **self.RSA)
                self.assertEqual((useful, server.log), ("ECDHE-RSA-AES128-GCM-SHA256", []))
                _, own, server = peer.ask(ask, "TLSv1.2", how=how, shim=True,
                                          server_ciphers="AES256-SHA", **self.ECDSA)
                self.assertEqual(own, "AES256-SHA")
                self.assertEqual(len(server.log), 1, server.log)
                self.assertRegex(server.log[0], "warning: .*SSLHARDEN_CIPHERS.*own list stays")

    @peer.with_curves
    def test_so_it_does_where_the_versions_can_use_nothing(self):
        """Of a server that ends at TLS 1.1, whose libssl would serve nobody with suites of TLS 1.2."""
        if not peer.speaks("TLSv1.1"):
            self.skipTest("this libssl does not speak TLS 1.1")
        older = "ECDHE-RSA-AES128-SHA"
        forbidding = {"SSLHARDEN_CIPHERS": f"{self.RSA['SSLHARDEN_CIPHERS']}:AES128-SHA",
                      "SSLHARDEN_FORBID": "kRSA"}
        for settings in (self.RSA, forbidding):
            for role, how in (("server", "accept"), ("", "state")):
                words = [f"new:{peer.flexible(role)}"]
                capped = [*words, "set:28000000"]  # NO_TLSv1_2 of 1.0.1 and later, NO_TLSv1_3
                more = {"how": how, "server_ciphers": f"AES128-SHA:{older}"}
                with self.subTest(settings=settings, role=role):
                    self.assertEqual(peer.ask(capped, "TLSv1.1", **more)[0], "TLSv1.1")
                    served, suite, server = peer.ask(capped, "TLSv1.1", **more, shim=True,
                                                     **settings)
                    self.assertEqual((served, suite == older),
                                     ("TLSv1.1", "SSLHARDEN_FORBID" in settings), server.log)
                    self.assertRegex("".join(server.log), "SSLHARDEN_CIPHERS.*own list stays")
                    refused, _, server = peer.ask(capped, "TLSv1.1", **more, shim=True, **settings,
                                                  SSLHARDEN_STRICT="1")
                    self.assertIsNone(refused)
                    self.assertIn("SSLHARDEN_STRICT: refused: SSLHARDEN_CIPHERS has no suite",
                                  "".join(server.log))
                    # A server with TLS 1.2 has the list, and who offers less is refused with a line.
                    _, suite, server = peer.ask(words, "TLSv1.2", **more, shim=True, **settings)
                    self.assertEqual((suite, server.log), (self.RSA["SSLHARDEN_CIPHERS"], []))

    def test_static_keys_of_elliptic_curves(self):
        """Their suites name RSA for who signed the certificate, whose key is one of a curve."""
        static = "ECDH-RSA-AES128-SHA"
        if not peer.has_suite(static):
            self.skipTest("from 1.1.0 on there are none")
        _, own, server = peer.ask([f"new:{peer.flexible('server')}"], "TLSv1.2", shim=True,
                                  server_ciphers="AES256-SHA", SSLHARDEN_CIPHERS=static)
        self.assertEqual(own, "AES256-SHA")
        self.assertRegex(server.log[0], "warning: .*SSLHARDEN_CIPHERS.*own list stays")

    def test_so_does_libssls_default(self):
        words = [f"new:{peer.flexible('server')}", f"cert:{peer.certificate()}"]
        chosen = []
        for variables in ({}, self.ECDSA):
            with peer.Server(*words, count=2, shim=True, **variables) as server:
                for _ in range(2):
                    lines = peer.run(*peer.client_words("TLSv1.2"), f"connect:{server.port}")
                    chosen.append(peer.field(lines, "connected").split()[1])
                server.end()
        self.assertEqual(len(set(chosen)), 1, chosen)
        self.assertEqual(len(peer.without_order(server.log)), 1, server.log)

    def test_one_of_two_certificates_is_enough(self):
        if not peer.has("new:TLS_method"):
            self.skipTest("1.0.1 names one certificate only")
        for certificates in (("rsa", "ec"), ("ec", "rsa")):
            words = [peer.ciphers_word(), *(f"cert:{peer.certificate(c)}" for c in certificates)]
            with peer.Server(f"new:{peer.flexible('server')}", *words, shim=True,
                             **self.ECDSA) as server:
                lines = peer.run(*peer.client_words("TLSv1.2"), f"connect:{server.port}")
                server.end()
            self.assertEqual(peer.field(lines, "connected").split()[1],
                             self.ECDSA["SSLHARDEN_CIPHERS"])
            self.assertEqual(server.log, [])

    def moved(self, first, second, offered, shim=True):
        """The suite of a connection that is moved from one context to another (SNI), and the log."""
        def context(key, ciphers):
            return (f"new:{peer.flexible('server')}", peer.ciphers_word(ciphers),
                    f"cert:{peer.certificate(key)}")
        with peer.Server(*context(*first), "other", *context(*second), "first", "late:sni",
                         shim=shim, **self.ECDSA) as server:
            lines = peer.run(*peer.client_words("TLSv1.2", offered), f"connect:{server.port}")
            server.end()
        done = peer.field(lines, "connected") if not lines[-1].startswith("failed") else " "
        return done.split()[1:2], server.log

    def test_a_connection_that_is_moved(self):
        """Each context's certificate decides, and each keeps its own list, not the first's."""
        if not peer.has("new:TLS_method"):
            self.skipTest("moved in the ClientHello callback, which is newer")
        ours, strong, weak = (self.ECDSA["SSLHARDEN_CIPHERS"], "ECDHE-RSA-AES256-GCM-SHA384",
                              "ECDHE-RSA-AES128-SHA")
        self.assertEqual(self.moved(("ec", "ALL"), ("rsa", strong), f"{weak}:{strong}")[0], [strong])
        self.assertEqual(self.moved(("rsa", "ALL"), ("rsa", strong), f"{weak}:{strong}")[0],
                         [strong])
        chosen, log = self.moved(("rsa", "ALL"), ("ec", "ALL"), f"ECDHE-ECDSA-AES128-SHA:{ours}")
        self.assertEqual(chosen, [ours])
        self.assertEqual(self.moved(("rsa", "ALL"), ("ec", "ALL"), f"ECDHE-ECDSA-AES128-SHA:{ours}",
                                    shim=False)[0], ["ECDHE-ECDSA-AES128-SHA"])

    @peer.with_curves
    def test_strict_refuses_it(self):
        words = [f"cert:{peer.certificate()}"]
        for method, how in ((peer.flexible("server"), "accept"), (peer.flexible(""), "accept")):
            with peer.Server(f"new:{method}", *words, how=how, shim=True, SSLHARDEN_STRICT="1",
                             **self.ECDSA) as server:
                lines = peer.run(*peer.client_words("TLSv1.2"), f"connect:{server.port}")
                self.assertTrue(lines[-1].startswith("failed"), lines)
                log = server.process.communicate(timeout=peer.TIMEOUT)[1]
            self.assertIn("SSLHARDEN_STRICT: refused: SSLHARDEN_CIPHERS has no suite", log)
            self.assertNotIn("own list stays", log)


if __name__ == "__main__":
    unittest.main()
