# SPDX-License-Identifier: MIT
"""A client that is refused because of us is explained; nobody else is."""
import os
import re
import socket
import subprocess
import tempfile
import unittest

import peer

import advice  # of the folder above, where peer looks too


NO_TLS_FROM_1_2 = 0x08000000 | 0x20000000  # NO_TLSv1_2 of 1.0.1 and later, NO_TLSv1_3


def explained(server):
    return [line for line in server.log if "refused a client" in line]


def set_clock(path, seconds):
    """Replaced as a whole: the server may read it at any time."""
    with open(path + ".new", "w", encoding="ascii") as clock:
        clock.write(f"+{seconds}")
    os.rename(path + ".new", path)


class Refused(unittest.TestCase):
    def test_below_the_operators_floor(self):
        if not peer.speaks("TLSv1") or not peer.speaks("TLSv1.2"):
            self.skipTest("this libssl does not speak TLS 1.0 and 1.2")
        for how, method in (("accept", peer.flexible("server")), ("state", peer.flexible("")),
                            ("accept", "TLSv1_server_method")):
            with self.subTest(how=how, method=method):
                bare, _, _ = peer.ask([f"new:{method}"], "TLSv1", how=how)
                refused, _, server = peer.ask([f"new:{method}"], "TLSv1", how=how, shim=True,
                                              SSLHARDEN_MIN_PROTOCOL="TLSv1.2")
                self.assertEqual((bare, refused), ("TLSv1", None))
                line, = explained(server)
                self.assertRegex(line, r"^sslharden\[\d+\]: warning: refused a client offering at "
                                       r"most TLSv1 from 127\.0\.0\.1:\d+; ")
                variable = re.search(r"(SSLHARDEN_MIN_PROTOCOL)=(\S+) admits it", line)
                admitted, _, _ = peer.ask([f"new:{method}"], "TLSv1", how=how, shim=True,
                                          **{variable.group(1): variable.group(2)})
                self.assertEqual(admitted, "TLSv1")

    def test_a_floor_above_the_programs_own_maximum(self):
        """What a server was capped at gives way; what it forbids stays so, and is said."""
        if not peer.speaks("TLSv1.1") or not peer.speaks("TLSv1.2"):
            self.skipTest("this libssl does not speak TLS 1.1 and 1.2")
        floor = {"shim": True, "SSLHARDEN_MIN_PROTOCOL": "TLSv1.2"}
        unread = peer.since("one that may serve nothing reads no hello")
        for role in ("server", ""):
            for how in ("accept", "state"):
                words = [f"new:{peer.flexible(role)}"]
                forbids = [*words, f"set:{NO_TLS_FROM_1_2:x}"]
                with self.subTest(role=role, how=how):
                    self.assertIsNone(peer.ask(forbids, "TLSv1.2", how=how)[0])
                    refused, _, server = peer.ask(forbids, "TLSv1.2", how=how, **floor)
                    self.assertIsNone(refused)
                    who, why, whom = (
                        ("", ", so no hello is read", "those of TLSv1.1, =TLSv1 also those of TLSv1$")
                        if unread else (" offering at most TLSv1.2", "", "it, if "))
                    self.assertRegex(explained(server)[0],
                                     rf"refused a client{who} from .*; SSLHARDEN_MIN_PROTOCOL is "
                                     rf"TLSv1\.2, which the program itself forbids{why}, "
                                     rf"SSLHARDEN_MIN_PROTOCOL=TLSv1\.1 admits {whom}")
                    floor_of_the_line = {**floor, "SSLHARDEN_MIN_PROTOCOL": "TLSv1.1"}
                    self.assertEqual(peer.ask(forbids, how=how, **floor_of_the_line)[0], "TLSv1.1")
                    if not peer.modern():
                        continue  # no such call
                    for capped in ([*words, "max:302"], [*words, "ssl:max:302"]):
                        self.assertEqual(peer.ask(capped, how=how)[0], "TLSv1.1")
                        self.assertEqual(peer.ask(capped, how=how, **floor)[0], "TLSv1.2")

    def test_a_floor_in_a_gap_of_the_program(self):
        """Its own setting lets those of TLS 1.2 in as well; of who has no more nothing is said of it."""
        if not peer.speaks("TLSv1") or peer.newest() != "TLSv1.3":
            self.skipTest("this libssl does not speak TLS 1.0 and 1.3")
        words = [f"new:{peer.flexible('server')}", "set:18000000"]  # NO_TLSv1_1, NO_TLSv1_2
        for client, says in ((["max:303"], "is TLSv1.2, which the program itself forbids, SSLHARDEN_MIN"),
                             (["max:302"], "is TLSv1.2, SSLHARDEN_MIN_PROTOCOL=TLSv1 admits it")):
            with self.subTest(client=client):
                self.assertEqual(peer.ask(words, client=client)[0], "TLSv1")
                refused, _, server = peer.ask(words, client=client, shim=True,
                                              SSLHARDEN_MIN_PROTOCOL="TLSv1.2")
                self.assertIsNone(refused)
                self.assertIn(says, explained(server)[0])

    def test_a_floor_and_a_list_that_the_program_itself_forbids(self):
        """Of a server that ends at TLS 1.1; whoever does what the line says lets each client in."""
        if not peer.speaks("TLSv1") or not peer.speaks("TLSv1.2"):
            self.skipTest("this libssl does not speak TLS 1.0 and 1.2")
        words = [f"new:{peer.flexible('server')}", f"set:{NO_TLS_FROM_1_2:x}"]
        unread = peer.since("one that may serve nothing reads no hello")
        gcm = {"SSLHARDEN_MIN_PROTOCOL": "TLSv1.2", "SSLHARDEN_CIPHERS": "ECDHE-RSA-AES128-GCM-SHA256"}
        for settings, says, admit in (
                ({"SSLHARDEN_PROFILE": "intermediate"}, "is TLSv1.2 by the profile, which", "admits"),
                (gcm, "is TLSv1.2, which", "admits"),
                ({**gcm, "SSLHARDEN_STRICT": "1"}, "is TLSv1.2, which",
                 "and a longer SSLHARDEN_CIPHERS admit")):
            for version in ("TLSv1", "TLSv1.1"):
                with self.subTest(settings=settings, version=version):
                    settings = {"shim": True, "ciphers": "AES128-SHA", **settings}
                    self.assertEqual(peer.ask(words, version, ciphers="AES128-SHA")[0], version)
                    refused, _, server = peer.ask(words, version, **settings)
                    line, = explained(server)
                    self.assertIsNone(refused)
                    self.assertIn(says, line)
                    named = "TLSv1.1" if unread else version
                    self.assertIn(f"SSLHARDEN_MIN_PROTOCOL={named} {admit} ", line)
                    changed = advice.follow(line, settings)
                    if unread and version == "TLSv1":
                        self.assertRegex(line, r"those of TLSv1\.1, =TLSv1 also those of TLSv1$")
                        changed["SSLHARDEN_MIN_PROTOCOL"] = "TLSv1"
                    self.assertEqual(peer.ask(words, version, **changed)[0], version)

    def test_a_level_of_the_operators_that_leaves_no_version(self):
        if not peer.modern() or not peer.speaks("TLSv1"):
            self.skipTest("this libssl has no levels, or does not speak TLS 1.0")
        level = "2" if peer.since("level 1 is without TLS 1.0") else "4"
        words = [f"new:{peer.flexible('server')}", f"set:{NO_TLS_FROM_1_2:x}"]
        settings = {"shim": True, "SSLHARDEN_CIPHERS": f"ALL:@SECLEVEL={level}"}
        self.assertEqual(peer.ask(words, "TLSv1")[0], "TLSv1")
        refused, _, server = peer.ask(words, "TLSv1", **settings)
        line, = explained(server)
        self.assertIsNone(refused)
        self.assertIn("@SECLEVEL=0 in SSLHARDEN_CIPHERS admits ", line)
        self.assertEqual(peer.ask(words, "TLSv1", **advice.follow(line, settings))[0], "TLSv1")

    def test_a_cap_below_every_suite_of_the_list(self):
        """libssl has no suite for the newest version that is left then, and reads no hello."""
        if peer.version() < 0x10101000 or not peer.speaks("TLSv1.1"):
            self.skipTest("this libssl looks for such a suite later, or does not speak TLS 1.1")
        words = [f"new:{peer.flexible('server')}"]
        arguments = {"ciphers": "ECDHE-RSA-AES128-GCM-SHA256",
                     "server_ciphers": "ECDHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0"}
        settings = {"shim": True, "SSLHARDEN_MAX_PROTOCOL": "TLSv1.1"}
        for version, served in (("TLSv1.2", "TLSv1.2"), (None, peer.newest())):
            with self.subTest(version=version):
                self.assertEqual(peer.ask(words, version, **arguments)[0], served)
                refused, _, server = peer.ask(words, version, **arguments, **settings)
                line, = explained(server)
                self.assertIsNone(refused)
                self.assertRegex(line, r"refused a client from .*; SSLHARDEN_MAX_PROTOCOL is TLSv1\.1, "
                                       rf"SSLHARDEN_MAX_PROTOCOL={peer.newest()} admits those of ")
                changed = advice.follow(line, settings)
                self.assertEqual(peer.ask(words, version, **arguments, **changed)[0], served)
        _, _, server = peer.ask(words, "TLSv1.1", **settings, server_ciphers="ALL:@SECLEVEL=0")
        self.assertEqual(explained(server), [])

    def test_a_peer_of_ipv6(self):
        if not peer.speaks("TLSv1") or not peer.speaks("TLSv1.2"):
            self.skipTest("this libssl does not speak TLS 1.0 and 1.2")
        try:
            socket.create_server(("::1", 0), family=socket.AF_INET6).close()
        except OSError as error:
            self.skipTest(f"no IPv6 here: {error}")
        words = ["ipv6", f"new:{peer.flexible('server')}", peer.ciphers_word(),
                 f"cert:{peer.certificate()}"]
        with peer.Server(*words, shim=True, SSLHARDEN_MIN_PROTOCOL="TLSv1.2") as server:
            client = peer.run("ipv6", *peer.client_words("TLSv1"), f"connect:{server.port}")
            server.end()
        self.assertRegex(client[-1], "^failed")
        self.assertRegex(explained(server)[0], r"at most TLSv1 from \[::1\]:\d+; ")

    def test_sslv3(self):
        if not peer.speaks("SSLv3"):
            self.skipTest("this libssl does not speak SSL 3.0")
        words = [f"new:{peer.flexible('server')}"]
        refused, _, server = peer.ask(words, "SSLv3", shim=True)
        line, = explained(server)
        self.assertIn("at most SSLv3 from 127.0.0.1:", line)
        self.assertIn("SSLHARDEN_ALLOW_SSLV3=1 admits it", line)
        admitted, _, server = peer.ask(words, "SSLv3", shim=True, SSLHARDEN_ALLOW_SSLV3="1")
        self.assertEqual((refused, admitted, explained(server)), (None, "SSLv3", []))
        # The program forbids it itself: no variable would help.
        forbids = [*words, "set:2000000"]
        _, _, server = peer.ask(forbids, "SSLv3", shim=True)
        self.assertEqual(explained(server), [])
        # Until it is configured otherwise, as stunnel is: that it stays so is our doing.
        _, _, server = peer.ask([*forbids, "clear:2000000"], "SSLv3", shim=True)
        self.assertIn("SSLHARDEN_ALLOW_SSLV3=1 admits it", explained(server)[0])

    def test_a_floor_below_a_pin(self):
        """Bare the pin refuses them as well, and there is no lower floor that a line could name."""
        if not peer.speaks("TLSv1.2"):
            self.skipTest("this libssl does not speak TLS 1.2")
        words = ["new:TLSv1_2_server_method"]
        for version in ("SSLv3", "TLSv1", "TLSv1.1"):
            if not peer.speaks(version):
                continue
            for how in ("accept", "read"):
                with self.subTest(version=version, how=how):
                    self.assertIsNone(peer.ask(words, version, how=how)[0])
                    refused, _, server = peer.ask(words, version, how=how, shim=True,
                                                  SSLHARDEN_MIN_PROTOCOL="TLSv1")
                    self.assertEqual((refused, explained(server)), (None, []))
        self.assertEqual(peer.ask(words, "TLSv1.2", shim=True, SSLHARDEN_MIN_PROTOCOL="TLSv1")[0],
                         "TLSv1.2")

    def test_no_cipher_of_the_operators_list(self):
        words = [f"new:{peer.flexible('server')}"]
        version = "TLSv1.2" if peer.speaks("TLSv1.2") else "TLSv1"
        arguments = {"version": version, "ciphers": "AES128-SHA"}
        bare, _, _ = peer.ask(words, **arguments)
        refused, _, server = peer.ask(words, shim=True, **arguments, SSLHARDEN_CIPHERS="AES256-SHA")
        self.assertEqual((bare, refused), (version, None))
        self.assertIn("SSLHARDEN_CIPHERS", explained(server)[0])
        # The same with the program's own list: not our doing.
        _, _, server = peer.ask(words, shim=True, **arguments, server_ciphers="AES256-SHA")
        self.assertEqual(explained(server), [])

    def test_one_line_a_minute(self):
        if not peer.speaks("TLSv1") or not peer.speaks("TLSv1.2"):
            self.skipTest("this libssl does not speak TLS 1.0 and 1.2")
        words = [f"new:{peer.flexible('server')}", peer.ciphers_word(),
                 f"cert:{peer.certificate()}"]
        with peer.Server(*words, count=5, shim=True, SSLHARDEN_MIN_PROTOCOL="TLSv1.2") as server:
            for _ in range(5):
                peer.run(*peer.client_words("TLSv1"), f"connect:{server.port}")
            server.end()
        self.assertEqual(len([line for line in server.lines if line.startswith("refused")]), 5)
        self.assertEqual(len(explained(server)), 1)

    def test_the_rest_are_counted(self):
        """libfaketime lets minutes pass; the second line counts those in between, each once."""
        if not peer.speaks("TLSv1") or not peer.speaks("TLSv1.2") or not peer.modern():
            self.skipTest("this libssl does not speak TLS 1.0 and 1.2")
        faketime = [n for n in os.environ["SSLHARDEN_NEIGHBOURS"].split(":") if "faketime" in n]
        if not faketime or os.environ.get("SSLHARDEN_PRELOAD_FIRST") or peer.LOADER:
            self.skipTest("needs libfaketime, and this system's libc")
        with tempfile.TemporaryDirectory() as folder:
            clock = os.path.join(folder, "clock")
            set_clock(clock, 0)
            words = [f"new:{peer.flexible('server')}", peer.ciphers_word(),
                     f"cert:{peer.certificate()}"]
            with peer.Server(*words, count=5, shim=True, SSLHARDEN_MIN_PROTOCOL="TLSv1.2",
                             before=faketime, FAKETIME_TIMESTAMP_FILE=clock, FAKETIME_NO_CACHE="1",
                             DONT_FAKE_MONOTONIC="0") as server:
                for seconds in (0, 1, 2, 3, 120):
                    set_clock(clock, seconds)
                    peer.run(*peer.client_words("TLSv1"), f"connect:{server.port}")
                    server.outcome()  # the client may be done before it is
                server.end()
        said = explained(server)
        self.assertEqual(len(said), 2, said)
        self.assertIn("(and 3 more since the last line)", said[1])

    def test_garbage_is_not_a_client(self):
        words = [f"new:{peer.flexible('server')}", f"cert:{peer.certificate()}"]
        scans = [b"GET / HTTP/1.0\r\n\r\n", b"\x00" * 64, b"\x16\x03\x00\x00\x04\x01\x00\x00\x00",
                 b"\x80\x2e\x01\x00\x02" + b"\x00" * 44, b"SSH-2.0-OpenSSH_9.2\r\n", b""]
        with peer.Server(*words, count=len(scans), shim=True, SSLHARDEN_CIPHERS="AES256-SHA",
                         SSLHARDEN_MIN_PROTOCOL="TLSv1.3") as server:
            for scan in scans:
                with socket.create_connection(("127.0.0.1", server.port)) as client:
                    try:
                        client.sendall(scan)
                        client.shutdown(socket.SHUT_WR)
                        client.recv(4096)
                    except OSError:  # the server may have reset it by then
                        pass
            server.end()
        self.assertEqual(explained(server), [])


