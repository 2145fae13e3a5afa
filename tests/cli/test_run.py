# SPDX-License-Identifier: MIT
"""sslharden run: becomes the program, hardened, or does not start it."""
import os
import re
import shutil
import socket
import subprocess
import unittest

from command import (COMMAND, LIB, PEER, TIMEOUT, Case, call, document, environment,
                     file_capability, sanitizer)

WORDS = (PEER, "new:TLS_server_method", "begun", "options")
# SSL_OP_NO_SSLv3 and so on (ssl.h), by the version that each forbids.
NO_SSLV3 = 0x02000000
NO_VERSION = {0x300: NO_SSLV3, 0x301: 0x04000000, 0x302: 0x10000000, 0x303: 0x08000000}
SERVER_PREFERENCE = 0x00400000

# sleep(3) that is over when somebody writes to the pipe OVER.
SLEEP = """
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
unsigned int sleep(unsigned int seconds)
{
	char end;
	return seconds != 86400 || read(open(getenv("OVER"), O_RDONLY), &end, 1) != 1;
}"""


def seen(*options, **variables):
    """The lowest version that a server's connections serve, and the options of its context."""
    lines = call("run", *options, "--", *WORDS, **variables)[0].splitlines()
    told = dict(line.split(" ", 1) for line in lines if " " in line)
    begun = int(told["begun"], 16)
    lowest = next((v for v, option in NO_VERSION.items() if not begun & option), 0x304)
    return lowest, int(told["options"].split()[-1], 16)


def shell(*options, line, **variables):
    return call("run", "--best-effort", *options, "/bin/sh", "-c", line, **variables)[0].strip()


class Hardened(Case):
    def test_beside_bare(self):
        done = subprocess.run(WORDS, env=environment(), text=True, stdout=subprocess.PIPE, check=True,
                              timeout=TIMEOUT)
        bare = int(done.stdout.split("options ")[1].split()[-1], 16)
        self.assertEqual(bare & SERVER_PREFERENCE, 0)
        self.assertEqual(seen()[1] & SERVER_PREFERENCE, SERVER_PREFERENCE)

    def test_options_are_the_variables(self):
        self.assertEqual(seen("--min-protocol", "TLSv1.2")[0], 0x303)
        self.assertEqual(seen("--profile=modern")[0], 0x304)
        self.assertEqual(seen("--allow-client-preference")[1] & SERVER_PREFERENCE, 0)
        # An option is over the environment.
        self.assertEqual(seen("--min-protocol", "TLSv1.3", SSLHARDEN_MIN_PROTOCOL="TLSv1.1")[0], 0x304)
        self.assertEqual(seen("--audit", "--log=none")[1] & SERVER_PREFERENCE, 0)
        path = self.write("conf", "[*]\nSSLHARDEN_MIN_PROTOCOL = TLSv1.2\n", 0o644)
        self.assertEqual(seen("--config", path)[0], 0x303)

    def test_versions_as_people_write_them(self):
        for text in ("1.3", "TLS1.3", "tlsv1.3", "TLSv1.3", "TLS_1.3"):
            self.assertEqual(seen("--min-protocol", text)[0], 0x304)
        self.assertEqual(seen("--max-protocol", "1.2", "--min-protocol", "1.0")[0], 0x301)

    def test_help_tells_what_each_takes(self):
        out, _ = call("run", "--help")
        options = re.findall(r"^  --([a-z0-9-]+)(?: ([A-Z]+))? +(\S.*)$", out, re.M)
        names = {name for name, _, _ in options}
        for variable in re.findall(r"\((SSLHARDEN_\w+)(=1)?\)", out):
            option = variable[0].removeprefix("SSLHARDEN_").lower().replace("_", "-")
            self.assertIn(option, names)  # with a meaning
            value, = [value for name, value, _ in options if name == option]
            self.assertEqual(bool(value), not variable[1], option)

    def test_a_bad_setting_starts_nothing(self):
        for option in ("--min-protocol=TLS2", "--profile=old", "--log=here", "--config=/no/such",
                       "--log-level=all"):
            with self.subTest(option=option):
                out, err = call("run", option, "--", "/bin/sh", "-c", "echo ran", code=2)
                self.assertEqual(out, "")
                name = option.partition("=")[0]
                self.assertRegex(err, f"^sslharden: run: {name}[:=].*accepted: ")
        for words in ((), ("--no-such-option", "sh")):
            self.assertIn("usage: sslharden run", call("run", *words, code=2)[1])


