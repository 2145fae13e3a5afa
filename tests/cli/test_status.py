# SPDX-License-Identifier: MIT
"""sslharden status: is it active in that process and its children?"""
import os
import subprocess
import sys
import unittest

from command import COMMAND, LIB, Case, call, document, environment

# A server's process and a worker of its, as many daemons have them.
PROGRAM = """
import os, ssl, sys
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
worker = os.fork()
if worker:
    print("ready", worker, flush=True)
sys.stdin.read()
"""
NO_LIBSSL = "import sys; print('ready', flush=True); sys.stdin.read()"


class Status(Case):
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

    def test_what_is_in_force(self):
        """Its file's settings too, and after it wrote over its environment (see the operator's)."""
        conf = self.write("conf", "[*]\nSSLHARDEN_PRIORITIZE_CHACHA = 1\n"
                          "SSLHARDEN_GROUPS = X25519\n", 0o600)
        parent, _ = self.run_(SSLHARDEN_CONFIG=conf, SSLHARDEN_GROUPS="P-256",
                              SSLHARDEN_PROFILE="modern", SSLHARDEN_LOG=self.path("log"),
                              SSLHARDEN_ALLOW_SSLV3="perhaps")
        told = document("status", "--json", parent)["processes"][0]
        for setting in ("SSLHARDEN_PRIORITIZE_CHACHA=1", "SSLHARDEN_GROUPS=P-256",
                        "SSLHARDEN_PROFILE=modern", "SSLHARDEN_MIN_PROTOCOL=TLSv1.3", f"SSLHARDEN_LOG={self.path('log')}"):
            self.assertIn(setting, told["settings"])
        self.assertEqual(len(told["complaints"]), 1)
        self.assertRegex(told["complaints"][0], 'SSLHARDEN_ALLOW_SSLV3: cannot read "perhaps"')
        self.assertRegex(call("status", parent)[0], 'unread   SSLHARDEN_ALLOW_SSLV3: cannot read')

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

    def test_bare(self):
        parent, _ = self.start()
        out, _ = call("status", parent, code=1)
        self.assertIn(f"{parent} python3: not loaded\n", out)
        self.assertIn("start it with: sslharden run\n", out)

    def test_off_and_audit(self):
        for mode in ("off", "audit"):
            parent, _ = self.run_(SSLHARDEN=mode, SSLHARDEN_LOG="none")
            out, _ = call("status", parent, code=1)
            self.assertIn(f"reason   SSLHARDEN={mode}\n", out)

    def test_nothing_to_do_is_not_not_loaded(self):
        process, = self.run_(program=NO_LIBSSL)
        self.assertIn("loaded, no libssl yet\n", call("status", process)[0])

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
        self.assertIn(f"process {child} (python3) has ended", call("status", child, code=1)[1])

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
        for text in ("0", "-1", "x", "1x", "99999999999999999999"):
            self.assertIn("accepted: one PID", call("status", "--", text, code=2)[1])
        dead = subprocess.Popen([sys.executable, "-c", ""])
        dead.wait()
        self.assertIn(f"no process {dead.pid}", call("status", str(dead.pid), code=1)[1])

    @unittest.skipIf(os.geteuid() != 0, "another user's process needs root to make")
    def test_another_users_process(self):
        parent, _ = self.run_()
        done = subprocess.run([COMMAND, "status", parent], user=65534, group=65534, extra_groups=[],
                              env=environment(), text=True, stderr=subprocess.PIPE, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, "cannot be read: Permission denied; its user or root can")


if __name__ == "__main__":
    unittest.main()