class Advice(unittest.TestCase):
    """Who does what the line says, all of it and at once, lets the client in."""
    NEW = "ECDHE-RSA-AES128-GCM-SHA256"

    def check(self, version, variables, expected, server_words=(), **client):
        words = [f"new:{peer.flexible('server')}", *server_words]
        bare, _, _ = peer.ask(words, version, **client)
        refused, _, server = peer.ask(words, version, shim=True, **client, **variables)
        line, = explained(server)
        self.assertRegex(line, expected)
        changed = advice.follow(line, variables)
        admitted, _, server = peer.ask(words, version, shim=True, **client, **changed)
        self.assertEqual((refused, admitted), (None, bare), (line, changed, server.log))
        self.assertNotIn("cannot read", "".join(server.log))
        # What got in, and would not have, is what an audit tells of.
        got_in, _, server = peer.ask(words, version, shim=True, SSLHARDEN="audit", **client,
                                     **variables)
        self.assertEqual(got_in, bare)
        return [entry for entry in server.log if "audit: would refuse a client" in entry]

    def test_sslv3(self):
        if not peer.speaks("SSLv3") or not peer.speaks("TLSv1.2"):
            self.skipTest("this libssl does not speak SSL 3.0 and TLS 1.2")
        for variables in ({}, {"SSLHARDEN_MIN_PROTOCOL": "TLSv1.2"},
                          {"SSLHARDEN_PROFILE": "intermediate"},
                          {"SSLHARDEN_PROFILE": "intermediate", "SSLHARDEN_MIN_PROTOCOL": "TLSv1"},
                          {"SSLHARDEN_ALLOW_SSLV3": "1", "SSLHARDEN_MIN_PROTOCOL": "TLSv1"}):
            with self.subTest(**variables):
                told, = self.check("SSLv3", variables, "at most SSLv3 from ")
                self.assertIn("at most SSLv3 from ", told)

    def test_sslv3_that_nothing_brings_back(self):
        """This libssl has none, or the program itself forbids it: no setting would admit it."""
        body = b"\x03\x00" + bytes(32) + b"\x00" + b"\x00\x02\x00\x2f" + b"\x01\x00"
        hello = b"\x01" + len(body).to_bytes(3, "big") + body
        record = b"\x16\x03\x00" + len(hello).to_bytes(2, "big") + hello
        words = [f"new:{peer.flexible('server')}", f"cert:{peer.certificate()}"]
        if peer.speaks("SSLv3"):
            words.append("set:2000000")
        for variables in ({}, {"SSLHARDEN_MIN_PROTOCOL": "TLSv1.1"}):
            with self.subTest(**variables), peer.Server(*words, shim=True, **variables) as server:
                with socket.create_connection(("127.0.0.1", server.port)) as client:
                    client.sendall(record)
                    try:
                        client.recv(4096)
                    except OSError:
                        pass
                server.end()
                self.assertRegex("\n".join(server.lines), "(?m)^refused ")
                self.assertEqual(explained(server), [])

    def test_below_a_floor(self):
        if not peer.speaks("TLSv1") or not peer.speaks("TLSv1.2"):
            self.skipTest("this libssl does not speak TLS 1.0 and 1.2")
        for variables, named in (({"SSLHARDEN_MIN_PROTOCOL": "TLSv1.2"}, "is TLSv1.2, "),
                                 ({"SSLHARDEN_PROFILE": "intermediate"}, "by the profile, ")):
            with self.subTest(**variables):
                told, = self.check("TLSv1", variables, f"at most TLSv1 from .*{named}")
                self.assertIn("at most TLSv1 from ", told)

    def test_each_version_below_a_floor(self):
        """What admits the newer of two need not admit the older: each has its line."""
        if not peer.speaks("TLSv1") or not peer.speaks("TLSv1.2"):
            self.skipTest("this libssl does not speak TLS 1.0 and 1.2")
        words = [f"new:{peer.flexible('server')}", peer.ciphers_word(),
                 f"cert:{peer.certificate()}"]
        with peer.Server(*words, count=4, shim=True, SSLHARDEN_MIN_PROTOCOL="TLSv1.2") as server:
            for version in ("TLSv1.1", "TLSv1", "TLSv1.1", "TLSv1"):
                peer.run(*peer.client_words(version), f"connect:{server.port}")
            server.end()
        # Before 1.1.1 what suites it offered is not known where its version is refused.
        unsure = "" if peer.version() >= 0x10101000 else \
            ", if the program's own list has a suite for it"
        self.assertEqual([line.split("; ")[1] for line in explained(server)],
                         [f"SSLHARDEN_MIN_PROTOCOL is TLSv1.2, SSLHARDEN_MIN_PROTOCOL={version} "
                          f"admits it{unsure}" for version in ("TLSv1.1", "TLSv1")])

    def test_lists(self):
        version = "TLSv1.2" if peer.speaks("TLSv1.2") else "TLSv1"
        self.check(version, {"SSLHARDEN_CIPHERS": "AES256-SHA"}, "no cipher of the list from ",
                   ciphers="AES128-SHA")
        if not peer.modern():  # ECDHE is not on by itself
            return
        self.check("TLSv1.2", {"SSLHARDEN_GROUPS": "P-384"}, "no group of the list from ",
                   ciphers="ECDHE-RSA-AES128-GCM-SHA256", client=["groups:P-256"])
        if peer.newest() != "TLSv1.3":
            return
        self.check(None, {"SSLHARDEN_CIPHERSUITES": "TLS_AES_256_GCM_SHA384"},
                   "no cipher of the list from .*SSLHARDEN_CIPHERSUITES",
                   client=["min:304", "suites:TLS_AES_128_GCM_SHA256"])
        self.check(None, {"SSLHARDEN_GROUPS": "P-384"}, "no group of the list from ",
                   client=["min:304", "groups:P-256"])

    def test_above_a_cap(self):
        if peer.newest() != "TLSv1.3":
            self.skipTest("this libssl does not speak TLS 1.3")
        self.check(None, {"SSLHARDEN_MAX_PROTOCOL": "TLSv1.2"},
                   "only newer versions from .*; SSLHARDEN_MAX_PROTOCOL is TLSv1.2, ",
                   client=["min:304"])


    def test_all_that_has_to_change(self):
        if not peer.speaks("TLSv1") or peer.newest() != "TLSv1.3":
            self.skipTest("this libssl does not speak TLS 1.0 and 1.3")
        old = {"version": "TLSv1", "ciphers": "AES128-SHA"}
        self.check(variables={"SSLHARDEN_PROFILE": "intermediate"}, **old,
                   expected="SSLHARDEN_MIN_PROTOCOL=TLSv1 and AES128-SHA in SSLHARDEN_CIPHERS "
                            r"\(now the profile's\) admit it$")
        # None brings the profile's list back.
        self.check(variables={"SSLHARDEN_PROFILE": "intermediate",
                              "SSLHARDEN_MIN_PROTOCOL": "TLSv1",
                              "SSLHARDEN_CIPHERS": "AES256-SHA"}, **old,
                   expected="no cipher of the list from .*; AES128-SHA in SSLHARDEN_CIPHERS admits it$")
        self.check(variables={"SSLHARDEN_MIN_PROTOCOL": "TLSv1.2", "SSLHARDEN_GROUPS": "P-384"},
                   version="TLSv1", ciphers="ECDHE-RSA-AES128-SHA", client=["groups:P-256"],
                   expected="SSLHARDEN_MIN_PROTOCOL=TLSv1 and P-256 in SSLHARDEN_GROUPS admit it$")
        level = "2" if peer.since("level 1 is without TLS 1.0") else "3"
        self.check(variables={"SSLHARDEN_CIPHERS": f"ALL:@SECLEVEL={level}"},
                   version="TLSv1", ciphers="ECDHE-RSA-AES128-SHA",
                   expected="at most TLSv1 from .*; @SECLEVEL=0 in SSLHARDEN_CIPHERS admits it$")

    def test_what_is_forbidden(self):
        """Beside whatever else is in the way, and only where it is itself."""
        if not peer.speaks("TLSv1") or peer.newest() != "TLSv1.3":
            self.skipTest("this libssl does not speak TLS 1.0 and 1.3")
        floor = {"SSLHARDEN_MIN_PROTOCOL": "TLSv1.2"}
        lists = {"SSLHARDEN_CIPHERS": "AES256-SHA:ECDHE-RSA-AES256-SHA"}
        two = {"SSLHARDEN_FORBID": "3DES,CBC,kRSA"}
        forward = "ECDHE-RSA-AES128-SHA"
        for version, variables, ciphers, expected in (
                ("TLSv1.2", {}, "AES128-SHA", "SSLHARDEN_FORBID without kRSA admits"),
                ("TLSv1.2", two, "AES128-SHA", "SSLHARDEN_FORBID without CBC,kRSA admits"),
                ("TLSv1", floor, "AES128-SHA",
                 "SSLHARDEN_MIN_PROTOCOL=TLSv1 and SSLHARDEN_FORBID without kRSA admit"),
                ("TLSv1", floor, f"AES128-SHA:{forward}", "SSLHARDEN_MIN_PROTOCOL=TLSv1 admits"),
                ("TLSv1", {"SSLHARDEN_MIN_PROTOCOL": "TLSv1.3"}, "AES128-SHA",
                 "SSLHARDEN_MIN_PROTOCOL=TLSv1 and SSLHARDEN_FORBID without kRSA admit"),
                ("TLSv1.2", lists, forward, f"{forward} in SSLHARDEN_CIPHERS admits"),
                ("TLSv1.2", lists, f"AES128-SHA:{forward}",
                 f"{forward} in SSLHARDEN_CIPHERS admits"),
                ("TLSv1.2", lists, f"AES256-SHA:{forward}",
                 "SSLHARDEN_FORBID without kRSA admits"),
                ("TLSv1.2", lists, "AES128-SHA", "SSLHARDEN_FORBID without kRSA and AES128-SHA in "
                                                 "SSLHARDEN_CIPHERS admit"),
                ("TLSv1", {"SSLHARDEN_PROFILE": "intermediate"}, "AES128-SHA",
                 r"SSLHARDEN_MIN_PROTOCOL=TLSv1 and SSLHARDEN_FORBID without kRSA and AES128-SHA in "
                 r"SSLHARDEN_CIPHERS \(now the profile's\) admit")):
            with self.subTest(variables=variables, ciphers=ciphers):
                told = self.check(version, {"SSLHARDEN_FORBID": "kRSA", **variables},
                                  f"[;,] {expected} it$", ciphers=ciphers)
                self.assertEqual(len(told), 1)
                self.assertRegex(told[0], f"[;,] {expected} it$")

    def test_what_is_forbidden_and_a_version_left_out_in_between(self):
        """libssl then takes TLS 1.0 for its newest, and with no suite for that it served nobody."""
        if not (peer.speaks("TLSv1") and peer.speaks("TLSv1.2") and peer.has_suite(self.NEW)):
            self.skipTest("this libssl does not speak TLS 1.0 and 1.2")
        words = ["set:10000000"]  # SSL_OP_NO_TLSv1_1
        for variables, line in (({"SSLHARDEN_FORBID": "CBC"}, "SSLHARDEN_FORBID without CBC admits"),
                                ({"SSLHARDEN_CIPHERS": self.NEW}, "SSLHARDEN_CIPHERS admits")):
            with self.subTest(**variables):
                self.check("TLSv1", variables, line, words, ciphers=f"AES128-SHA:{self.NEW}")
                for version in {"TLSv1.2", peer.newest()}:
                    got, _, server = peer.ask([f"new:{peer.flexible('server')}", *words],
                                              version if version == "TLSv1.2" else None,
                                              shim=True, **variables)
                    self.assertEqual(got, version, server.log)

    def test_what_is_forbidden_and_looked_at_twice(self):
        """A program with a ClientHello callback (Apache) has its connections read once more, when
        the list is without what is forbidden."""
        if peer.newest() != "TLSv1.3":
            self.skipTest("this libssl has no ClientHello callback")
        for words in ((), ("late:set:0",)):
            for variables, named in (({"SSLHARDEN_FORBID": "kRSA"}, "SSLHARDEN_FORBID without kRSA"),
                                     ({"SSLHARDEN_CIPHERS": "ECDHE"}, "AES128-SHA in SSLHARDEN_CIPHERS")):
                with self.subTest(words=words, **variables):
                    self.check("TLSv1.2", variables, f"; {named} admits it$", words,
                               ciphers="AES128-SHA")

    def test_a_suite_that_needs_a_group(self):
        """One that comes back into a list serves nobody whose groups are not there."""
        if not peer.speaks("TLSv1") or peer.newest() != "TLSv1.3":
            self.skipTest("this libssl does not speak TLS 1.0 and 1.3")
        suite = "ECDHE-RSA-AES128-SHA"
        forbid, listed, group = ("SSLHARDEN_FORBID without CBC", f"{suite} in SSLHARDEN_CIPHERS",
                                 "P-256 in SSLHARDEN_GROUPS")
        floor = "SSLHARDEN_MIN_PROTOCOL=TLSv1"
        for version, variables, expected in (
                ("TLSv1.2", {"FORBID": "CBC"}, (forbid, group)),
                ("TLSv1.2", {"FORBID": "CBC", "CIPHERS": "ECDHE"}, (forbid, group)),
                ("TLSv1.2", {"FORBID": "CBC", "CIPHERS": "ECDHE+AESGCM"}, (forbid, listed, group)),
                ("TLSv1.2", {"CIPHERS": "ECDHE+AESGCM"}, (listed, group)),
                ("TLSv1", {"MIN_PROTOCOL": "TLSv1.2"}, (floor, group)),
                ("TLSv1", {"MIN_PROTOCOL": "TLSv1.2", "FORBID": "CBC"}, (floor, forbid, group))):
            with self.subTest(version=version, **variables):
                self.check_both(version, {"GROUPS": "X25519", **variables}, expected,
                                ciphers=suite, client=["groups:P-256"])
                if "CIPHERS" not in variables:  # by a suite that needs none it gets in without
                    self.check_both(version, {"GROUPS": "X25519", **variables}, expected[:-1],
                                    ciphers=f"{suite}:AES128-SHA", client=["groups:P-256"])
        profiles = r" \(now the profile's\)"
        self.check_both("TLSv1.2", {"PROFILE": "intermediate"},
                        (listed + profiles, "P-521 in SSLHARDEN_GROUPS" + profiles),
                        ciphers=suite, client=["groups:P-521"])
        self.check_both(None, {"CIPHERSUITES": "TLS_AES_256_GCM_SHA384", "GROUPS": "X25519"},
                        ("TLS_AES_128_GCM_SHA256 in SSLHARDEN_CIPHERSUITES", group),
                        client=["min:304", "suites:TLS_AES_128_GCM_SHA256", "groups:P-256"])

    def check_both(self, version, variables, expected, **client):
        """The line of a refusal, and that of an audit."""
        expected = f"[;,] {' and '.join(expected)} admits? it$"
        told, = self.check(version, {f"SSLHARDEN_{name}": value for name, value in variables.items()},
                           expected, **client)
        self.assertRegex(told, expected)

    def test_what_is_forbidden_of_sslv3(self):
        if not peer.speaks("SSLv3") or peer.newest() != "TLSv1.3":
            self.skipTest("this libssl does not speak SSL 3.0 and TLS 1.3")
        for variables in ({}, {"SSLHARDEN_PROFILE": "intermediate"}):
            with self.subTest(**variables):
                told, = self.check("SSLv3", {"SSLHARDEN_FORBID": "RC4,CBC", **variables},
                                   "SSLHARDEN_FORBID without CBC admit it$", ciphers="AES128-SHA")
                self.assertRegex(told, "SSLHARDEN_FORBID without CBC admit it$")

    def test_an_audit_of_lists(self):
        """Whom a list would refuse, and nobody whom it would serve by another suite."""
        if not peer.speaks("TLSv1.2") or peer.newest() != "TLSv1.3":
            self.skipTest("this libssl does not speak TLS 1.2 and 1.3")
        words = [f"new:{peer.flexible('server')}"]
        for variables, named in (({"SSLHARDEN_FORBID": "kRSA"}, "SSLHARDEN_FORBID without kRSA"),
                                 ({"SSLHARDEN_CIPHERS": "ECDHE"}, "AES128-SHA in SSLHARDEN_CIPHERS")):
            for ciphers, lines in (("AES128-SHA", 1), ("AES128-SHA:ECDHE-RSA-AES128-SHA", 0)):
                with self.subTest(ciphers=ciphers, **variables):
                    _, suite, server = peer.ask(words, "TLSv1.2", shim=True, SSLHARDEN="audit",
                                                ciphers=ciphers, server_ciphers="AES128-SHA:ALL",
                                                **variables)
                    self.assertEqual(suite, "AES128-SHA")
                    told = [entry for entry in server.log if "would refuse a client" in entry]
                    self.assertEqual(len(told), lines, server.log)
                    self.assertIn("no cipher of the list from 127.0.0.1:" if lines else "",
                                  "".join(told))
                    self.assertIn(f"{named} admits it" if lines else "", "".join(told))
        suites = {"SSLHARDEN_CIPHERSUITES": "TLS_AES_256_GCM_SHA384"}
        for suite, lines in (("TLS_AES_128_GCM_SHA256", 1), ("TLS_AES_256_GCM_SHA384", 0)):
            _, _, server = peer.ask(words, shim=True, SSLHARDEN="audit", **suites,
                                    client=["min:304", f"suites:{suite}"])
            told = [entry for entry in server.log if "would refuse a client" in entry]
            self.assertEqual(len(told), lines, server.log)

    def test_a_pin_that_was_opened(self):
        """What TLS 1.3 lacks for a client of it that the pin would have served."""
        if peer.newest() != "TLSv1.3":
            self.skipTest("this libssl does not speak TLS 1.3")
        words = ["new:TLSv1_2_server_method", "tmpecdh"]  # its only group in TLS 1.3
        client = {"ciphers": "AES128-SHA", "client": ["groups:P-384"]}
        self.assertEqual(peer.ask(words, **client)[0], "TLSv1.2")
        refused, _, server = peer.ask(words, shim=True, **client)
        if refused is not None:
            self.skipTest("this libssl has other groups beside it")
        self.assertRegex(explained(server)[0], "; SSLHARDEN_MAX_PROTOCOL=TLSv1.2 admits it$")
        self.assertEqual(peer.ask(words, shim=True, SSLHARDEN_MAX_PROTOCOL="TLSv1.2",
                                  **client)[0], "TLSv1.2")
        # Its twin speaks nothing that the pin would have served.
        client["client"].append("min:304")
        for shim in (False, True):
            refused, _, server = peer.ask(words, shim=shim, **client)
            self.assertEqual((refused, explained(server)), (None, []))


    def test_after_a_hello_that_was_not_kept(self):
        """SSL_stateless forgets it: who needs a second one is refused by an opened pin (LIMITS), and
        no line names a setting that does not help."""
        if peer.newest() != "TLSv1.3" or not peer.pins():
            self.skipTest("this libssl does not speak TLS 1.3, or has no pins")
        said = 0
        for method in ("TLSv1_2_server_method", peer.flexible("server")):
            for variables in ({}, {"SSLHARDEN_PROFILE": "modern"}, {"SSLHARDEN_MIN_PROTOCOL": "TLSv1.3"},
                              {"SSLHARDEN_MIN_PROTOCOL": "TLSv1.2", "SSLHARDEN_MAX_PROTOCOL": "TLSv1.2"}):
                for version, client in ((None, ["groups:P-521:X25519"]), (None, []), ("TLSv1.2", [])):
                    with self.subTest(method=method, version=version, client=client, **variables):
                        ask = {"version": version, "client": client, "how": "cookie"}
                        words = [f"new:{method}", "groups:P-256:X25519"]
                        bare = peer.ask(words, **ask)[0]
                        self.assertIsNotNone(bare)
                        got, _, server = peer.ask(words, shim=True, **ask, **variables)
                        if got is not None or not explained(server):
                            self.assertEqual(explained(server), [])
                            continue
                        said += 1
                        changed = advice.follow(explained(server)[0], variables)
                        self.assertEqual(peer.ask(words, shim=True, **ask, **changed)[0], bare)
        self.assertGreater(said, 2)


