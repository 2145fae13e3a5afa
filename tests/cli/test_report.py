# SPDX-License-Identifier: MIT
"""sslharden report: what clients did, as a server counted it, in each form; and pages that lie."""
import os
import socket
import ssl
import subprocess
import warnings

import unittest

from command import COMMAND, LIB, TIMEOUT, Case, call, document, environment

# Serves one client after another, or forks for each; says its port, then "done" after each.
SERVER = """
import os, socket, ssl, sys
ctx = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
ctx.minimum_version = ssl.TLSVersion.TLSv1
ctx.set_ciphers("ALL:@SECLEVEL=0")
ctx.load_cert_chain(sys.argv[1])
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
def serve(client):
    try:
        ctx.wrap_socket(client, server_side=True).close()
    except OSError:
        client.close()
while True:
    client, _ = listener.accept()
    if "fork" in sys.argv:
        if os.fork() == 0:
            serve(client)
            os._exit(0)
        client.close()
        os.wait()
    else:
        serve(client)
    print("done", flush=True)
"""
VERSIONS = {"TLSv1": ssl.TLSVersion.TLSv1, "TLSv1.1": ssl.TLSVersion.TLSv1_1,
            "TLSv1.2": ssl.TLSVersion.TLSv1_2, "TLSv1.3": ssl.TLSVersion.TLSv1_3}
INCLUDE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../include")
# What stands for the library: its records, and a page that says what it likes.
LIAR = """
#define _GNU_SOURCE
#include "sslharden/config.h"
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
struct config_record settings = {CONFIG_RECORD_MARK, sizeof(settings), {0}};
struct { char mark[24]; uint64_t address; } record = {"sslharden's page 1", 0};
__attribute__((constructor)) static void lie(void)
{
    uint32_t *page = mmap(0, 4096, 3, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    memset(page, 0xff, 4096);
    page[0] = 2;
    page[1] = 4096;
    record.address = %s;
    puts("ready");
    fflush(stdout);
}
"""


