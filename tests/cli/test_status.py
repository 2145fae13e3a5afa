# SPDX-License-Identifier: MIT
"""sslharden status: is it active in that process and its children?"""
import errno
import json
import mmap
import os
import re
import shutil
import subprocess
import sys
import unittest

import mute
from command import COMMAND, LIB, TIMEOUT, Case, call, document, environment, sanitizer

# A server's process and a worker of its, as many daemons have them.
PROGRAM = """
import os, ssl, sys
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
worker = os.fork()
if worker:
    print("ready", worker, flush=True)
sys.stdin.read()
"""
# As nginx does, to have room for its title.
OVERWRITTEN = """
import ctypes, sys
with open("/proc/self/stat") as file:
    start, end = map(int, file.read().rpartition(")")[2].split()[47:49])
ctypes.memset(start, 0, end - start)
print("ready", flush=True)
sys.stdin.read()
"""
# Has a file mapped, as if to execute it.
MAPS = """
import mmap, os, ssl, sys
mapped = mmap.mmap(os.open(sys.argv[1], os.O_RDONLY), 4096, mmap.MAP_PRIVATE,
                   mmap.PROT_READ | mmap.PROT_EXEC)
ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
print("ready", flush=True)
sys.stdin.read()
"""
NO_LIBSSL = "import sys; print('ready', flush=True); sys.stdin.read()"
SERVER = ["/usr/bin/python3", "-c", "import ssl, sys; ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER); "
          "print('ready', flush=True); sys.stdin.read()"]
# Starts servers, and has the command look at them; with the first process all end.
HOST = """
import json, os, subprocess, sys
command, preload, starts = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
running = [subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) for words in starts]
for one in running:
    one.stdout.readline()
sys.exit(subprocess.run([command, "status"], env={**os.environ, "LD_PRELOAD": preload}).returncode)
"""