class NotOurs(unittest.TestCase):
    """Whom the program itself would refuse gets no line, whatever the operator has set."""

    def check(self, version, server, client, variables, **twin):
        """server: words, and its list; twin: what of that would serve the client."""
        method = twin.pop("method", peer.flexible("server"))
        words, ciphers = server
        for shim in (False, True):
            got, _, said = peer.ask([f"new:{method}", *words], version, shim=shim,
                                    server_ciphers=ciphers, **client, **variables)
            self.assertEqual((got, explained(said)), (None, []), (words, ciphers, shim))
        words, ciphers = twin.get("words", words), twin.get("ciphers", ciphers)
        words = [f"new:{peer.flexible('server')}", *words]
        self.assertIsNotNone(peer.ask(words, version, server_ciphers=ciphers, **client)[0])
        got, _, said = peer.ask(words, version, shim=True, server_ciphers=ciphers, **client,
                                **variables)
        self.assertIsNone(got)
        self.assertEqual(len(explained(said)), 1, said.log)

    def test_versions(self):
        if not peer.speaks("TLSv1.1") or not peer.speaks("TLSv1.2"):
            self.skipTest("this libssl does not speak TLS 1.1 and 1.2")
        floor = {"SSLHARDEN_MIN_PROTOCOL": "TLSv1.2"}
        # As s_server -no_tls1 -no_tls1_1.
        self.check("TLSv1.1", (["set:14000000"], "ALL"), {}, floor, words=[])
        self.check("TLSv1.1", ([], "ALL"), {}, floor, method="TLSv1_2_server_method")
        if peer.modern():
            self.check("TLSv1.1", (["min:303"], "ALL"), {}, floor, words=[])
        if peer.newest() == "TLSv1.3":  # -tls1_2
            self.check("TLSv1.1", (["min:303", "max:303"], "ALL"), {},
                       {"SSLHARDEN_MIN_PROTOCOL": "TLSv1.3"}, words=[])
            self.check(None, (["max:303"], "ALL"), {"client": ["min:304"]},
                       {"SSLHARDEN_MAX_PROTOCOL": "TLSv1.2"}, words=[])

    def test_sslv3(self):
        if not peer.speaks("SSLv3"):
            self.skipTest("this libssl does not speak SSL 3.0")
        self.check("SSLv3", ([], "ALL"), {}, {}, method="TLSv1_2_server_method")
        if peer.modern():
            self.check("SSLv3", (["min:301"], "ALL"), {}, {}, words=[])

    def test_security_level(self):
        if not peer.modern() or not peer.speaks("TLSv1"):
            self.skipTest("no security level, or no TLS 1.0")
        level = 1 if peer.since("level 1 is without TLS 1.0") else 3
        self.check("TLSv1", ([f"ciphers:ALL:@SECLEVEL={level}"], "ALL"),
                   {"ciphers": "ECDHE-RSA-AES128-SHA"}, {"SSLHARDEN_MIN_PROTOCOL": "TLSv1.2"},
                   words=[])

    def test_security_callback(self):
        if not peer.modern() or not peer.speaks("TLSv1"):
            self.skipTest("no security callback, or no TLS 1.0")
        self.check("TLSv1", (["least:303"], "ALL"), {}, {"SSLHARDEN_MIN_PROTOCOL": "TLSv1.2"},
                   words=[])
        self.check("TLSv1", (["least:302"], "ALL"), {}, {"SSLHARDEN_PROFILE": "intermediate"},
                   words=[])

    def test_lists(self):
        if peer.newest() != "TLSv1.3" or not peer.speaks("TLSv1"):
            self.skipTest("before 1.1.1 libssl does not tell what a client offers")
        client = {"ciphers": "AES128-SHA"}
        # The second has nothing of it for TLS 1.0, the third nothing for its certificate.
        for own in ("AES256-SHA", "AES128-SHA256:AES256-SHA", "ECDHE-ECDSA-AES128-SHA"):
            self.check("TLSv1", ([], own), client, {"SSLHARDEN_MIN_PROTOCOL": "TLSv1.2"},
                       ciphers="ALL")
        # Both have a suite, which the certificate cannot serve.
        self.check("TLSv1", ([], "ECDHE-ECDSA-AES128-SHA"),
                   {"ciphers": "ECDHE-ECDSA-AES128-SHA:AES128-SHA"},
                   {"SSLHARDEN_MIN_PROTOCOL": "TLSv1.2"}, ciphers="ALL")
        self.check("TLSv1.2", ([], "AES256-SHA"), client, {"SSLHARDEN_CIPHERS": "AES256-SHA256"},
                   ciphers="ALL")