class Environment(Case):
    """Settings that an option did not bring: as bad ones, and not started."""

    SERVER = """void *SSL_CTX_new(void *); int SSL_accept(void *); void *TLS_server_method(void);
        int puts(char *); int main(int count, char **words) {
        puts("ran"); return count > 9 && SSL_accept(SSL_CTX_new(TLS_server_method())); }"""

    def setUp(self):
        super().setUp()
        self.program = self.build("server", "-lssl", "-lcrypto", source=self.SERVER)

    def refused(self, why, *options, **variables):
        out, err = call("run", *options, "--", self.program, code=2, **variables)
        self.assertEqual(out, "")
        self.assertRegex(err, why)
        self.assertIn("is not started; --best-effort starts it all the same", err)
        out, err = call("run", "--best-effort", *options, "--", self.program, **variables)
        self.assertEqual(out, "ran\n")
        self.assertRegex(err, why)

    def test_what_cannot_be_read(self):
        self.refused('cannot read "TLSv1.4"; accepted: TLSv1 ', SSLHARDEN_MIN_PROTOCOL="TLSv1.4")
        self.refused('SSLHARDEN_FORBID: cannot read "3DSE"; nearest: 3DES; accepted: .*\n',
                     SSLHARDEN_FORBID="RC4,3DSE")
        # What is not started has nothing in force.
        for options, variables in ((("--forbid", "RC4,3DSE"), {}), ((), {"SSLHARDEN_FORBID": "RC4,3DSE"})):
            self.assertNotIn("all the same: RC4", call("run", *options, "--", self.program, code=2, **variables)[1])
        self.refused("unknown variable .*nearest known name: SSLHARDEN_ALLOW_SSLV3",
                     SSLHARDEN_ALOW_SSLV3="1")
        conf = self.write("conf", "[*]\nSSLHARDEN_STRICT = perhaps\n", 0o600)
        self.refused("conf:2: SSLHARDEN_STRICT: cannot read", SSLHARDEN_CONFIG=conf)
        # What is for another program is none of its business.
        conf = self.write("conf", "[/bin/true]\nSSLHARDEN_STRICT = perhaps\n", 0o600)
        self.assertEqual(call("run", "--", self.program, SSLHARDEN_CONFIG=conf)[0], "ran\n")
        conf = self.write("conf", f"[{os.path.realpath(self.program)}]\nSSLHARDEN_STRICT = 2\n",
                          0o600)
        self.refused("conf:2: SSLHARDEN_STRICT: cannot read", SSLHARDEN_CONFIG=conf)

    def test_a_log_that_cannot_be_written(self):
        self.refused("SSLHARDEN_LOG: /nowhere/log cannot be written: No such file",
                     SSLHARDEN_LOG="/nowhere/log")
        self.refused("/nowhere/log cannot be written", "--log", "/nowhere/log")
        path = self.path("log")
        self.assertEqual(call("run", "--log", path, "--", self.program), ("ran\n", ""))
        self.assertFalse(os.path.exists(path))
        self.refused("cannot be written: Is a directory", "--log", self.folder)
        self.write("log", "")
        self.assertEqual(call("run", "--log", path, "--", self.program), ("ran\n", ""))
        os.mkfifo(self.path("pipe"))
        self.assertEqual(call("run", "--log", self.path("pipe"), "--", self.program), ("ran\n", ""))

    @unittest.skipIf(os.geteuid() != 0, "a link of another user's needs root")
    def test_a_log_behind_a_link_of_another_user_s(self):
        link = self.path("link")
        os.symlink(self.path("log"), link)
        os.chmod(self.folder, 0o1777)
        self.assertEqual(call("run", "--log", link, "--", self.program)[0], "ran\n")
        os.lchown(link, 65534, 65534)
        self.refused("it leads through a link that another user could have made", "--log", link)

    def test_lists_of_which_nothing_is_known(self):
        for name, good, accepted in (
                ("CIPHERS", "HIGH:no-such", "a string that openssl ciphers -v expands"),
                ("CIPHERSUITES", "TLS_AES_128_GCM_SHA256", "names of TLS 1.3 suites"),
                ("GROUPS", "P-256", "names of groups that it knows")):
            variable = {f"SSLHARDEN_{name}": "no-such"}
            unknown = name == "GROUPS" and ", for it does not know no-such .nearest: [^ ]*." or ""
            self.refused(f'SSLHARDEN_{name}: .*libssl.so.3 takes nothing of "no-such"{unknown}; '
                         f'accepted: {accepted}', **variable)
            variable[f"SSLHARDEN_{name}"] = good
            self.assertEqual(call("run", "--", self.program, **variable), ("ran\n", ""))
        for profile in ("modern", "intermediate"):
            self.assertEqual(call("run", "--profile", profile, "--", self.program), ("ran\n", ""))

    def test_a_group_that_is_not_known(self):
        """One name takes the whole list away, so it is named; one of a newer libssl is no slip."""
        self.refused('takes nothing of "P-256:X25591:curveSM2", for it does not know X25591 '
                     r"\(nearest: X25519\), curveSM2; ", SSLHARDEN_GROUPS="P-256:X25591:curveSM2")

    def test_off_is_said(self):
        out, err = call("run", "--", self.program, SSLHARDEN="off")
        self.assertEqual(out, "ran\n")
        self.assertIn("SSLHARDEN=off: nothing will be hardened", err)


