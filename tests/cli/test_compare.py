# SPDX-License-Identifier: MIT
"""sslharden compare: what a server serves bare and hardened."""
import os
import signal
import socket
import subprocess
import sys
import unittest

from command import COMMAND, LIB, PEER, TIMEOUT, Case, call, document, environment, sanitizer
from ports import free_port

TALKER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "talker.py")
SEEDS = os.path.join(os.path.dirname(TALKER), "../fuzz/seeds/server_hello")
PORT = 4433  # of a network of its own; elsewhere a free one is looked for
PROTOCOLS = ("smtp", "imap", "pop3", "ftp", "ldap", "postgres", "mysql", "xmpp")
SHA, GCM = "ECDHE-RSA-AES256-SHA", "ECDHE-RSA-AES256-GCM-SHA384"
NEW = "TLS_AES_256_GCM_SHA384"


def has_network():
    """Whether a network of its own is to be had here."""
    return subprocess.run(["unshare", "--net", "--mount", "true"], check=False,
                          stderr=subprocess.DEVNULL).returncode == 0


@unittest.skipIf(sanitizer(), "python3 is no sanitized program")
class Compared(Case):
    def setUp(self):
        super().setUp()
        os.chmod(self.folder, 0o755)
        self.certificate()
        os.chmod(self.path("key.pem"), 0o644)
        self.port = PORT if has_network() else free_port()

    def talker(self, *words, port=None):
        return [sys.executable, "-B", TALKER, str(port or self.port), self.path("cert.pem"),
                self.path("key.pem"), *words]

    def script(self, *words, port=None):
        """The same server, as a script with an interpreter."""
        script = self.write("server", f"#!{sys.executable}\nimport runpy, sys\n"
                                      f"sys.path.insert(0, {os.path.dirname(TALKER)!r})\n"
                                      f"runpy.run_path({TALKER!r}, run_name='__main__')\n")
        return [script, *self.talker(*words, port=port)[3:]]

    def words(self, *options, talker=()):
        return ["compare", "--port", str(self.port), *options, "--", *self.talker(*talker)]

    def rows(self, *options, talker=(), code=0, **variables):
        """Of each row what it says before and after, and the change; and the faults."""
        told = document(*self.words("--json", *options, talker=talker), code=code, **variables)
        return {row["row"]: (row["before"]["text"], row["after"]["text"], row["change"])
                for row in told["rows"]}, told["faults"]

    def fails(self, *options, talker=(), code):
        return call(*self.words(*options, talker=talker), code=code)[1]