class Documents(unittest.TestCase):
    """Each line that documents quote is one that the library writes."""

    ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
    FILES = ("README.md", "docs/OPT-OUTS.md", "docs/QUICKSTART.md", "docs/TROUBLESHOOTING.md",
             "docs/LIMITS.md", "docs/LIMITS-RARE.md", "docs/DEPLOYMENT.md", "docs/sslharden.1",
             "docs/sslharden.7")
    QUOTE = r"`([^`]+)`|^    (sslharden\[.*)|^\.It \"(.*)\""
    OURS = "refused a client|would refuse a client|its list has|cannot read|, if the program's own"

    def quoted(self):
        for name in self.FILES:
            with open(os.path.join(self.ROOT, name), encoding="utf-8") as file:
                text = file.read()
            for quote in re.findall(self.QUOTE, text, re.M):
                line = " ".join("".join(quote).split())
                if re.search(self.OURS, line):
                    yield name, line

    def pattern(self, line):
        line = re.sub(r"sslharden\\\[\d+\\\]", r"sslharden\\[\\d+\\]", re.escape(line))
        return line.replace(re.escape("..."), ".*").replace(re.escape("192.0.2.7:50112"), r"\S+")

    def log(self, version, variables, words=(), **client):
        """What a server says of a client."""
        return peer.ask([f"new:{peer.flexible('server')}", *words], version, shim=True, **client,
                        **{f"SSLHARDEN_{name}": value for name, value in variables.items()})[2].log

    def test_they_quote_what_is_written(self):
        if not peer.speaks("TLSv1") or peer.newest() != "TLSv1.3":
            self.skipTest("this libssl does not speak TLS 1.0 and 1.3")
        floor, suite = {"MIN_PROTOCOL": "TLSv1.2"}, "AES128-SHA"
        log = [*self.log("TLSv1", floor), *self.log("TLSv1.2", {"CIPHERS": "AES256-SHA"}, ciphers=suite),
               *self.log("TLSv1", floor, [f"set:{NO_TLS_FROM_1_2 | 0x10000000:x}"]),
               *self.log("TLSv1", {"ALLOW_SSLV3": "perhaps"},
                         server_ciphers=f"{suite}:ECDHE-RSA-{suite}"),
               *self.log("TLSv1.2", {"CIPHERS": "ECDHE", "CIPHERSUITES": "TLS_AES_256_GCM_SHA384"},
                         ciphers=suite),
               *peer.ask([f"new:{peer.flexible('server')}"], "TLSv1", shim=True, SSLHARDEN="audit",
                         SSLHARDEN_MIN_PROTOCOL="TLSv1.2")[2].log]
        if peer.speaks("SSLv3"):
            log += self.log("SSLv3", {})
        checked = 0
        for name, line in self.quoted():
            if "at most SSLv3" in line and not peer.speaks("SSLv3"):
                continue
            with self.subTest(document=name, line=line):
                self.assertRegex("\n".join(log), self.pattern(line))
            checked += 1
        self.assertGreater(checked, 6)