class Twin(Case):
    """A program beside itself: with the library in LD_PRELOAD alone, and by run."""

    def both(self, program, by_run=0, before=(), **more):
        """Whether the server's context is hardened, by LD_PRELOAD and, if by_run is 0, by run."""
        def hardened(*start, code=0, **variables):
            done = subprocess.run([*before, *start, program], env=environment(**variables),
                                  text=True, capture_output=True, check=False, timeout=TIMEOUT,
                                  **more)
            self.error = done.stderr
            if code is not None:
                self.assertEqual(done.returncode, code, done.stderr)
            found = re.search("^options .*?([0-9a-fx]+)$", done.stdout, re.M)
            return found and bool(int(found.group(1), 16) & SERVER_PREFERENCE)
        alone = hardened(LD_PRELOAD=LIB, code=None)
        return alone, hardened(COMMAND, "run", "--", code=by_run)

    def script(self, line, name="script"):
        return self.write(name, f"{line}exec {PEER} {' '.join(WORDS[1:])}\n")

    def refused(self, program, why, **more):
        """A program that LD_PRELOAD does not protect."""
        self.assertEqual(self.both(program, by_run=1, **more), (False, None))
        self.assertRegex(self.error, why)
        self.assertIn(" is not started", self.error)


class Scripts(Twin):
    def test_what_hides_it(self):
        for words in ("-i", "-", "--ignore-environment", "--ignore-e", "-u LD_PRELOAD",
                      "-uLD_PRELOAD", "--unset=LD_PRELOAD", "--unset LD_PRELOAD", "'-i'", "-vi",
                      "-C / -i", "-u A -i", "-S -i", "A=1 env -i", "LD_PRELOAD=",
                      "LD_PRELOAD=/x/libsslharden.so.old", "LD_PRELOAD=/x/notlibsslharden.so",
                      "--default-signal -i"):
            with self.subTest(words=words):
                self.refused(self.script(f"#!/usr/bin/env -S {words} /bin/sh\n"),
                             "first line, .*: LD_PRELOAD or a setting does not reach what serves")
        self.refused(self.script("#!/usr/bin/env -iS /bin/sh\n"), "clears the environment")

    def test_other_starters_in_it(self):
        for words in ("setpriv --reset-env", "setpriv --reuid 0 --reset-env --",
                      "nice -n 5 env -i", "timeout 5 env -u LD_PRELOAD"):
            with self.subTest(words=words):
                self.refused(self.script(f"#!/usr/bin/env -S {words} /bin/sh\n"),
                             "in its first line, .*: LD_PRELOAD or a setting does not reach")
        script = self.script("#!/usr/bin/env -S SSLHARDEN=off /bin/sh\n")
        self.assertIn("env sets SSLHARDEN=off: ", call("run", script, code=1)[1])

    def test_what_hides_a_setting(self):
        script = self.script("#!/usr/bin/env -S -u SSLHARDEN_MIN_PROTOCOL /bin/sh\n")
        _, err = call("run", "--min-protocol", "TLSv1.3", "--", script, code=1)
        self.assertIn("unsets SSLHARDEN_MIN_PROTOCOL: ", err)

    def test_what_does_not(self):
        for words in ("-u A", "-C /", "--chdir=/ A=-i", "A='-i -'", "-u A -S"):
            with self.subTest(words=words):
                self.assertEqual(self.both(self.script(f"#!/usr/bin/env -S {words} /bin/sh\n")),
                                 (True, True))

    def test_without_a_first_line(self):
        """Linux has no interpreter for it, and execvp takes /bin/sh."""
        script = self.script("")
        self.assertEqual(self.both(script, before=("env",)), (True, True))
        with open(script, "ab") as file:
            file.write(b"exit\n\0")
        self.assertEqual(self.both(script, before=("env",)), (True, True))
        binary = self.write("binary", "MZ\0\n")
        self.assertIn("not an ELF file", call("run", binary, code=1)[1])