class Table(Compared):
    def test_a_pin(self):
        rows, faults = self.rows(talker=("method=PROTOCOL_TLSv1",))
        self.assertEqual(faults, [])
        self.assertEqual(rows["sslv3"], ("refused", "refused", ""))
        self.assertEqual(rows["tlsv1"], (SHA, SHA, ""))
        self.assertEqual(rows["tlsv1.2"], ("only TLSv1", GCM, "stronger"))
        self.assertEqual(rows["tlsv1.3"], ("refused", NEW, "stronger"))
        self.assertEqual(rows["newest"], (f"TLSv1 {SHA}", f"TLSv1.3 {NEW}", "stronger"))
        self.assertEqual(rows["order"], ("the client", "the server", "stronger"))
        self.assertEqual(rows["worst_first"], ("AECDH-AES128-SHA", GCM, "stronger"))

    def test_what_is_given_back_stays(self):
        rows, faults = self.rows("--setting", "SSLHARDEN_ALLOW_PINNED=1",
                                 "--allow-client-preference",
                                 talker=("method=PROTOCOL_TLSv1",))
        self.assertEqual((faults, {change for _, _, change in rows.values()}), ([], {""}))
        self.assertEqual(rows["order"][1], "the client")

    def test_an_audit_changes_nothing(self):
        rows, faults = self.rows("--audit", talker=("method=PROTOCOL_TLSv1",))
        self.assertEqual((faults, {change for _, _, change in rows.values()}), ([], {""}))

    def test_a_floor_that_is_asked_for(self):
        rows, faults = self.rows("--min-protocol", "1.2")
        self.assertEqual(faults, [])
        self.assertEqual(rows["tlsv1.1"], (SHA, "refused", "stronger"))
        self.assertEqual(rows["tlsv1.2"], (GCM, GCM, ""))
        self.assertEqual(self.rows()[0]["tlsv1.1"], (SHA, SHA, ""))

    def test_a_floor_that_nobody_reaches(self):
        """Each client is refused as asked, and the server is of no use."""
        for asked in (("--min-protocol", "1.3"), ("--profile", "modern")):
            rows, faults = self.rows(*asked, talker=("forbid=OP_NO_TLSv1_3",), code=1)
            self.assertEqual(faults, ["serves nobody: each client that was served is refused now"])
            self.assertEqual(rows["newest"], (f"TLSv1.2 {GCM}", "refused", "stronger"))

    def test_a_floor_above_what_a_client_was_served_in(self):
        """It has newer versions, and was served in an old one, which the floor forbids."""
        rows, faults = self.rows("--min-protocol", "1.2", code=1,
                                 talker=("forbid=OP_NO_TLSv1_2,OP_NO_TLSv1_3",))
        self.assertEqual(rows["worst_first"][1:], ("refused", "stronger"))
        self.assertEqual(faults, ["serves nobody: each client that was served is refused now"])

    def test_what_the_file_sets_for_who_serves(self):
        """By the program that serves, whatever started it: a script's interpreter, a launcher."""
        conf = self.write("conf", f"[{os.path.realpath(sys.executable)}]\n"
                                  "SSLHARDEN_ALLOW_CLIENT_PREFERENCE = 1\n", 0o600)
        for program in (self.script(), ["nice", *self.talker()]):
            with self.subTest(program=program):
                told = document("compare", "--json", "--port", str(self.port), "--", *program,
                                SSLHARDEN_CONFIG=conf)
                self.assertEqual((told["faults"], told["settings"]),
                                 ([], ["SSLHARDEN_ALLOW_CLIENT_PREFERENCE=1"]))

    def test_a_server_that_serves_nobody(self):
        """Nor is anything known of it."""
        told = document(*self.words("--json", talker=("forbid=OP_NO_TLSv1,OP_NO_TLSv1_1,OP_NO_TLSv1_2,OP_NO_TLSv1_3",)), code=3)
        self.assertEqual((told["faults"], told["not_verified"]),
                         ([], ["no client is served, bare or hardened"]))

    def test_suites_that_are_to_go(self):
        """Whom the operator shut out is not lost; who got another suite by that got a better one."""
        rows, faults = self.rows("--forbid", "CBC,kRSA,aNULL")
        self.assertEqual(faults, [])
        self.assertEqual(rows["tlsv1.1"], (SHA, "refused", "stronger"))
        self.assertEqual(rows["no_forward_secrecy"], ("AES256-GCM-SHA384", "refused", "stronger"))
        worse = "ciphers=ECDHE-RSA-AES128-SHA:AES128-GCM-SHA256:@SECLEVEL=0"
        rows, faults = self.rows("--forbid", "CBC", talker=(worse,))
        self.assertEqual(rows["best_first"], ("ECDHE-RSA-AES128-SHA", "AES128-GCM-SHA256", "stronger"))
        self.assertEqual(faults, [])

    def test_what_was_asked_and_is_not_so(self):
        cbc = b"\x00\x9f\x00\x00\x0d", b"\x00\x39\x00\x00\x0d"
        faults = self.replayed("tls1_2-dhe", cbc,
                               options=("--forbid", "CBC", "--min-dh-bits", "2048"))[1]
        self.assertIn("not as asked: DH parameters of 1024 bits", faults)
        self.assertEqual(faults.count("not as asked: DHE-RSA-AES256-SHA is served"), 1, faults)
        faults = self.replayed("tls1_2-dhe", options=("--min-dh-bits", "1024", "--forbid", "RC4"))[1]
        self.assertNotIn("DH parameters", "".join(faults))
        self.assertNotIn("DHE-RSA-", "".join(faults))

    def asked(self, *options, talker=(), code=0):
        """What is not so, and what is not known."""
        told = document(*self.words("--json", *options, talker=talker), code=code)
        return told["faults"], told["not_verified"]

    def test_lists(self):
        lists = ("--ciphers", "ECDHE+AES", "--ciphersuites", NEW, "--groups", "secp384r1",
                 "--no-tickets")
        self.assertEqual(self.asked(*lists), ([], []))
        self.assertEqual(self.asked("--ciphers", "restricted", "--groups", "X25519:P-256"), ([], []))

    def test_lists_that_the_server_does_not_take(self):
        """Its certificate is RSA's: its own list stays, and it is not as asked."""
        faults, unknown = self.asked("--ciphers", "ECDHE-ECDSA-AES128-GCM-SHA256", code=1)
        self.assertIn(f"not as asked: {GCM} is served, which is not in SSLHARDEN_CIPHERS", faults)
        self.assertEqual(unknown, [])
        faults = self.replayed("tls1_2-ecdhe", options=("--groups", "X448"))[1]
        self.assertRegex("\n".join(faults),
                         "not as asked: (X25519|P-256) is served, which is not in SSLHARDEN_GROUPS")

    def test_what_no_hello_tells(self):
        told, _ = call(*self.words("--profile", "intermediate"))
        self.assertIn("\nnot verified: SSLHARDEN_NO_CLIENT_RENEGOTIATION: ", told)
        self.assertIn("\nnothing got weaker, and what else was asked for is so\n", told)
        faults, unknown = self.asked("--ciphersuites", NEW, "--prioritize-chacha",
                                     talker=("forbid=OP_NO_TLSv1_3",))
        self.assertEqual((faults, [line.partition(":")[0] for line in unknown]),
                         ([], ["SSLHARDEN_CIPHERSUITES", "SSLHARDEN_PRIORITIZE_CHACHA"]))

    def test_parameters_that_are_too_small(self):
        with open(self.path("both.pem"), "w", encoding="ascii") as both:
            for name in ("cert.pem", "key.pem"):
                with open(self.path(name), encoding="ascii") as file:
                    both.write(file.read())
        subprocess.run(["openssl", "dhparam", "-dsaparam", "-out", self.path("dh.pem"), "1024"],
                       check=True, stderr=subprocess.DEVNULL)
        peer = [PEER, "new:TLS_server_method", "ciphers:ALL:@SECLEVEL=0",
                f"cert:{self.path('both.pem')}", f"dh:{self.path('dh.pem')}", f"port:{self.port}",
                "serve:10000:accept"]
        told = document("compare", "--json", "--port", str(self.port), "--min-dh-bits", "2048", "--",
                        *peer)
        self.assertEqual(told["faults"], [])
        self.assertEqual([(row["before"]["text"], row["after"]["text"], row["change"])
                          for row in told["rows"] if row["row"] == "dh_keys"],
                         [("used once, 1024 bits", "used once, 2048 bits", "stronger")])

    def test_an_order_that_makes_it_worse(self):
        """DESIGN: server preference is forced; a list that has the worse one first shows."""
        bad = "ciphers=AES128-SHA:ECDHE-RSA-AES128-GCM-SHA256"
        rows, faults = self.rows(talker=(bad,), code=1)
        self.assertEqual(rows["best_first"], ("ECDHE-RSA-AES128-GCM-SHA256", "AES128-SHA", "weaker"))
        self.assertRegex("\n".join(faults), "(?m)^weaker: .*best cipher: ECDHE-.* before, AES128-SHA now")
        rows, faults = self.rows("--ciphers", "restricted", talker=(bad,))
        self.assertEqual(faults, [])
        self.assertEqual(rows["no_forward_secrecy"][2], "stronger")

    def test_text(self):
        out, err = call(*self.words(talker=("method=PROTOCOL_TLSv1_2",)))
        self.assertRegex(out, rf"(?m)^a client of TLSv1.3 +refused +{NEW} +stronger$")
        self.assertIn("\nnothing got weaker, and what was asked for is so\n", out)
        self.assertNotIn("\x1b", out)
        self.assertRegex(err, r"(?s)bare: .* is started.*bare: it listens.*hardened: .*: it listens")

    def test_the_harness_s_daemon(self):
        """tests/harness/peer, pinned by its method, as scripts/demo has it."""
        with open(self.path("both.pem"), "w", encoding="ascii") as both:
            for name in ("cert.pem", "key.pem"):
                with open(self.path(name), encoding="ascii") as file:
                    both.write(file.read())
        peer = [PEER, "new:TLSv1_server_method", f"cert:{self.path('both.pem')}",
                "ciphers:ALL:@SECLEVEL=0", f"port:{self.port}", "serve:10000:accept"]
        told = document("compare", "--json", "--port", str(self.port), "--", *peer)
        rows = {row["row"]: (row["before"]["text"], row["after"]["text"]) for row in told["rows"]}
        self.assertEqual(told["faults"], [])
        self.assertEqual(rows["newest"], (f"TLSv1 {SHA}", f"TLSv1.3 {NEW}"))
        self.assertEqual(rows["tlsv1.1"], ("only TLSv1", SHA))
        self.assertEqual(rows["order"], ("the client", "the server"))

    def replayed(self, name, *changes, options=()):
        """What is told of a server that says what is in a fuzzer's seed, whoever asks."""
        with open(os.path.join(SEEDS, name), "rb") as seed:
            words = seed.read()
        for change in changes:
            words = words.replace(*change)
        with open(self.path("words"), "wb") as file:
            file.write(words)
        return self.rows(*options, code=1, talker=("protocol=replay", f"words={self.path('words')}"))

    def test_keys_that_are_used_again(self):
        rows, faults = self.replayed("tls1_2-dhe")
        self.assertEqual(rows["dh_keys"], ("used again, 1024 bits", "used again, 1024 bits", ""))
        self.assertEqual(rows["tlsv1.1"][0], "only TLSv1.2")
        self.assertIn("not as asked: DH keys are used again", faults)
        rows, faults = self.replayed("tls1_2-ecdhe")
        self.assertIn("not as asked: ECDH keys are used again", faults)

    def test_clients_without_an_answer(self):
        """All of a kind; the others are asked as ever, and the table is printed."""
        rows, faults = self.rows("--wait", "8", talker=("protocol=choosy",))
        self.assertEqual(faults, [])
        self.assertEqual(rows["tlsv1.2"], ("no answer", "no answer", ""))
        self.assertEqual(rows["tlsv1.3"], (NEW, NEW, ""))
        self.assertEqual(rows["tlsv1.1"], (SHA, SHA, ""))
        self.assertEqual(rows["ecdh_keys"][:2], ("no answer", "no answer"))

    def test_sslv3_that_is_served(self):
        rows, faults = self.replayed("tls1-rsa", (b"\x16\x03\x01", b"\x16\x03\x00"),
                                     (b"\x03\x01", b"\x03\x00"))
        self.assertEqual(rows["sslv3"], ("AES128-SHA", "AES128-SHA", ""))
        self.assertIn("not as asked: SSLv3 is served", faults)


