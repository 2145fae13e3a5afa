# SPDX-License-Identifier: MIT
"""sslharden report: what clients did, as a server counted it, in each form; and pages that lie."""
import json
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import warnings

import unittest

from command import COMMAND, LIB, TIMEOUT, Case, call, document, environment

# Serves one client after another, or forks for each; says its port, then "done" after each.  Or
# executes two that serve from its socket, and says their PIDs.
SERVER = """
import os, signal, socket, ssl, subprocess, sys
if "execute" in sys.argv:
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    words = [*sys.orig_argv[:sys.orig_argv.index("execute")], str(listener.fileno())]
    if "by" in sys.argv:  # another program than the master, which something else starts
        by = sys.argv.index("by") + 1
        words = [*sys.argv[by + 1:], sys.argv[by], *words[1:]]
    served = [subprocess.Popen(words, pass_fds=[listener.fileno()]) for _ in range(2)]
    print(*(each.pid for each in served), flush=True)
    for each in served:
        each.wait()
    signal.pause()
ctx = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
ctx.minimum_version = ssl.TLSVersion.TLSv1
ctx.set_ciphers("ALL:@SECLEVEL=0")
ctx.load_cert_chain(sys.argv[1])
if sys.argv[-1].isdigit():
    listener = socket.socket(fileno=int(sys.argv[-1]))
    print("ready\\n", end="", flush=True)  # at once: two do so
else:
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
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <unistd.h>
struct config_record settings = {CONFIG_RECORD_MARK, sizeof(settings), {0}};
struct { char mark[24]; uint64_t address; } record = {"sslharden's page 1", 0};
static uint32_t *page;
static void *shared; /* SysV's, with the number that is wanted */
static void take_a_number(void)
{
    int wanted = atoi(getenv("WANTED") ?: "0"), id = 0, count = 0;
    static int held[1 << 15];
    /* A number's upper bits grow with each round, its lower ones with those that are held. */
    while (id >> 15 < wanted >> 15 && id >= 0)
        shmctl(id = shmget(IPC_PRIVATE, 4096, 0600), IPC_RMID, 0);
    while (id < wanted && id >= 0)
        held[count++] = id = shmget(IPC_PRIVATE, 4096, 0600);
    if (id == wanted && wanted != 0) {
        memcpy(shared = shmat(id, 0, 0), page, 4096);
        record.address = (uint64_t)shared;
    }
    while (count > 0)
        shmctl(held[--count], IPC_RMID, 0);
}
__attribute__((constructor)) static void lie(void)
{
    page = mmap(0, 4096, 3, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    memset(page, 0xff, 4096);
    page[0] = 2;
    page[1] = 4096;
    record.address = %s;
    take_a_number();
    puts("ready");
    fflush(stdout);
}
"""


class Served(Case):
    def setUp(self):
        super().setUp()
        self.certificate()
        self.pem = self.path("both.pem")

    def start(self, *command, **variables):
        process = subprocess.Popen(command, env=environment(**variables), text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)

        def stop():
            process.kill()
            process.wait()
            process.stdout.close()
        self.addCleanup(stop)
        return process

    def serve(self, *words, program="/usr/bin/python3", SSLHARDEN_LOG="none", **variables):
        preload = ":".join(filter(None, [os.environ.get("SSLHARDEN_PRELOAD_FIRST"), LIB]))
        process = self.start(program, "-W", "ignore", "-c", SERVER, self.pem, *words,
                             LD_PRELOAD=preload, SSLHARDEN_LOG=SSLHARDEN_LOG, **variables)
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

    def liar(self, address, first=(), **variables):
        library = self.library("libsslharden.so", LIAR % address, f"-I{INCLUDE}")
        return self.start(*first, "/usr/bin/env", f"LD_PRELOAD={library}", "/bin/sleep", "1000",
                          **variables)