class Words(Twin):
    """What the command line tells of the environment that the server gets."""

    def test_what_hides_it(self):
        for words in ("env -i", "env -", "env -u LD_PRELOAD", "env LD_PRELOAD=", "env SSLHARDEN=off",
                      "env -S-i", "setpriv --reset-env", "setpriv --reset", "runuser -l root -c",
                      "runuser - root -c", "su - root -c", "su root -l -c", "su --login root -c",
                      "su -ml root -c",
                      "service nginx start", "systemctl start nginx", "sudo -E", "nice env -i",
                      "nice -n 5 setpriv --reset-env", "timeout -k 1 5 env -i", "chrt -f 1 env -i",
                      "nohup -- env -i", "stdbuf -o L env -i", "env A=1 nice env -i"):
            with self.subTest(words=words):
                if shutil.which(words.split()[0]) is None:
                    continue
                out, err = call("run", "--", *words.split(), "echo", "ran", code=1)
                self.assertEqual(out, "")
                self.assertRegex(err, "in the words of this call, .*: LD_PRELOAD or a setting does "
                                 "not reach what serves|another architecture|set-uid")
                if words.startswith("systemctl"):
                    self.assertIn("docs/DEPLOYMENT.md", err)

    def test_what_containers_begin_with(self):
        for words in ("setuidgid root", "s6-setuidgid root", "chpst -u root -P", "tini-static --", "busybox"):
            name, *rest = words.split()
            program = self.build(name, source="int execv(); int main(void) { return execv(0, 0); }")
            with self.subTest(words=words):
                err = call("run", "--", program, *rest, "env", "-i", "/bin/true", code=1)[1]
                self.assertIn("in the words of this call, env clears the environment", err)

    def test_what_does_not(self):
        for words in ("env", "env A=1", "env -u A", "setpriv --clear-groups", "nice -n 5",
                      "env LD_PRELOAD=" + LIB, "timeout 60", "setsid -w", "env SSLHARDEN=on",
                      "nice -- env"):
            with self.subTest(words=words):
                out = call("run", "--", *words.split(), *WORDS)[0]
                self.assertTrue(int(re.search("options .*?([0-9a-fx]+)$", out, re.M).group(1), 16) &
                                SERVER_PREFERENCE)

    def test_what_cannot_be_read_from_it(self):
        """A shell script, or Python, that clears it: one line says how to see."""
        process = subprocess.Popen([COMMAND, "run", "/bin/sh", "-c", "env -i /bin/true"],
                                   env=environment(), text=True, stderr=subprocess.PIPE)
        _, err = process.communicate(timeout=TIMEOUT)
        self.assertRegex(err, f"^sslharden: run: /bin/sh may .*; afterwards: sslharden status "
                         f"{process.pid}, or where it goes to the background: sslharden status sh\n$")
        self.assertEqual(call("run", "--", *WORDS)[1], "")
        # But not to a client, whose connection it is under inetd.
        server = socket.create_server(("127.0.0.1", 0))
        client = socket.create_connection(server.getsockname())
        with server, client, server.accept()[0] as connection:
            subprocess.run([COMMAND, "run", "/bin/sh", "-c", "exit"], env=environment(), check=True,
                           stderr=connection, timeout=TIMEOUT)
            connection.shutdown(socket.SHUT_WR)
            self.assertEqual(client.recv(100), b"")

    def test_plugins(self):
        """What check advises is what run takes."""
        plugin = self.library("plugin.so", "void *SSL_CTX_new(void *); int SSL_accept(void *);"
                              "int serve(void) { return SSL_accept(SSL_CTX_new(0)); }", "-lssl")
        java = self.library("libjli.so")
        host = self.build("host", java, "-Wl,--no-as-needed", java, f"-Wl,-rpath,{self.folder}",
                          source='int main(void) { puts("ran"); return 0; }')
        call("run", host, code=1)
        self.assertIn(f"start it: sslharden run --plugins {plugin} -- {host}; ",
                      call("check", "--plugins", plugin, host)[0])
        self.assertEqual(call("run", "--plugins", plugin, "--", host), ("ran\n", ""))

    def verified(self, *words):
        """
        What is said of a program once it says that it is ready, which is before its seconds are
        over: they are over when somebody writes to a pipe.  It ends when its input does.
        """
        over = self.path("over")
        if not os.path.exists(over):
            os.mkfifo(over)
        with subprocess.Popen([COMMAND, "run", "--verify", "86400", *words], text=True,
                              env=environment(LD_PRELOAD=self.library("sleep.so", SLEEP), OVER=over),
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE) as program:
            self.assertEqual(program.stdout.readline(), "ready\n")
            with open(over, "w", encoding="ascii") as end:
                end.write("\n")
            said = ""
            while not re.search(r"^sslharden: run: \d+ .*\n\Z", said, re.M):
                line = program.stderr.readline()
                self.assertNotEqual(line, "", said)
                said += line
            self.assertEqual(program.communicate(timeout=TIMEOUT)[0], "")
        self.assertEqual(program.returncode, 0)
        return said

    def test_verify(self):
        serves = ("import ssl, sys, os\n"
                  "context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)\n%s\n"
                  "print('ready', flush=True); sys.stdin.read()")
        for line, verdict in (("", "active"),
                              ("os.execv('/usr/bin/env', ['env', '-i', '/usr/bin/python3', '-c', "
                               "sys.argv[1]])", "not active")):
            said = self.verified("/usr/bin/python3", "-c", serves % line, serves % "")
            self.assertRegex(said, rf"\d+ python3: {'active' if not line else 'not loaded'}\n")
            self.assertRegex(said, rf"\nsslharden: run: \d+ is {verdict}\n$")
        self.assertRegex(self.verified("/bin/sh", "-c", "echo ready; read line; :"),
                         r"\nsslharden: run: \d+ has no libssl yet\n$")
        self.assertIn("accepted: seconds", call("run", "--verify", "soon", "/bin/sh", code=2)[1])

    def test_verify_of_what_went_to_the_background(self):
        over = self.path("over")
        os.mkfifo(over)
        with subprocess.Popen([COMMAND, "run", "--verify", "86400", "/bin/sh", "-c", ":"], text=True,
                              env=environment(LD_PRELOAD=self.library("sleep.so", SLEEP), OVER=over),
                              stderr=subprocess.PIPE) as program:
            program.wait(TIMEOUT)
            with open(over, "w", encoding="ascii") as end:
                end.write("\n")
            said = program.stderr.read()
        self.assertRegex(said, rf"^sslharden: run: {program.pid} has ended; if it went to the "
                               r"background: sslharden status sh\n\Z")