class Protocols(Compared):
    def test_each(self):
        for protocol in PROTOCOLS:
            with self.subTest(protocol):
                rows, faults = self.rows("--starttls", protocol,
                                         talker=(f"protocol={protocol}", "method=PROTOCOL_TLSv1"))
                self.assertEqual(faults, [])
                self.assertEqual(rows["newest"][:2], (f"TLSv1 {SHA}", f"TLSv1.3 {NEW}"))

    def test_one_that_will_not(self):
        for protocol in PROTOCOLS:
            with self.subTest(protocol):
                err = self.fails("--starttls", protocol, "--wait", "4", code=3,
                                 talker=("protocol=refuse",))
                self.assertRegex(err, "bare: it listens, and does not (begin TLS as asked|answer)")


class Refused(Compared):
    def test_usage(self):
        for options in ((), ("--port", "0"), ("--port", "65536"), ("--port", "https"),
                        ("--port", "1", "--starttls", "irc"), ("--port", "1", "--wait", "0"),
                        ("--port", "1", "--servername", "a b"), ("--port", "1", "--setting", "X"),
                        ("--port", "1", "--setting", "SSLHARDEN_MIN_PROTOCL=TLSv1"),
                        ("--port", "1", "--setting", "SSLHARDEN_MIN_PROTOCOL=2"),
                        ("--port", "1", "--log-level", "all"), ("--no-such",)):
            with self.subTest(options=options):
                out, err = call("compare", *options, "--", *self.talker(), code=2)
                self.assertEqual(out, "")
                self.assertNotIn("is started", err)
        self.assertIn("nearest: SSLHARDEN_MIN_PROTOCOL",
                      call("compare", "--setting", "SSLHARDEN_MIN_PROTOCL=1", code=2)[1])
        self.assertIn("no PROGRAM", call("compare", "--port", "1", code=2)[1])

    def test_what_run_refuses(self):
        self.assertIn("it uses no libssl", call("compare", "--port", "1", "--", "/bin/ls", code=1)[1])
        call("compare", "--port", "1", "--", self.path("none"), code=127)
        call("compare", "--port", "1", "--", self.path("key.pem"), code=126)
        self.assertIn("clears the environment", call("compare", "--port", "1", "--", "env", "-i",
                                                     *self.talker(), code=1)[1])

    def test_a_library_that_does_not_arrive(self):
        """As a shell script may do, into which run does not look."""
        script = self.write("start", f"#!/bin/sh\nexec env -i {' '.join(self.talker())}\n")
        told = document("compare", "--json", "--port", str(self.port), "--", script, code=1)
        self.assertRegex("\n".join(told["faults"]), "has .*libssl.*, and not the library: what started")

    def test_a_library_that_the_server_brings_itself(self):
        """As dovecot and postfix do, whose import_environment names it."""
        script = self.write("start", f"#!/bin/sh\nunset SSLHARDEN\nLD_PRELOAD={LIB} "
                                     f"exec {' '.join(self.talker())}\n")
        _, err = call("compare", "--port", str(self.port), "--", script, code=3)
        self.assertRegex(err, "has the library when it is bare, too: .*import_environment")

    @unittest.skipIf(os.geteuid() != 0, "needs root")
    def test_a_secure_execution(self):
        """As of squid's worker, whose master changes its effective user before it executes it."""
        told = document("compare", "--json", "--port", str(self.port), "--", "setpriv", "--egid",
                        "65534", "--clear-groups", "--", *self.talker(), code=1)
        self.assertRegex("\n".join(told["faults"]), "has .*libssl.*, and not the library: a secure-ex")

    def test_lines_are_its_own(self):
        err = call(*self.words(), code=2, SSLHARDEN_STRIKT="1")[1]
        self.assertIn("sslharden: compare: SSLHARDEN_STRIKT: unknown variable", err)
        self.assertNotIn("run:", err)

    def test_no_tls(self):
        self.assertIn("does not speak TLS there", self.fails(code=3, talker=("protocol=plain",)))
        self.assertIn("it listens, and answers no client in time",
                      self.fails("--wait", "4", code=3, talker=("protocol=silence",)))

    def test_it_ends(self):
        """What it said is shown, and escaped."""
        err = self.fails(code=3, talker=(f"alone={self.path('key.pem')}",))
        self.assertIn("bare: it ended with exit code 1", err)
        self.assertIn(r"it said: \x1b[31mit runs already", err)
        err = call("compare", "--port", "1", "--", "sh", "-c", f": {self.path('')}; exit 0", code=3)[1]
        self.assertIn("left nobody who listens", err)

    def test_a_port_that_is_another(self):
        port = free_port()
        err = call("compare", "--wait", "4", "--port", str(port), "--", *self.talker(), code=3)[1]
        self.assertIn(f"bare: it does not listen on port {port} in time, but on {self.port}\n", err)
        # Others' ports are none of its business.
        with socket.create_server(("127.0.0.1", 0)):
            err = call("compare", "--here", "--wait", "1", "--port", str(port), "--", "python3", "-c",
                       "import ssl, time; time.sleep(60)", code=3)[1]
        self.assertIn(f"it does not listen on port {port} in time\n", err)

    def test_a_port_that_is_taken(self):
        port = free_port()
        with socket.create_server(("127.0.0.1", port)):
            err = call("compare", "--here", "--port", str(port), "--", *self.talker(port=port),
                       code=3)[1]
        self.assertIn("somebody has that port already", err)
        told = document("compare", "--here", "--json", "--port", str(port), "--",
                        *self.talker(port=port))
        self.assertEqual((told["own_network"], told["faults"]), (False, []))