@unittest.skipUnless(os.environ.get("SSLHARDEN_OLD_NODE"), "no Node 0.10 (scripts/fetch-node)")
class OldNode(unittest.TestCase):
    """Node 0.10 of 2016, with OpenSSL 1.0.1u inside: what its user sees, what the operator sees."""

    SCRIPT = """
        var tls = require("tls");
        var s = tls.connect({port: process.argv[1], secureProtocol: process.argv[2],
                             rejectUnauthorized: false}, function () {
          s.once("data", function () { console.log("in by " + process.argv[2]); s.destroy(); });
          s.write("x");
        });
        s.on("error", function (e) { console.log("error " + e.message); });
        s.on("close", function () { console.log("closed"); });"""

    def connect(self, method, shim, **variables):
        words = [f"new:{peer.flexible('server')}", peer.ciphers_word(),
                 f"cert:{peer.certificate()}"]
        with peer.Server(*words, shim=shim, **variables) as server:
            done = subprocess.run([os.environ["SSLHARDEN_OLD_NODE"], "--enable-ssl3", "-e",
                                   self.SCRIPT, str(server.port), method],
                                  env=peer.environment(), text=True, timeout=peer.TIMEOUT,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            server.end()
        return done.stdout, explained(server)

    def check(self, method, offered, variables, admitting):
        bare, said = self.connect(method, False)
        self.assertIn("in by", bare)
        refused, said = self.connect(method, True, **variables)
        self.assertNotIn("in by", refused)
        line, = said
        self.assertIn(f"at most {offered} from 127.0.0.1:", line)
        name, value = admitting.split("=")
        self.assertIn(admitting + " admits it", line)
        admitted, said = self.connect(method, True, **{**variables, name: value})
        self.assertIn("in by", admitted)
        self.assertEqual(said, [])

    def test_tls_1_0(self):
        if not peer.speaks("TLSv1") or not peer.speaks("TLSv1.2"):
            self.skipTest("this libssl does not speak TLS 1.0 and 1.2")
        self.check("TLSv1_method", "TLSv1", {"SSLHARDEN_MIN_PROTOCOL": "TLSv1.2"},
                   "SSLHARDEN_MIN_PROTOCOL=TLSv1")

    def test_ssl_3_0(self):
        if not peer.speaks("SSLv3"):
            self.skipTest("this libssl does not speak SSL 3.0")
        self.check("SSLv3_method", "SSLv3", {}, "SSLHARDEN_ALLOW_SSLV3=1")


if __name__ == "__main__":
    unittest.main()