@unittest.skipIf(os.geteuid() != 0, "privileges to give, and other users, need root")
class Privileges(Twin):
    NOBODY = {"user": 65534, "group": 65534, "extra_groups": []}

    def setUp(self):
        super().setUp()
        os.chmod(self.folder, 0o755)
        # PEER takes its words from a script elsewhere; here it has to be the program itself.
        self.program = self.build("server", "-lssl", "-lcrypto", source="""
            #include <openssl/ssl.h>
            int main(void) {
                SSL_CTX *context = SSL_CTX_new(TLS_server_method());
                if (getenv("NEVER")) SSL_accept(SSL_new(context));
                printf("options 0x%lx\\n", (long)SSL_CTX_get_options(context));
                SSL_CTX_free(context); return 0; }""")

    def test_secure_execution_of_our_own(self):
        """By a set-uid program, or a daemon that did seteuid: what it starts is in it too."""
        for ids in ((65534, 0, 0), (0, 65534, 0)):
            with self.subTest(ids=ids):
                self.refused(self.program, "in secure execution, and so is what it starts",
                             preexec_fn=lambda: os.setresuid(*ids))
                self.refused(self.program, "in secure execution, and so is what it starts",
                             preexec_fn=lambda: os.setresgid(*ids))

    def test_file_capabilities(self):
        self.assertEqual(self.both(self.program, **self.NOBODY), (True, True))
        file_capability(self.program)
        self.assertEqual(self.both(self.program), (True, True))
        self.refused(self.program, "file capabilities: ", **self.NOBODY)
        self.refused(self.program, "file capabilities: ", before=("setpriv", "--no-new-privs"),
                     **self.NOBODY)

    def test_set_ids(self):
        for mode, uid, gid in ((0o4755, 65534, 0), (0o2755, 0, 65534), (0o6755, 65534, 65534)):
            with self.subTest(mode=oct(mode)):
                os.chown(self.program, uid, gid)
                os.chmod(self.program, mode)
                self.refused(self.program, "set-[ug]id: ")
                self.assertEqual(self.both(self.program, before=("setpriv", "--no-new-privs")),
                                 (True, True))
                os.chown(self.program, 0, 0)
                os.chmod(self.program, mode)
                self.assertEqual(self.both(self.program), (True, True))
                self.refused(self.program, "set-[ug]id: ", **self.NOBODY)

    def test_a_mount_without_them(self):
        os.chown(self.program, 65534, 65534)
        os.chmod(self.program, 0o6755)
        mount = 'mount --bind "$0" "$0" && mount -o remount,bind,nosuid "$0" && exec "$@"'
        self.assertEqual(self.both(self.program, before=("unshare", "-m", "sh", "-c", mount,
                                                         self.folder)), (True, True))