class Report(Case):
    def setUp(self):
        super().setUp()
        self.pem = self.path("both.pem")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30",
                        "-subj", "/CN=localhost", "-keyout", self.pem, "-out", self.path("cert")],
                       check=True, stderr=subprocess.DEVNULL)
        with open(self.path("cert"), encoding="ascii") as cert, \
                open(self.pem, "a", encoding="ascii") as both:
            both.write(cert.read())

    def start(self, *command, **variables):
        process = subprocess.Popen(command, env=environment(**variables), text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)

        def stop():
            process.kill()
            process.wait()
            process.stdout.close()
        self.addCleanup(stop)
        return process

    def serve(self, *words, program="/usr/bin/python3", **variables):
        preload = ":".join(filter(None, [os.environ.get("SSLHARDEN_PRELOAD_FIRST"), LIB]))
        process = self.start(program, "-W", "ignore", "-c", SERVER, self.pem, *words,
                             LD_PRELOAD=preload, SSLHARDEN_LOG="none", **variables)
        return process, int(process.stdout.readline())

    def connect(self, server, version, ciphers="ALL"):
        """Whether it is served; afterwards the server has counted it."""
        process, port = server
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        context.set_ciphers(f"{ciphers}:@SECLEVEL=0")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            context.minimum_version = context.maximum_version = VERSIONS[version]
        with socket.create_connection(("127.0.0.1", port), TIMEOUT) as plain:
            try:
                context.wrap_socket(plain).close()
                served = True
            except OSError:
                served = False
        self.assertEqual(process.stdout.readline(), "done\n")
        return served

    def clients(self, server):
        for version, times in (("TLSv1", 1), ("TLSv1.1", 2), ("TLSv1.2", 3), ("TLSv1.3", 4)):
            for _ in range(times):
                self.assertTrue(self.connect(server, version))

    def one(self, *words, **more):
        told = document("report", "--json", *words, **more)
        self.assertEqual(told["problems"], [])
        server, = told["servers"]
        return server

    def stricter(self, server):
        return {row["setting"].partition("=")[2]: row["would_have_refused"]
                for row in server["stricter"]}

    def check_clients(self, told, processes=1):
        versions = {}
        for row in told["served"]:
            versions[row["version"]] = versions.get(row["version"], 0) + row["handshakes"]
        self.assertEqual(versions, {"TLSv1": 1, "TLSv1.1": 2, "TLSv1.2": 3, "TLSv1.3": 4})
        self.assertEqual(told["offered_at_most"], versions)
        self.assertEqual(told["handshakes"], 10)
        self.assertEqual(told["processes"], processes)
        self.assertEqual(self.stricter(told), {"on": 0, "TLSv1.1": 1, "TLSv1.2": 3, "TLSv1.3": 6,
                                               "restricted": 0, "intermediate": 3, "modern": 6})

    def test_exactly_what_clients_did(self):
        for words in ((), ("fork",)):
            with self.subTest(words=words):
                server = self.serve(*words)
                self.clients(server)
                told = self.one(str(server[0].pid))
                self.check_clients(told)
                self.assertEqual(told["program"], "python3")
                self.assertEqual(told["refused"], {})

    def test_who_was_refused(self):
        server = self.serve(SSLHARDEN_MIN_PROTOCOL="TLSv1.2")
        self.assertFalse(self.connect(server, "TLSv1"))
        self.assertTrue(self.connect(server, "TLSv1.2"))
        told = self.one(str(server[0].pid))
        self.assertEqual(told["refused"], {"min_protocol": 1})
        self.assertEqual(told["handshakes"], 1)
        text, _ = call("report", str(server[0].pid))
        self.assertIn("TLSv1.2 as minimum: in force", text)
        self.assertRegex(text, r"refused +1 by SSLHARDEN_MIN_PROTOCOL")

    def test_for_people(self):
        server = self.serve()
        self.clients(server)
        text, _ = call("report", str(server[0].pid))
        self.assertRegex(text, rf"^python3 {server[0].pid}: 10 handshakes, 0 refused, since \d+-")
        self.assertRegex(text, r"TLSv1.2 as minimum: would have refused 3 of 10 handshakes "
                               r"\(30.00 %\) since \d{4}-\d\d-\d\d \d\d:\d\d; the last one (just "
                               r"now|\d+ (second|minute)s? ago)\n")
        self.assertRegex(text, r"restricted ciphers: would have refused nobody in 10 handshakes")
        self.assertNotIn("#", text)  # bars are for a terminal
        self.assertNotIn("audited", text)

    def test_by_name_and_all(self):
        server = self.serve()
        self.clients(server)
        pid = server[0].pid
        for words in (("python3",), ()):
            told = document("report", "--json", *words, code=None)
            self.check_clients({s["pid"]: s for s in told["servers"]}[pid])

    def test_openmetrics(self):
        from prometheus_client.openmetrics import parser
        server = self.serve()
        self.clients(server)
        text, _ = call("report", "--openmetrics", str(server[0].pid))
        found = {}
        for family in parser.text_string_to_metric_families(text):
            for sample in family.samples:
                self.assertEqual(sample.labels["pid"], str(server[0].pid))
                found.setdefault(sample.name, []).append((sample.labels, sample.value))
        self.assertEqual(sum(v for _, v in found["sslharden_handshakes_total"]), 10)
        self.assertEqual({(row["version"], row["program"])
                          for row, _ in found["sslharden_handshakes_total"]},
                         {(version, "python3") for version in VERSIONS})
        self.assertEqual({row["setting"]: v for row, v in found["sslharden_would_refuse_total"]}
                         ["SSLHARDEN_MIN_PROTOCOL=TLSv1.2"], 3)

    def test_a_program_with_an_ugly_name(self):
        """Its name is another user's: in no form does it break out."""
        from prometheus_client.openmetrics import parser
        ugly = self.path('a"<b>\\\n\x1b[m')
        os.symlink("/usr/bin/python3", ugly)
        server = self.serve(program=ugly)
        self.assertTrue(self.connect(server, "TLSv1.3"))
        pid = str(server[0].pid)
        self.assertEqual(self.one(pid)["program"], os.path.basename(ugly))
        family, *_ = parser.text_string_to_metric_families(call("report", "--openmetrics", pid)[0])
        self.assertIn('"<b>', family.samples[0].labels["program"])
        self.assertNotIn("\x1b", call("report", pid)[0])
        call("report", "--html", self.path("page"), pid)
        with open(self.path("page"), encoding="utf-8") as page:
            text = page.read()
        self.assertNotIn("<b>", text)
        self.assertNotIn("\x1b", text)

    def test_a_page_for_a_browser(self):
        server = self.serve()
        self.clients(server)
        call("report", "--html", self.path("page.html"), str(server[0].pid))
        with open(self.path("page.html"), encoding="utf-8") as page:
            text = page.read()
        self.assertEqual(os.listdir(self.folder).count("page.html"), 1)
        self.assertNotRegex(text, r"(?i)https?:|<script|src=|url\(|@import")
        self.assertIn("TLSv1.2 as minimum: would have refused 3 of 10 handshakes", text)
        call("report", "--html", self.path("none/page.html"), code=1)

    def test_again_and_again(self):
        server = self.serve()
        watch = self.start(COMMAND, "report", "--watch", "1", str(server[0].pid))
        lines = (line for line in watch.stdout if line.startswith("python3"))
        self.assertIn(" 0 handshakes", next(lines))
        self.assertTrue(self.connect(server, "TLSv1.3"))
        self.assertTrue(any(" 1 handshake," in line for line in lines))

    def test_what_cannot_be_read_is_said_and_the_rest_told(self):
        server = self.serve()
        self.assertTrue(self.connect(server, "TLSv1.3"))
        pid = str(server[0].pid)
        other = self.start("/bin/sleep", "1000")
        off, _ = self.serve(SSLHARDEN="off")
        for word, why in ((str(other.pid), "does not have the library"), ("99999999", "no process"),
                          ("no-such-name", "no process is named no-such-name"),
                          (str(off.pid), "has counted nothing: SSLHARDEN=off")):
            with self.subTest(word=word):
                text, error = call("report", word, pid, code=3)
                self.assertIn(f"python3 {pid}: 1 handshake,", text)
                self.assertIn(why, error)
        if os.geteuid() == 0:
            os.chmod(self.folder, 0o755)
            _, error = call("report", pid, code=3, user="daemon")
            self.assertIn("its user or root can", error)

    def test_usage(self):
        for words in (["0"], ["-1"], ["--watch", "0", "1"], ["--watch", "x"], ["--json", "--html", "x"],
                      ["--nonsense"], [""], ["99999999999999999999"]):
            with self.subTest(words=words):
                call("report", *words, code=2)

    def liar(self, address):
        library = self.library("libsslharden.so", LIAR % address, f"-I{INCLUDE}")
        return self.start("/bin/sleep", "1000", LD_PRELOAD=library)

    def test_a_page_that_lies(self):
        server = self.serve()
        self.clients(server)
        for address, code in (("(uint64_t)page", 0), ("1", 3), ("(uint64_t)-4096", 3),
                              ("(uint64_t)page + 4000", 3), ("0", 3)):
            with self.subTest(address=address):
                liar = self.liar(address)
                self.assertEqual(liar.stdout.readline(), "ready\n")
                both = (str(liar.pid), str(server[0].pid))
                told = document("report", "--json", *both, code=code)
                by_pid = {s["pid"]: s for s in told["servers"]}
                self.check_clients(by_pid[server[0].pid])
                self.assertEqual(liar.pid in by_pid, code == 0)
                for form in ((), ("--openmetrics",), ("--html", self.path("page"))):
                    call("report", *form, *both, code=code)
                if code == 0:  # as much as a page can say, and no time that is to come
                    self.assertEqual(by_pid[liar.pid]["since"], None)
                    self.assertEqual(by_pid[liar.pid]["handshakes"], 72 << 50)


if __name__ == "__main__":
    unittest.main()