def is_kernels(pid):
    """Whether it is a thread of the kernel (PF_KTHREAD)."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
            return int(file.read().rpartition(")")[2].split()[6]) & 0x200000 != 0
    except OSError:
        return False


class Starts(Case):
    def start(self, *words, program=PROGRAM, **variables):
        command = [*words, "/usr/bin/python3", "-c", program]
        process = subprocess.Popen(command, env=environment(**variables), text=True,
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.addCleanup(process.communicate)
        line = process.stdout.readline().split()
        self.assertEqual(line[:1], ["ready"])
        return [str(process.pid), *line[1:]]

    def run_(self, *options, **more):
        return self.start(COMMAND, "run", *options, "--", **more)


class Status(Starts):
    def test_what_is_in_force(self):
        """Its file's settings too, and after it wrote over its environment (see the operator's)."""
        conf = self.write("conf", "[*]\nSSLHARDEN_PRIORITIZE_CHACHA = 1\n"
                          "SSLHARDEN_GROUPS = X25519\n", 0o600)
        parent, _ = self.run_("--best-effort", SSLHARDEN_CONFIG=conf, SSLHARDEN_GROUPS="P-256",
                              SSLHARDEN_PROFILE="modern", SSLHARDEN_LOG=self.path("log"),
                              SSLHARDEN_ALLOW_SSLV3="perhaps")
        told = document("status", "--json", parent)["processes"][0]
        for setting in ("SSLHARDEN_PRIORITIZE_CHACHA=1", "SSLHARDEN_GROUPS=P-256",
                        "SSLHARDEN_PROFILE=modern", "SSLHARDEN_MIN_PROTOCOL=TLSv1.3", f"SSLHARDEN_LOG={self.path('log')}"):
            self.assertIn(setting, told["settings"])
        self.assertEqual(len(told["complaints"]), 1)
        self.assertRegex(told["complaints"][0], 'SSLHARDEN_ALLOW_SSLV3: cannot read "perhaps"')
        said = call("status", parent)[0]
        self.assertEqual(said.count('    unread   SSLHARDEN_ALLOW_SSLV3: cannot read "perhaps"'), 1)
        self.assertIn(f"messages {self.path('log')}\n", said)

    def test_settings_that_could_not_be_read(self):
        """It is active, which is 0; but it is not as somebody wrote, and that is said first."""
        conf = self.write("conf", "[*]\nSSLHARDEN_MIN_PROTOCOL = TLSv1.2\nSSLHARDEN_STRICT = no\n", 0o600)
        parent, worker = self.run_(
            "--best-effort", SSLHARDEN_CONFIG=conf, SSLHARDEN_LOG="none", SSLHARDEN_MIN_PROTOCOL="1.4",
            SSLHARDEN_FORBID="RC4,DSE3", SSLHARDEN_STRIKT="1", SSLHARDEN_GROUPS="")
        told = document("status", "--json", parent)
        self.assertTrue(told["active"])
        for one in told["processes"]:
            self.assertEqual((one["state"], len(one["complaints"])), ("active", 4))
            self.assertEqual(one["instead"], ["SSLHARDEN_STRICT=0", "SSLHARDEN_MIN_PROTOCOL=TLSv1.2",
                                              "SSLHARDEN_GROUPS is not set", "SSLHARDEN_FORBID=RC4"])
        said = call("status", parent)[0]
        for pid in (parent, worker):
            self.assertRegex(said, f"(?m)^{pid} .*: active, but 4 settings could not be read$")
        for line in ('unread   SSLHARDEN_STRIKT: unknown variable (value "1"); nearest known name: '
                     "SSLHARDEN_STRICT", "instead  SSLHARDEN_STRICT=0"):
            self.assertEqual(said.count(f"    {line}\n"), 1, said)
        said = call("status", code=None)[0]
        self.assertRegex(said, f"(?m)^ *{parent} .* active, but 4 settings could not be read$")
        self.assertIn("\nWhat could not be read, and what is in force instead: sslharden status PID\n", said)
        right, _ = self.run_(SSLHARDEN_LOG="none")
        self.assertEqual(document("status", "--json", right)["processes"][0]["instead"], [])

    def test_what_its_libssl_does_not_know(self):
        """Of a list that is in force without it, and of one that is not in force for it."""
        for variables, expected in (
                ({"SSLHARDEN_GROUPS": "P-256", "SSLHARDEN_CIPHERS": "ECDHE+AESGCM:!aNULL"}, []),
                ({"SSLHARDEN_GROUPS": "P-256:X25591",
                  "SSLHARDEN_CIPHERS": "NO-SUCH-SUITE:ECDHE-RSA-AES128-GCM-SHA256:-NO-SUCH-ONE:OLD"},
                 ["SSLHARDEN_CIPHERS: this libssl does not know NO-SUCH-SUITE, OLD",
                  "SSLHARDEN_GROUPS: this libssl takes nothing of it, for it does not know X25591 (nearest: "
                  "X25519); programs' own lists stay"])):
            pids = self.run_("--best-effort", SSLHARDEN_LOG="none", **variables)
            for told in document("status", "--json", pids[0])["processes"]:
                self.assertEqual(told["unknown"], expected)
            said = re.findall("^    unknown  (.*)$", call("status", pids[1])[0], re.M)
            self.assertEqual(said, expected)

    def test_what_the_loader_did_not_take(self):
        """A path that is none; and the same where the program wrote over its environment."""
        missing = self.path("libsslharden.so")
        for program, why in ((NO_LIBSSL, f"LD_PRELOAD names {missing}, and there is no such file"),
                             (OVERWRITTEN, "its environment cannot be seen, .*ERROR: ld.so")):
            pid = self.start(program=program, LD_PRELOAD=missing)[0]
            told = document("status", "--json", pid, code=1)["processes"][0]
            self.assertEqual(told["state"], "not loaded")
            self.assertRegex(told["reason"], why)

    @unittest.skipIf(os.path.exists("/dev/log"), "there is a system log here")
    def test_messages_that_are_lost(self):
        """Where standard error is closed, and no system log is there."""
        closed = ("sh", "-c", 'exec "$@" 2>&-', "sh", COMMAND, "run", "--log-level", "info", "--")
        for words, lost in ((closed, 1), ((COMMAND, "run", "--"), 0)):
            pids = self.start(*words)
            told = document("status", "--json", pids[0])["processes"]
            self.assertEqual([process["lost"] for process in told], [lost] * len(pids))
            said = call("status", pids[0])[0]
            self.assertEqual("lost     1 message that no place took" in said, bool(lost), said)
            now = "closed, or not to be seen" if lost else r"\S+"
            self.assertRegex(said, rf"messages standard error \(now {now}\) while .* else the "
                             r"system log \(/dev/log\), which is not there\n")

    def messages(self, before="", after="", *, log=None, between=None):
        """Where they go, of a server that does something before it makes a context, and after."""
        program = f"import os, ssl, sys\n{before}\nssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)\n" \
            f"{after}\nprint('ready', flush=True)\nsys.stdin.read()"
        pid, = self.run_("--best-effort", program=program, SSLHARDEN_LOG=log or self.path("log"),
                         SSLHARDEN_LOG_LEVEL="info")
        if between:
            between()
        return re.search("^    messages (.*)", call("status", pid)[0], re.M)[1]

    def test_the_log_file_that_there_is(self):
        """Not the one that is set where that cannot be opened, or was rotated away."""
        log = self.path("log")
        self.assertEqual(self.messages(), log)
        self.assertRegex(self.messages(log="/nowhere/log"),
                         r"^the system log.*, or else standard error: /nowhere/log cannot be written "
                         r"\(No such file or directory\); the last went to (the system log|standard "
                         r"error)$")
        self.assertEqual(self.messages(between=lambda: os.rename(log, f"{log}.1")),
                         f"{log}; it has {log}.1 open, which takes the lines once it may not open "
                         "that name any more")
        self.assertRegex(self.messages(between=lambda: os.remove(log)), r"log \(deleted\) open, ")

    @unittest.skipIf(os.geteuid() != 0, "needs root")
    def test_the_log_file_after_the_rights_are_gone(self):
        log = self.path("log")
        os.chmod(os.path.dirname(log), 0o700)
        self.assertEqual(self.messages(after=f"os.rename('{log}', '{log}.1'); os.setgid(65534); "
                                       "os.setuid(65534); ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)"),
                         f"{log}.1, which it has open: {log} cannot be opened (Permission denied)")

    @unittest.skipIf(os.geteuid() != 0 or not os.path.exists("/dev/fuse"), "no FUSE, or no right to it")
    def test_a_file_system_that_never_answers(self):
        """What it has mapped of it cannot be looked at, and nobody waits for it."""
        os.mkdir(self.path("mounted"))
        with open(shutil.which("true"), "rb") as file:
            files = mute.Mute(self.path("mounted"), file.read())
        try:
            with subprocess.Popen([COMMAND, "run", "--", "/usr/bin/python3", "-c", MAPS,
                                   self.path("mounted/file")], env=environment(), text=True,
                                  stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
                self.assertEqual(process.stdout.readline(), "ready\n")
                self.assertEqual(document("status", "--json", str(process.pid))["active"], True)
                files.is_mute.set()
                told = document("status", "--json", str(process.pid), code=3)["processes"][0]
                self.assertEqual(told["reason"], f"{self.path('mounted/file')}: its file system "
                                 "does not answer")
                files.end()
                process.communicate("", timeout=TIMEOUT)
        except BaseException:
            files.end()
            raise

    def test_active(self):
        parent, worker = self.run_("--min-protocol", "TLSv1.2")
        told = document("status", "--json", parent)
        self.assertTrue(told["active"])
        self.assertEqual([str(p["pid"]) for p in told["processes"]], [parent, worker])
        for process in told["processes"]:
            self.assertEqual((process["state"], process["library"]), ("active", LIB))
            self.assertIn("SSLHARDEN_MIN_PROTOCOL=TLSv1.2", process["settings"])
        text = call("status", parent)[0]
        self.assertIn(f"{parent} python3: active\n", text)
        self.assertIn("setting  SSLHARDEN_MIN_PROTOCOL=TLSv1.2\n", text)

    def test_by_a_name_of_which_the_kernel_keeps_a_part(self):
        name = "a-server-with-a-long-name"
        comm = f"open('/proc/self/comm', 'w').write('{name}')\n" + NO_LIBSSL
        pid, = self.run_("--best-effort", program=comm)
        self.assertIn(f"{pid} a-server-with-a", call("status", name)[0])

    def test_by_name_and_several(self):
        """A server's children are told once, whether their numbers are given or not."""
        name = "aserver"
        os.symlink("/usr/bin/python3", self.path(name))
        comm = f"open('/proc/self/comm', 'w').write('{name}')\n" + PROGRAM
        parent, worker = self.run_(program=comm)
        for words in ([name], [parent, worker], [parent]):
            told = document("status", "--json", *words)["processes"]
            self.assertEqual([str(p["pid"]) for p in told], [parent, worker])
        bare, _ = self.start()
        self.assertEqual(len(document("status", "--json", name, bare, code=1)["processes"]), 4)

    def test_settings_that_are_all_the_same(self):
        """They are printed of the first process of a server, not of each worker again."""
        parent, worker = self.run_("--min-protocol", "1.2", "--max-protocol", "1.3")
        said = call("status", parent)[0]
        self.assertEqual(said.count("setting  SSLHARDEN_MIN_PROTOCOL=TLSv1.2"), 1, said)
        self.assertIn(f"settings those of {parent}\n", said.split(f"\n{worker} ")[1])
        self.assertIn("setting  SSLHARDEN_MIN_PROTOCOL=TLSv1.2", call("status", worker)[0])

    def test_all_that_run_here(self):
        parent, worker = self.run_()
        bare, _ = self.start()
        out, _ = call("status", code=None)
        for pid in (parent, worker):
            self.assertRegex(out, rf"(?m)^ *{pid} python3 +active$")
        self.assertRegex(out, rf"(?m)^ *{bare} python3 +not loaded \(its environment has no ")
        self.assertRegex(out, r"(?m)^\d+ of \d+ active$")
        self.assertIn("sslharden run", out)
        told = document("status", "--json", code=None)
        states = {str(p["pid"]): p["active"] for p in told["processes"]}
        self.assertEqual((states[parent], states[bare]), (True, False))

    def host(self, *starts, preload=""):
        """What is said of a host of its own, where these were started; and the exit code."""
        unshare = ["unshare", "-mpf", "--mount-proc"]
        if subprocess.run([*unshare, "true"], capture_output=True, check=False).returncode != 0:
            self.skipTest("needs the right to make PID namespaces")
        done = subprocess.run([*unshare, "/usr/bin/python3", "-c", HOST, COMMAND, preload,
                               json.dumps(starts)], text=True, check=False,
                              env=environment(SSLHARDEN_LOG="none"), stdout=subprocess.PIPE)
        return re.sub(r"(?m)^ *\d+ (?=python3)", "", done.stdout), done.returncode

    def test_a_host_with_an_audit(self):
        """Nobody is told to start what was started so."""
        self.assertEqual(self.host([COMMAND, "run", "--audit", "--", *SERVER]),
                         ("python3          loaded, audit: changes nothing (SSLHARDEN=audit)\n"
                          "0 of 1 active\n", 1))

    def test_a_host_where_all_have_the_library(self):
        """Those without a libssl are no line; the command itself is none of the host's TLS."""
        run = [COMMAND, "run", "--"]
        self.assertEqual(self.host([*run, *SERVER], [*run, "/usr/bin/python3", "-c", NO_LIBSSL],
                                   preload=LIB),
                         ("python3          active\n1 of 1 active\n"
                          "2 more have the library, and no libssl yet\n", 0))

    def test_a_thread_of_the_kernel(self):
        """It is no process that could not be read."""
        threads = [name for name in os.listdir("/proc") if name.isdigit() and is_kernels(name)]
        if not threads:
            self.skipTest("none is seen here")
        self.assertIn("is a thread of the kernel", call("status", threads[0], code=3)[1])
        told = document("status", "--json", code=None)["processes"]
        self.assertEqual([p for p in told if str(p["pid"]) in threads], [])
        unread = re.search(r"(?m)^(\d+) more cannot be read", call("status", code=None)[0])
        self.assertLess(int(unread[1]) if unread else 0, len(threads))

    def test_bare(self):
        parent, _ = self.start()
        out, _ = call("status", parent, code=1)
        self.assertIn(f"{parent} python3: not loaded\n", out)
        self.assertIn("start it with: sslharden run\n", out)

    @unittest.skipIf(os.geteuid() != 0, "a root of its own needs root")
    def test_started_before_it_was_named_for_all(self):
        """Its root has an /etc/ld.so.preload that names the library: a restart is all."""
        os.mkdir(self.path("etc"))
        chroots = f"import os, ssl, sys; os.chroot({self.folder!r}); {READY}"
        process, = self.start(program=chroots)
        for path, there, reason in (("/libsslharden.so", False, "start it with: sslharden run"),
                                    ("/libsslharden.so", True, "/etc/ld.so.preload names it, and did"),
                                    ("/other.so", True, "start it with: sslharden run")):
            with self.subTest(path=path, there=there):
                self.write("etc/ld.so.preload", f"# not /libsslharden.so\n{path}\n", 0o644)
                if there:
                    shutil.copy(LIB, self.path("libsslharden.so"))
                out, _ = call("status", process, code=1)
                self.assertRegex(out, f"reason +.*{reason}")

    def test_off_and_audit(self):
        for mode in ("off", "audit"):
            parent, _ = self.run_(SSLHARDEN=mode, SSLHARDEN_LOG="none")
            out, _ = call("status", parent, code=1)
            self.assertIn(f"reason   SSLHARDEN={mode}\n", out)

    def test_nothing_to_do_is_not_not_loaded(self):
        process, = self.run_(program=NO_LIBSSL)
        self.assertIn("loaded, no libssl yet\n", call("status", process)[0])
        self.assertIsNone(document("status", "--json", process)["active"])

    def test_openssl_inside(self):
        """Loaded, and of no use there; its twin has a libssl."""
        source = """#include <openssl/ssl.h>
            int main(void) { SSL_CTX *c = SSL_CTX_new(TLS_server_method()); puts("ready");
            fflush(stdout); getchar(); SSL_CTX_free(c); return 0; }"""
        for flags, state, code in ((["-Wl,-Bstatic", "-lssl", "-lcrypto", "-Wl,-Bdynamic"],
                                    "loaded, but its TLS passes by", 1),
                                   (["-lssl", "-lcrypto"], "active", 0)):
            program = self.build("program", *flags, source=source)
            process = subprocess.Popen([COMMAND, "run", "--best-effort", "--", program],
                                       env=environment(), text=True, stdin=subprocess.PIPE,
                                       stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            self.addCleanup(process.communicate)
            self.assertEqual(process.stdout.readline(), "ready\n")
            told = document("status", "--json", str(process.pid), code=code)
            self.assertEqual(told["processes"][0]["state"], state)
            self.assertEqual(told["active"], code == 0)
            if code != 0:
                self.assertIn("linked statically inside", told["processes"][0]["reason"])
            process.communicate()

    def test_a_main_thread_that_ended(self):
        """Its /proc/PID is a zombie's; the process lives in another thread."""
        program = self.build("leader", "-lssl", "-lcrypto", "-lpthread", source="""
            #include <openssl/ssl.h>
            #include <pthread.h>
            static void *serve(void *main) {
                pthread_join(*(pthread_t *)main, NULL); puts("ready"); fflush(stdout); getchar();
                exit(0);
            }
            int main(void) {
                static pthread_t self; pthread_t other; SSL_CTX_new(TLS_server_method());
                self = pthread_self(); pthread_create(&other, NULL, serve, &self);
                pthread_exit(NULL);
            }""")
        for start, code in (([], 1), ([COMMAND, "run", "--min-protocol", "TLSv1.3", "--"], 0)):
            process = subprocess.Popen([*start, program], env=environment(), text=True,
                                       stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            self.addCleanup(process.communicate)
            self.assertEqual(process.stdout.readline(), "ready\n")
            told, = document("status", "--json", str(process.pid), code=code)["processes"]
            self.assertEqual(told["state"], "active" if start else "not loaded")
            self.assertEqual("SSLHARDEN_MIN_PROTOCOL=TLSv1.3" in told["settings"], bool(start))

    def test_a_child_that_ended(self):
        """And that nobody has waited for: it is nothing that could be active, or not."""
        zombie = ("import os, ssl, sys\ncontext = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)\n"
                  "child = os.fork() or os._exit(0)\n"
                  "os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)\n"
                  "print('ready', child, flush=True)\nsys.stdin.read()")
        parent, child = self.run_(program=zombie)
        out, err = call("status", parent)
        self.assertEqual((out.count("active"), err), (1, ""))
        self.assertIn(f"process {child} (python3) has ended", call("status", child, code=3)[1])

    def test_a_name_that_writes_to_the_terminal(self):
        name = "with open('/proc/self/comm', 'wb') as f: f.write(b'a\\x1b[2J\\nb')\n"
        process, = self.run_(program=name + NO_LIBSSL)
        out, _ = call("status", process)
        self.assertIn(r"a\x1b[2J\x0ab: loaded", out)
        self.assertNotIn("\x1b", out)

    def test_a_child_that_went_without(self):
        """A program that wipes its children's environment, as postfix does."""
        wipes = ("import subprocess, sys; "
                 f"child = subprocess.Popen({['/usr/bin/python3', '-c', PROGRAM]!r}, env={{}}); "
                 "child.wait()")
        told = document("status", "--json", self.run_(program=wipes)[0], code=1)
        self.assertEqual([p["state"] for p in told["processes"]],
                         ["loaded, no libssl yet", "not loaded", "not loaded"])

    def test_what_is_no_process(self):
        for text in ("-1", "", "99999999999999999999"):
            self.assertIn("accepted: a PID", call("status", "--", text, code=2)[1])
        for verb in ("status", "report"):
            self.assertIn(f"{verb}: 0: a unit that is stopped has no PID", call(verb, "0", code=2)[1])
        self.assertIn("no process is named no-such-name", call("status", "no-such-name", code=3)[1])
        told = document("status", "--json", "no-such-name", code=3)
        self.assertIsNone(told["active"])
        dead = subprocess.Popen([sys.executable, "-c", ""])
        dead.wait()
        self.assertIn(f"no process {dead.pid}", call("status", str(dead.pid), code=3)[1])
        told = document("status", "--json", str(dead.pid), code=3)
        self.assertEqual((told["active"], told["processes"][0]["active"]), (None, None))

    @unittest.skipIf(os.geteuid() != 0, "another user's process needs root to make")
    def test_another_users_process(self):
        parent, _ = self.run_()
        done = subprocess.run([COMMAND, "status", parent], user=65534, group=65534, extra_groups=[],
                              env=environment(), text=True, stderr=subprocess.PIPE, check=False)
        self.assertEqual(done.returncode, 3)
        self.assertRegex(done.stderr, "cannot be read: Permission denied; its user or root can")

    @unittest.skipIf(sanitizer(), "by what its runtime calls the library is bound, and no list is read")
    def test_a_list_of_the_loader_s_that_leads_astray(self):
        """It is the process's to write; a page that it has not touched itself is not fetched for it."""
        program = self.build("astray", source="""
            #define _GNU_SOURCE
            #include <fcntl.h>
            #include <link.h>
            #include <stdio.h>
            #include <sys/mman.h>
            int main(int count, char **words)
            {
                char *map = mmap(0, 4096, PROT_READ, MAP_PRIVATE, open(words[0], O_RDONLY), 0);
                for (ElfW(Dyn) *entry = _DYNAMIC; entry->d_tag != DT_NULL; entry++)
                    if (entry->d_tag == DT_DEBUG)
                        ((struct r_debug *)entry->d_un.d_ptr)->r_map = (struct link_map *)map;
                printf("ready %llu\\n", (unsigned long long)map);
                fflush(stdout);
                getchar();
            }""")
        process = subprocess.Popen([COMMAND, "run", "--best-effort", "--", program], text=True,
                                   env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.addCleanup(process.communicate)
        ready, address = process.stdout.readline().split()
        self.assertEqual(ready, "ready")
        self.assertIn("loaded, not proved active", call("status", str(process.pid), code=3)[0])
        with open(f"/proc/{process.pid}/pagemap", "rb") as pages:
            pages.seek(int(address) // mmap.PAGESIZE * 8)
            self.assertEqual(int.from_bytes(pages.read(8), "little") >> 62, 0)

    def test_memory_that_cannot_be_read(self):
        """What the kernel says of it, and the right that would help only where that is wanting."""
        library = self.library("fails.so", """
            #define _GNU_SOURCE
            #include <dlfcn.h>
            #include <errno.h>
            #include <stdio.h>
            #include <stdlib.h>
            #include <string.h>
            #include <unistd.h>
            ssize_t pread64(int fd, void *to, size_t len, off64_t at)
            {
                char link[64], target[256] = "";
                ssize_t (*real)(int, void *, size_t, off64_t) = dlsym(RTLD_NEXT, "pread64");
                snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
                readlink(link, target, sizeof(target) - 1);
                if (strncmp(target, "/proc/", 6) != 0 || strcmp(strrchr(target, '/'), "/mem") != 0)
                    return real(fd, to, len, at);
                errno = atoi(getenv("ERROR"));
                return -1;
            }
            ssize_t pread(int fd, void *to, size_t len, off_t at) { return pread64(fd, to, len, at); }
            """)
        process, = self.run_(program=SERVER[-1])
        preload = ":".join(filter(None, [os.environ.get("SSLHARDEN_PRELOAD_FIRST"), library]))
        for error in (errno.EIO, errno.EACCES, errno.EPERM):
            denied = error != errno.EIO
            for words, what in (("status", "memory"), ("report", "counts")):
                said = "".join(call(words, process, code=3, LD_PRELOAD=preload, ERROR=str(error)))
                self.assertRegex(said, f"its {what} cannot be read: {os.strerror(error)}" +
                                 ("; .*root" if denied else "\n"))

    @unittest.skipIf(os.geteuid() != 0, "another user's process needs root to make")
    def test_root_without_the_right_to_look(self):
        """As in a container: what cannot be read is no no."""
        program = self.build("program", source="int main(void) { puts(\"ready\"); "
                             "fflush(0); getchar(); return 0; }")
        os.chmod(self.folder, 0o755)
        other = subprocess.Popen([program], user=65534, group=65534, extra_groups=[],
                                 stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.addCleanup(other.communicate)
        self.assertEqual(other.stdout.readline(), "ready\n")
        done = subprocess.run(["setpriv", "--bounding-set=-sys_ptrace,-perfmon,-sys_admin", COMMAND, "status", "--json",
                               str(other.pid)], env=environment(), text=True, check=False,
                              stdout=subprocess.PIPE)
        self.assertEqual(done.returncode, 3)
        told = json.loads(done.stdout)
        self.assertIsNone(told["active"])
        process, = told["processes"]
        self.assertEqual((process["pid"], process["name"], process["active"]),
                         (other.pid, "program", None))
        self.assertIn("CAP_SYS_PTRACE", process["reason"])


SERVES = "ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)\n"
READY = "print('ready', flush=True); sys.stdin.read()\n"
C_READY = "puts(\"ready\"); fflush(stdout); getchar();"


class Proved(Starts):
    """Active is said where calls are seen to come to the library, and nowhere else."""

    def python(self, *lines, start=(), code, **variables):
        process, = self.start(*start, program="import ctypes, mmap, os, ssl, sys\n" +
                              "\n".join(lines) + "\n" + READY, **variables)
        return document("status", "--json", process, code=code)["processes"][0]

    def c(self, *flags, source, start=(COMMAND, "run", "--best-effort", "--"), code, **variables):
        program = self.build("program", *flags, source="#include <dlfcn.h>\n"
                             f"#include <openssl/ssl.h>\nint main(void) {{ {source} }}")
        process = subprocess.Popen([*start, program], env=environment(**variables), text=True,
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   stderr=subprocess.DEVNULL)
        self.addCleanup(process.communicate)
        self.assertEqual(process.stdout.readline(), "ready\n")
        return document("status", "--json", str(process.pid), code=code)["processes"][0]

    def test_bound(self):
        told = self.python(SERVES, start=(COMMAND, "run", "--"), code=0)
        self.assertRegex(told["bound"], "_ssl.* calls SSL_[A-Za-z_]+ of the library")
        told = self.c(source=C_READY, code=0)
        self.assertRegex(told["bound"], "comes before libc|[at]san.* calls dlsym")

    @unittest.skipIf(os.geteuid() != 0, "a mount needs root")
    def test_refused_by_the_loader(self):
        """Its twin lies on a file system like the first, but for that option."""
        line = ('mount -t tmpfs -o "$1" none "$2" && cp "$3" "$2" && '
                'export LD_PRELOAD=$2/libsslharden.so && shift 3 && exec "$@" 2>/dev/null')
        os.mkdir(self.path("tmpfs"))
        for option, state, code in (("noexec", "not loaded", 1), ("exec", "active", 0)):
            told = self.python(SERVES, start=("unshare", "--mount", "sh", "-c", line, "sh", option,
                                              self.path("tmpfs"), LIB), code=code)
            self.assertEqual(told["state"], state)
            if code:
                self.assertIsNone(told["library"])
                self.assertRegex(told["reason"], "the loader refused it: .* mounted noexec")

    def test_a_file_of_that_name(self):
        self.write("libsslharden.so", "nothing\n" * 1000)
        self.write("libssl.so.3", "nothing\n" * 1000)
        for protection in ("PROT_READ", "PROT_READ | mmap.PROT_EXEC"):
            told = self.python("maps = [mmap.mmap(os.open(f, os.O_RDONLY), 4096, mmap.MAP_PRIVATE, "
                               f"mmap.{protection}) for f in ({self.path('libsslharden.so')!r}, "
                               f"{self.path('libssl.so.3')!r})]", code=1)
            self.assertEqual(told["state"], "not loaded")
            self.assertRegex(told["reason"], "not to be executed|no library that was started")

    @unittest.skipIf(sanitizer() == "tsan", "ThreadSanitizer's runtime cannot be opened late")
    def test_opened_late(self):
        late = f"library = ctypes.CDLL({LIB!r})"
        told = self.python(SERVES, late, code=1)
        self.assertEqual(told["state"], "loaded, but libssl is called past it")
        self.assertRegex(told["reason"], r"_ssl\S* calls SSL_\w+ of \S*libssl.so.3 itself")
        # Before libssl too: for itself, or for all.
        before = "import ctypes, os, sys\n"
        for mode, code in (("", 1), (", os.RTLD_GLOBAL | os.RTLD_NOW", 0)):
            process, = self.start(program=f"{before}library = ctypes.CDLL({LIB!r}{mode})\n"
                                  f"import ssl\n{SERVES}{READY}")
            call("status", process, code=code)
        # Where no call was made so far.
        told = self.c("-lssl", "-Wl,-z,lazy", source=f'dlopen("{LIB}", RTLD_NOW); {C_READY} '
                      "SSL_CTX_new(0);", start=(), code=1)
        self.assertIn("comes last in the loader's list", told["reason"])

    def test_a_module_that_passes_by(self):
        module = self.library("module.so", "void *SSL_CTX_new(void *); int SSL_accept(void *);"
                              "int serve(void) { return SSL_accept(SSL_CTX_new(0)); }", "-lssl",
                              "-Wl,-z,now")
        source = f'dlopen("{module}", RTLD_NOW | %s); SSL_CTX_new(TLS_server_method()); {C_READY}'
        self.c("-lssl", source=source % "0", code=0)
        told = self.c("-lssl", source=source % "RTLD_DEEPBIND", code=1)
        self.assertIn(f"{module} calls SSL_", told["reason"])

    def test_an_openssl_beside(self):
        """Whether it serves is not to be seen: not known, and named."""
        inside = self.library("inside.so", "void *SSL_CTX_new(void *); void *TLS_server_method(void);"
                              "void *serve(void) { return SSL_CTX_new(TLS_server_method()); }",
                              "-Wl,-Bstatic", "-lssl", "-lcrypto", "-Wl,-Bdynamic",
                              "-Wl,--exclude-libs,ALL", "-Wl,-Bsymbolic", "-s")
        told = self.python(SERVES, f"library = ctypes.CDLL({inside!r})",
                           start=(COMMAND, "run", "--"), code=3)
        self.assertIsNone(told["active"])
        self.assertEqual(told["state"], "active for libssl, but not all its TLS is that")
        self.assertRegex(told["reason"], f"{inside}: OpenSSL.* linked statically inside")

    def test_another_tls_library(self):
        """Opened by a module, as Erlang's; and the program's own, beside a client's libssl."""
        erlang = self.library("crypto.so")
        told = self.c(source=f'dlopen("{erlang}", RTLD_NOW); {C_READY}', code=1)
        self.assertEqual(told["state"], "loaded, but its TLS passes by")
        self.assertIn("another TLS library, Erlang", told["reason"])
        gnutls = self.library("libgnutls.so.30")
        client = self.library("libclient.so", "void *SSL_CTX_new(void *); int SSL_connect(void *);"
                              "int ask(void) { return SSL_connect(SSL_CTX_new(0)); }", "-lssl")
        told = self.c("-Wl,--no-as-needed", gnutls, client, f"-Wl,-rpath,{self.folder}",
                      source=C_READY, code=1)
        self.assertIn("another TLS library, GnuTLS", told["reason"])

    def test_a_library_that_was_replaced(self):
        """As by an upgrade: what is mapped is looked at, not what has its name now."""
        library = shutil.copy(LIB, self.path("libsslharden.so"))
        process, = self.start(COMMAND, "run", "--library", library, "--",
                              program=f"import ssl, sys\n{SERVES}{READY}")
        self.assertNotIn("replaced", call("status", process, code=0)[0])
        os.unlink(library)
        self.write("libsslharden.so", "another\n")
        self.assertIn(f"{library}, replaced or removed since it was loaded: restart the program\n",
                      call("status", process, code=0)[0])
        told, = document("status", "--json", process)["processes"]
        self.assertEqual((told["library"], told["replaced"]), (library, True))
        self.assertRegex(call("status", code=None)[0],
                         rf"(?m)^ *{process} .*active, replaced or removed since")


if __name__ == "__main__":
    unittest.main()