class Sanitizers(Twin):
    SOURCE = """
        #include <openssl/ssl.h>
        int main(int count, char **words) {
            SSL_CTX *context = SSL_CTX_new(TLS_server_method());
            printf("options 0x%lx\\n", (long)SSL_CTX_get_options(context)); fflush(stdout);
            SSL_CTX_free(context);
            char *bytes = malloc(count); bytes[atoi(getenv("AT"))] = 1; free(bytes);
            return 0; }"""

    def test_one_that_wants_to_be_first(self):
        """LD_PRELOAD alone lets it end at its start; by run it lives, and watches."""
        if sanitizer():
            self.skipTest("the library has a sanitizer of its own")
        program = self.build("server", "-fsanitize=address", "-lssl", "-lcrypto",
                             source=self.SOURCE)
        if "libasan.so" not in " ".join(document("check", "--json", program)["notes"]):
            self.skipTest("the compiler puts AddressSanitizer into the program")
        for options in ({}, {"ASAN_OPTIONS": "detect_leaks=0:exitcode=99"}):
            env = {**environment(AT="0"), **options}
            if not options:
                del env["ASAN_OPTIONS"]
            alone = subprocess.run([program], env=env | {"LD_PRELOAD": LIB}, text=True,
                                   capture_output=True, check=False, timeout=TIMEOUT)
            self.assertIn("ASan runtime does not come first", alone.stderr)
            done = subprocess.run([COMMAND, "run", program], env=env, text=True,
                                  capture_output=True, check=True, timeout=TIMEOUT)
            self.assertTrue(int(done.stdout.split()[-1], 16) & SERVER_PREFERENCE)
        done = subprocess.run([COMMAND, "run", program], env=env | {"AT": "1"}, text=True,
                              capture_output=True, check=False, timeout=TIMEOUT)
        self.assertEqual(done.returncode, 99)
        self.assertIn("heap-buffer-overflow", done.stderr)