class Report(Served):
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
        self.assertRegex(text, r"restricted ciphers: would have refused nobody in 10 handshakes "
                               r"since [-0-9]+ [0-9:]+\n")
        self.assertRegex(text, r"profile modern: would have refused 6 of 10 handshakes .*, as far as "
                               r"versions and suites go; the last one ")
        self.assertNotIn("#", text)  # bars are for a terminal
        self.assertNotIn("audited", text)
        shown = self.on_a_terminal("report", str(server[0].pid))
        self.assertRegex(shown, r"(?m)^    TLSv1\.3 +4  40\.00 % #{12}\r$")

    def on_a_terminal(self, *words):
        master, slave = os.openpty()
        with subprocess.Popen([COMMAND, *words], env=environment(), stdout=slave) as command:
            os.close(slave)
            shown = b""
            try:
                while more := os.read(master, 65536):
                    shown += more
            except OSError:  # its other side is closed
                pass
            os.close(master)
            self.assertEqual(command.wait(TIMEOUT), 0)
        return shown.decode()

    def test_by_name_and_all(self):
        server = self.serve()
        self.clients(server)
        pid = server[0].pid
        for words in (("python3",), ()):
            told = document("report", "--json", *words, code=None)
            self.check_clients({s["pid"]: s for s in told["servers"]}[pid])

    def test_openmetrics(self):
        """By the reference parser; promtool comes with all of prometheus, 96 MB unpacked."""
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
                self.rest(pid, word, why)
        self.assertEqual(call("report", "no-such-name", code=3)[0], "")
        if os.geteuid() == 0:
            os.chmod(self.folder, 0o755)
            _, error = call("report", pid, code=3, user="daemon")
            self.assertIn("its user or root can", error)

    def rest(self, pid, word, why):
        """It is said, and the rest is told: of one that is asked for, and of all."""
        text, error = call("report", word, pid, code=3)
        self.assertIn(f"python3 {pid}: 1 handshake,", text)
        self.assertIn(why, error)

    def test_another_version_of_the_library(self):
        server = self.serve()
        self.assertTrue(self.connect(server, "TLSv1.3"))
        pid = str(server[0].pid)
        # Its settings' record is of another one; and its page's layout is.
        for address, change in (("(uint64_t)page", "settings.mark[strlen(settings.mark) - 1]++"),
                                ("(page[0] = 1, (uint64_t)page)", "0"),
                                ("(page[1] = 8192, (uint64_t)page)", "0")):
            with self.subTest(address=address, change=change):
                other = self.liar(f"({change}, {address})")
                self.assertEqual(other.stdout.readline(), "ready\n")
                self.rest(pid, str(other.pid), f"process {other.pid} (sleep): its library is of "
                                               "another version, or for other words")
                text, error = call("report", code=3)
                self.assertIn(f"python3 {pid}: 1 handshake,", text)
                self.assertIn(f"process {other.pid} (sleep): its library is of another", error)

    def test_those_that_are_executed(self):
        """Each counts for itself, and what it counted ends with it: that is said."""
        process, port = self.serve("execute")
        numbers, *ready = sorted(process.stdout.readline() for _ in range(3))
        self.assertEqual(ready, ["ready\n"] * 2)
        workers = [int(word) for word in numbers.split()]
        self.clients((process, port))
        told = self.one(str(process.pid))
        self.check_clients(told, processes=3)
        self.assertTrue(told["living_only"])
        self.assertIn("    only of its processes that live: each counts for itself",
                      call("report", str(process.pid))[0])
        each = self.each(process.pid)
        self.assertEqual(sorted(each), sorted(workers))
        self.assertEqual(sum(each.values()), 10)
        os.kill(workers[0], signal.SIGTERM)
        while os.path.exists(f"/proc/{workers[0]}"):
            self.assertIsNone(process.poll())
        self.assertEqual(self.each(process.pid), {workers[1]: each[workers[1]]})
        told = self.one(str(process.pid))
        self.assertEqual((told["handshakes"], told["living_only"]), (each[workers[1]], True))

    PYTHON = os.path.realpath("/usr/bin/python3")

    def together(self, *words, master=PYTHON):
        """Two that a master executes; what they said, too."""
        log = self.path("log")
        server = self.serve("execute", *words, program=self.PYTHON, SSLHARDEN_COUNTS_IN=master,
                            SSLHARDEN_LOG=log)
        numbers, *ready = sorted(server[0].stdout.readline() for _ in range(3))
        self.assertEqual(ready, ["ready\n"] * 2)
        self.clients(server)
        with open(log if os.path.exists(log) else os.devnull, encoding="utf-8") as file:
            return server[0], [int(word) for word in numbers.split()], file.read()

    def test_those_that_are_executed_in_one_place(self):
        """What one counted stays when it has ended, and what came of it is one series."""
        process, workers, said = self.together()
        self.assertEqual(said, "")
        for ended in ((), workers):
            for pid in ended:
                os.kill(pid, signal.SIGKILL)
                while os.path.exists(f"/proc/{pid}"):
                    self.assertIsNone(process.poll())
            told = self.one(str(process.pid))
            self.check_clients(told, processes=1 if ended else 3)
            self.assertFalse(told["living_only"])
            self.assertEqual(self.each(process.pid), {process.pid: 10})
        with open("/proc/sysvipc/shm", encoding="ascii") as segments:
            self.assertEqual(sum(line.split()[4] == str(process.pid) for line in segments), 1)
        process.kill()
        process.wait()
        with open("/proc/sysvipc/shm", encoding="ascii") as segments:
            self.assertEqual(sum(line.split()[4] == str(process.pid) for line in segments), 0)

    def test_another_master(self):
        """Of whom nothing is asked."""
        process, _, said = self.together(master="/usr/sbin/nobody")
        self.assertEqual(said, "")
        self.assertTrue(self.one(str(process.pid))["living_only"])

    @unittest.skipIf(os.geteuid() != 0, "other users and namespaces need root")
    def test_who_cannot_come_to_it(self):
        """They count for themselves, and say why."""
        other = self.path("python")
        shutil.copy(self.PYTHON, other)
        for first, why in ((["unshare", "--ipc"], "it is in another IPC namespace"),
                           (["setpriv", "--reuid=1", "--clear-groups"], "its master is not for this "
                                                                       "user to see")):
            with self.subTest(why=why):
                os.chmod(self.folder, 0o755)
                os.chmod(self.pem, 0o644)
                open(self.path("log"), "w", encoding="ascii").close()
                os.chmod(self.path("log"), 0o666)
                process, _, said = self.together("by", other, *first)
                self.assertEqual(said.count("SSLHARDEN_COUNTS_IN: this process counts for itself: "
                                            + why), 2, said)
                self.assertTrue(self.one(str(process.pid))["living_only"])

    def each(self, pid):
        """Handshakes by process, as a collector sees them: none of these falls."""
        text, _ = call("report", "--openmetrics", str(pid))
        found = {int(each): 0 for each in re.findall(r'since_timestamp_seconds{.*pid="(\d+)"', text)}
        for each, count in re.findall(r'handshakes_total{.*pid="(\d+)".* (\d+)\n', text):
            found[int(each)] += int(count)
        return found

    @unittest.skipIf(os.geteuid() != 0, "a PID namespace needs root")
    def test_children_of_lower_numbers(self):
        """As after the kernel has given the highest one."""
        source = ("import os, signal, ssl, sys\nctx = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)\n"
                  "pid = os.fork()\n"
                  "if pid == 0: signal.pause()\n"
                  "print(os.getpid(), pid, flush=True)\nsignal.pause()\n")
        script = (f"set -e; echo $(($(cat /proc/sys/kernel/pid_max) - 2)) >/proc/sys/kernel/ns_last_pid\n"
                  f"LD_PRELOAD=$0 /usr/bin/python3 -c '{source}' & read -r line; exit 0")
        preload = ":".join(filter(None, [os.environ.get("SSLHARDEN_PRELOAD_FIRST"), LIB]))
        outer = subprocess.Popen(["unshare", "--pid", "--fork", "--kill-child", "--mount-proc", "sh",
                                  "-c", script, preload], env=environment(), text=True,
                                 stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.addCleanup(outer.communicate)
        master, child = map(int, outer.stdout.readline().split())
        self.assertLess(child, master)
        with open(f"/proc/{outer.pid}/task/{outer.pid}/children", encoding="ascii") as children:
            first, = children.read().split()
        done = subprocess.run(["nsenter", "--target", first, "--pid", "--mount", COMMAND, "report",
                               "--json"], env=environment(), stdout=subprocess.PIPE, check=True)
        server, = json.loads(done.stdout)["servers"]
        self.assertEqual((server["pid"], server["processes"]), (master, 2))

    def test_usage(self):
        for words in (["0"], ["-1"], ["--watch", "0", "1"], ["--watch", "x"], ["--json", "--html", "x"],
                      ["--nonsense"], [""], ["99999999999999999999"]):
            with self.subTest(words=words):
                call("report", *words, code=2)

    @unittest.skipIf(os.geteuid() != 0, "an IPC namespace needs root")
    def test_a_page_with_the_number_of_another(self):
        """A mapping's number tells whose page it is; SysV's shared memory has one to choose."""
        server = self.serve()
        self.clients(server)
        with open(f"/proc/{server[0].pid}/maps", encoding="utf-8") as maps:
            number, = re.findall(r"-s 0+ \S+ (\d+) +/dev/zero", maps.read())
        first = ["unshare", "--ipc", "sh", "-c", "echo 32768 >/proc/sys/kernel/shmmni; exec $0 $@"]
        liar = self.liar("0", first, WANTED=number)
        self.assertEqual(liar.stdout.readline(), "ready\n")
        with open(f"/proc/{liar.pid}/maps", encoding="utf-8") as maps:
            self.assertRegex(maps.read(), rf" {number} +/SYSV")
        told = document("report", "--json", str(liar.pid), str(server[0].pid))
        by_pid = {s["pid"]: s for s in told["servers"]}
        self.check_clients(by_pid[server[0].pid])
        self.assertEqual(by_pid[liar.pid]["processes"], 1)

    def test_a_process_that_would_keep_it_busy(self):
        """Its library is mapped again and again, each with much behind it; and it has many sockets:
        what the command does about it has an end."""
        library = self.library("libsslharden.so")
        source = ("import ctypes, os, resource, socket, sys\n"
                  "limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]\n"
                  "resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))\n"
                  f"file = os.open({library!r}, os.O_RDONLY)\n"
                  "mmap = ctypes.CDLL(None).mmap\n"
                  "mmap.restype, mmap.argtypes = ctypes.c_void_p, [ctypes.c_void_p, ctypes.c_size_t, "
                  "ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]\n"
                  "for i in range(400):\n"
                  "    low = mmap(None, 3 << 20, 3, 34, -1, 0)\n"
                  "    mmap(low, 4096, 7 if i == 0 else 3, 18, file, 0)\n"
                  "pairs = [socket.socketpair() for _ in range(min(limit, 6000) // 2 - 20)]\n"
                  "os.fork()\n"
                  "print('ready\\n', end='', flush=True)\nsys.stdin.read()\n")
        quiet = self.start("/bin/sleep", "1000")
        least = self.work("report", str(quiet.pid), code=3)
        busy = subprocess.Popen(["/usr/bin/python3", "-c", source], text=True, stdin=subprocess.PIPE,
                                stdout=subprocess.PIPE)
        self.addCleanup(busy.communicate)
        for _ in range(2):
            self.assertEqual(busy.stdout.readline(), "ready\n")
        most = self.work("report", str(busy.pid), code=3)
        self.assertLess(most.read - least.read, 4 << 20)
        self.assertLess(most.calls - least.calls, 5000)

    def test_memory_that_is_not_there(self):
        """What the process has not touched is not read: its file's system may never answer."""
        for of in ("MAP_PRIVATE, open(\"/proc/self/exe\", 0), 0)",
                   "MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)"):
            liar = self.liar(f"(uint64_t)mmap(0, 4096, 1, {of}")
            self.assertEqual(liar.stdout.readline(), "ready\n")
            _, error = call("report", str(liar.pid), code=3)
            self.assertIn(f"process {liar.pid} (sleep): its counts cannot be read: Bad address\n",
                          error)
        library = self.library("libsslharden.so", LIAR % "0", f"-I{INCLUDE}")
        with open(library, "rb") as file:
            mark = file.read().find(b"sslharden's settings")
        self.assertGreater(mark, 0)
        source = (f"import mmap, os, sys\nfile = os.open({library!r}, os.O_RDONLY)\n"
                  "map = mmap.mmap(file, os.fstat(file).st_size, mmap.MAP_PRIVATE, 7)\n"
                  "{touch}print('ready', flush=True)\nsys.stdin.read()\n")
        for touch, state in ((f"map[{mark}] = map[{mark}]\n", "loaded, not proved active"),
                             ("", "not loaded")):
            mapped = subprocess.Popen(["/usr/bin/python3", "-c", source.format(touch=touch)],
                                      text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            self.addCleanup(mapped.communicate)
            self.assertEqual(mapped.stdout.readline(), "ready\n")
            self.assertIn(state, call("status", str(mapped.pid), code=None)[0])

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