class Guests(Compared):
    def alive(self):
        """The talkers that run with this test's certificate."""
        return [name for name in os.listdir("/proc") if name.isdigit() and self.path("cert.pem")
                in self.command_line(name)]

    @staticmethod
    def command_line(name):
        try:
            with open(f"/proc/{name}/cmdline", encoding="utf-8", errors="replace") as file:
                return file.read()
        except OSError:
            return ""

    def begun(self, *talker):
        """The command, while clients ask a server that answers none."""
        process = subprocess.Popen([COMMAND, *self.words(talker=("protocol=silence", *talker))],
                                   env=environment(), text=True, stderr=subprocess.PIPE,
                                   start_new_session=True)
        for text in process.stderr:
            if "it listens" in text:
                break
        self.assertNotEqual(self.alive(), [])
        return process

    def test_nothing_is_left(self):
        self.rows(talker=("fork=1",))
        self.assertEqual(self.alive(), [])

    def test_nothing_is_left_by_a_signal(self):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            with self.subTest(number):
                process = self.begun("fork=1")
                process.send_signal(number)
                process.communicate(timeout=TIMEOUT)
                self.assertEqual(process.returncode, -number)
                self.assertEqual(self.alive(), [])

    def test_nothing_is_left_by_a_stubborn_one(self):
        process = self.begun("fork=1", "stubborn=1")
        process.terminate()
        process.communicate(timeout=TIMEOUT)
        self.assertEqual(self.alive(), [])

    def test_nothing_is_left_where_the_command_is_killed(self):
        process = self.begun("fork=1")
        process.kill()
        process.wait(timeout=TIMEOUT)
        process.stderr.read()  # until what it started has closed it, too
        process.stderr.close()
        self.assertEqual([pid for pid in self.alive() if "compare" not in self.command_line(pid)], [])

    @unittest.skipUnless(os.geteuid() == 0 and has_network(), "needs root, and networks")
    def test_beside_itself(self):
        """The same server runs here: its port and its PID file are not touched."""
        pid = f"/run/sslharden-test-{os.getpid()}"
        self.addCleanup(lambda: os.path.exists(pid) and os.unlink(pid))
        self.beside(pid)

    @unittest.skipUnless(os.geteuid() == 0 and has_network(), "needs root, and networks")
    def test_beside_itself_with_a_folder_of_its_own(self):
        self.beside(self.path("own.pid"), "--private", self.folder)
        told = document("compare", "--json", "--port", "4433", "--private", self.folder, "--",
                        *self.talker(f"pid={self.path('new.pid')}", port=4433))
        self.assertEqual((told["faults"], os.path.exists(self.path("new.pid"))), ([], False))

    def test_a_folder_that_cannot_be_its_own(self):
        for words in (("--private", "here"), ("--private", "/nowhere"),
                      ("--here", "--private", self.folder)):
            err = call("compare", *words, "--port", "4433", "--", "/bin/true", code=2)[1]
            self.assertIn("--private", err)

    def beside(self, pid, *options):
        port = free_port()
        words = self.talker(f"pid={pid}", port=port)
        with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as own:
            self.assertEqual(own.stdout.readline(), "listening\n")
            with open(pid, encoding="ascii") as file:
                before = file.read()
            told = document("compare", "--json", *options, "--port", str(port), "--", *words)
            self.assertEqual((told["own_network"], told["faults"]), (True, []))
            with open(pid, encoding="ascii") as file:
                self.assertEqual(file.read(), before)
            socket.create_connection(("127.0.0.1", port)).close()
            own.kill()
        self.assertEqual(self.alive(), [])

    @unittest.skipUnless(os.geteuid() == 0 and has_network(), "needs root, and networks")
    def test_beside_itself_with_a_file_elsewhere(self):
        """Its PID file is found by its words, in a file that they name, or among what it has open."""
        port, pid = free_port(), self.path("own.pid")
        self.beside(pid)
        os.unlink(pid)
        with subprocess.Popen(self.talker(f"pid={pid}", port=port), stdout=subprocess.PIPE) as own:
            own.stdout.readline()
            err = call(*self.words("--here"), code=None)[1]
            own.kill()
        self.assertIn(f"{pid} is that of one that runs, and would be taken away; stop that one, or", err)
        code = ("import os; f = open(os.environ['OWN'], 'w'); f.write(str(os.getpid())); f.%s(); "
                "print(flush=True); input()")
        for words in (code % "close", self.write("conf", f"pid_file = {pid};\n")), (code % "flush",):
            with subprocess.Popen([sys.executable, "-c", *words], stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE, env=environment(OWN=pid)) as own:
                own.stdout.readline()
                err = call(*self.words(), code=None)[1]
                own.communicate(b"\n")
            self.assertIn(f"{pid} is that of one that runs: {self.folder} is private", err)
        # Or beside what it has open, or where it works: a path that was compiled in is named nowhere.
        log = "open(os.environ['OWN'] + '.log', 'w')"
        for log, place in (log, None), ("None", self.folder):
            code = (f"import os; log = {log}; f = open(os.environ['OWN'], 'w'); f.write(str(os.getpid())); "
                    "f.close(); print(flush=True); input()")
            with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, cwd=place,
                                  stdout=subprocess.PIPE, env=environment(OWN=pid)) as own:
                own.stdout.readline()
                err = call(*self.words(), code=None)[1]
                own.communicate(b"\n")
            self.assertIn(f"{pid} is that of one that runs: {self.folder} is private", err)

    @unittest.skipUnless(os.geteuid() == 0 and has_network(), "needs root, and networks")
    def test_beside_itself_as_a_script(self):
        """Its interpreter runs others' scripts, too, whose PID files are not its."""
        pid = self.path("own.pid")
        said = f"{pid} is that of one that runs"
        code = ("import os; f = open(os.environ['OWN'], 'w'); f.write(str(os.getpid())); f.flush(); "
                "print(flush=True); input()")
        for words, is_it in ((self.script(f"pid={pid}", port=free_port()), True),
                             ([sys.executable, "-c", code], False)):
            with self.subTest(is_it=is_it), subprocess.Popen(
                    words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment(OWN=pid)) as own:
                own.stdout.readline()
                err = call("compare", "--port", str(self.port), "--", *self.script())[1]
                own.kill()
            self.assertEqual(said in err, is_it, err)

    @unittest.skipUnless(os.geteuid() == 0, "needs root, to be nobody")
    def test_who_is_not_root(self):
        words = [*self.words("--json")]
        out, err = call(*words, user=65534, code=0)
        self.assertIn('"faults": []', out, err)


if __name__ == "__main__":
    unittest.main()