class Becomes(Case):
    def test_the_program(self):
        """The same process, its arguments, its status."""
        process = subprocess.Popen([COMMAND, "run", "--", "/bin/sh", "-c", 'echo $$ "$@"; exit 9',
                                    "sh", "--audit", "a  b"],
                                   env=environment(), stdout=subprocess.PIPE, text=True)
        out, _ = process.communicate(timeout=TIMEOUT)
        self.assertEqual((out, process.returncode), (f"{process.pid} --audit a  b\n", 9))

    def test_what_was_preloaded_stays_and_ours_is_first_once(self):
        other = self.library("libother.so")
        for before, after in (("", LIB), (other, f"{LIB}:{other}"), (LIB, LIB),
                              (f"{other} {LIB}:{other}", f"{LIB}:{other}:{other}")):
            with self.subTest(before=before):
                self.assertEqual(shell(line='echo "$LD_PRELOAD"', LD_PRELOAD=before), after)

    def test_what_cannot_be_started(self):
        self.assertIn("no-such-program: No such file", call("run", "no-such-program", code=127)[1])
        file = self.write("file", "", 0o644)
        self.assertIn("Permission denied", call("run", file, code=126)[1])


class FailsClosed(Case):
    def refused(self, why, *words, **variables):
        out, err = call("run", *words, code=1, **variables)
        self.assertEqual(out, "")
        self.assertRegex(err, why)
        self.assertIn("is not started", err)
        return err

    def test_what_check_says_no_to(self):
        self.refused("it uses no libssl", "/bin/echo", "ran")
        self.assertEqual(call("run", "--best-effort", "/bin/echo", "ran")[0], "ran\n")
        source = 'int main(void) { puts("ran"); return !"libssl.so.3"; }'
        for flag in ("-static", "-static-pie"):
            self.refused("linked statically", self.build("static", flag, source=source))

    def test_a_library_that_is_not_there(self):
        self.refused("/no/such: No such file", "--library", "/no/such", "/bin/sh", "-c", "echo ran")
        alone = os.path.join(self.folder, "sslharden")
        shutil.copy(COMMAND, alone)
        done = subprocess.run([alone, "run", "/bin/sh", "-c", "echo ran"], env=environment(),
                              text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("no libsslharden.so in ", done.stderr)

    def test_a_path_that_the_loader_cannot_name(self):
        os.mkdir(self.path("a b"))
        path = shutil.copy(LIB, self.path("a b"))
        self.refused("LD_PRELOAD cannot name a path with a colon or a space", "--library", path,
                     "/bin/sh")

    @unittest.skipIf(os.geteuid() != 0, "a mount needs root")
    def test_without_proc(self):
        """As in a chroot: the library is found all the same."""
        if sanitizer():
            self.skipTest("a sanitizer reads /proc")
        line = ('mount -t tmpfs none /proc && "$1" check /usr/sbin/nginx | grep hardened && '
                'cd "${1%/*}" && ./sslharden run -- "$2" new:TLS_server_method options; '
                './sslharden status 1')
        done = subprocess.run(["unshare", "--mount", "sh", "-c", line, "sh", COMMAND, PEER],
                              env=environment(), text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, check=False, timeout=TIMEOUT)
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertRegex(done.stdout, "hardened +yes\noptions 0x")
        self.assertIn("/proc is not mounted", done.stderr)

    @unittest.skipIf(os.geteuid() != 0, "a mount needs root")
    def test_a_library_that_cannot_be_loaded(self):
        """On a file system without the right to execute, as volumes often are."""
        line = ('mount -t tmpfs -o noexec none "$1" && cp "$2" "$1" && '
                'exec "$3" run --library "$1/libsslharden.so" /bin/sh -c "echo ran"')
        done = subprocess.run(["unshare", "--mount", "sh", "-c", line, "sh", self.folder, LIB, COMMAND],
                              env=environment(), text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, check=False, timeout=TIMEOUT)
        self.assertEqual((done.returncode, done.stdout), (1, ""), done.stderr)
        self.assertIn("cannot be loaded: ", done.stderr)


if __name__ == "__main__":
    unittest.main()
