# SPDX-License-Identifier: MIT
"""sslharden check: will it work on this program, and why not?"""
import os
import re
import shutil
import struct
import subprocess
import unittest

from command import COMMAND, LIB, PEER, Case, call, document, environment, file_capability

SERVER = """
void *SSL_CTX_new(void *); int SSL_accept(void *); void *TLS_server_method(void);
int main(void) { return SSL_accept(SSL_CTX_new(TLS_server_method())); }
"""
OPENS = "void *dlopen(const char *, int); int main(void) { return dlopen(0, 1) == 0; }"
STARTS = "int execv(const char *, char **); int main(int c, char **v) { return execv(v[1], v); }"


class Yes(Case):
    def test_a_real_daemon(self):
        told = document("check", "--json", "/usr/sbin/nginx")
        self.assertEqual(told["hardened"], "yes")
        self.assertRegex(told["libssl"][0], r"/libssl\.so\.3 \(OpenSSL 3\.\d+\.\d+\)$")
        self.assertLessEqual({"SSL_CTX_new", "SSL_do_handshake", "SSL_CTX_set_options"},
                             set(told["calls"]))
        self.assertEqual(told["reasons"], [])
        text = call("check", "/usr/sbin/nginx")[0]
        self.assertIn("\nnext       start it: sslharden run -- /usr/sbin/nginx; then: ", text)

    def test_a_client_is_said_to_be_one(self):
        client = self.build("client", "-lssl", source="void *SSL_CTX_new(void *);"
                            "int main(void) { return SSL_CTX_new(0) == 0; }")
        self.assertRegex(call("check", client)[0], "note .*clients, which are not touched")

    def test_by_name(self):
        shutil.copy(PEER, self.path("a-name"))
        path = f"{self.folder}:{os.environ['PATH']}"
        self.assertEqual(document("check", "--json", "a-name", PATH=path)["hardened"], "yes")

    def test_libraries_are_followed(self):
        """A server in a library, found by the program's RUNPATH with $ORIGIN; then not."""
        os.mkdir(self.path("lib"))
        server = SERVER.replace("main", "serve")
        self.library("lib/libserver.so", server, "-lssl")
        program = self.build("program", self.path("lib/libserver.so"), "-Wl,--disable-new-dtags",
                             "-Wl,-rpath,$ORIGIN/lib", source="int serve(void);"
                             "int main(void) { return serve(); }")
        self.assertEqual(document("check", "--json", program)["hardened"], "yes")
        os.rename(self.path("lib"), self.path("elsewhere"))
        told = document("check", "--json", program, code=1)
        self.assertRegex(told["notes"][0], r"not found: .*libserver\.so, needed by .*/program")
        self.assertEqual(document("check", "--json", program,
                                  LD_LIBRARY_PATH=self.path("elsewhere"))["hardened"], "yes")

    def test_the_loaders_own_folder(self):
        """What the loader makes of LIB: the program starts with it, and is followed."""
        own = os.path.dirname(document("check", "--json", PEER)["libssl"][0].split()[0])
        own = self.path(own.removeprefix("/usr").lstrip("/"))
        os.makedirs(own)
        shutil.move(self.library("libserver.so", SERVER.replace("main", "serve"), "-lssl"), own)
        program = self.build("program", f"{own}/libserver.so", source="int serve(void);"
                             "int main(int argc, char **argv) { return argc > 1 ? serve() : 0; }")
        for folder in ("$LIB", "${LIB}", "nowhere"):
            with self.subTest(folder=folder):
                path = {"LD_LIBRARY_PATH": self.path(folder)}
                starts = subprocess.run([program], env=os.environ | path, check=False,
                                        capture_output=True).returncode == 0
                told = call("check", "--json", program, code=None, **path)[0]
                self.assertEqual(starts, folder != "nowhere")
                self.assertEqual("libserver.so, needed by" in told, not starts)

    def without_section_headers(self, program):
        """What sstrip and packers leave: the loader needs no more."""
        with open(program, "r+b") as file:
            file.seek(40 if struct.calcsize("P") == 8 else 32)  # e_shoff
            file.write(bytes(struct.calcsize("P")))
            file.seek(58 if struct.calcsize("P") == 8 else 46)  # e_shentsize, _shnum, _shstrndx
            file.write(bytes(6))
        return program

    def test_section_headers_are_not_needed(self):
        for style in ("gnu", "sysv"):
            with self.subTest(style=style):
                program = self.build("program", "-lssl", f"-Wl,--hash-style={style}",
                                     "-Wl,-rpath,/nowhere", source=SERVER)
                before = document("check", "--json", program)
                self.without_section_headers(program)
                self.assertEqual(document("check", "--json", program), before)
                self.assertLessEqual({"SSL_CTX_new", "SSL_accept"}, set(before["calls"]))
        # And the libssl itself, which is told by what it defines.
        libssl = shutil.copy(before["libssl"][0].split()[0], self.path("libssl.so.3"))
        self.without_section_headers(libssl)
        told = document("check", "--json", program, LD_LIBRARY_PATH=self.folder)
        self.assertTrue(told["libssl"][0].startswith(libssl), told)
        self.assertEqual(told["hardened"], "yes")

    def test_scripts(self):
        for line in (f"#!{PEER} -x", f"#! /usr/bin/env {PEER}", f"#!/usr/bin/env -S A=1 {PEER} -x"):
            with self.subTest(line=line):
                script = self.write("script", f"{line}\n")
                told = document("check", "--json", script)
                self.assertEqual((told["hardened"], told["script"], told["program"]),
                                 ("yes", script, PEER))
        script = self.write("script", "exec a-server\n")
        self.assertEqual(document("check", "--json", script)["program"], "/bin/sh")
        script = self.write("script", "#!/no/such/interpreter\n")
        self.assertIn("its interpreter /no/such/interpreter: No such file",
                      call("check", script, code=1)[1])

    def test_binfmt_misc(self):
        """An interpreter that Linux knows by a name's end, or by bytes, before "#!"."""
        entries = f":a:E::ending::{PEER}:", rf":b:M:1:\x62c:\xff\xff:{PEER}:"
        self.write("a.ending", "#!/bin/true\n")
        self.write("b", "abcd\n")
        self.write("c", "abd\n")
        line = ('mount -t binfmt_misc none /proc/sys/fs/binfmt_misc && cd /proc/sys/fs/binfmt_misc '
                '&& echo "$1" >register && echo "$2" >register || exit 77; shift 2; '
                'for p in a.ending b c; do "$1" check --json "$2/$p"; done')
        done = subprocess.run(["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", line,
                               "sh", *entries, os.environ["SSLHARDEN_COMMAND"], self.folder],
                              env=environment(), text=True, capture_output=True, check=False)
        if "check" in done.stderr or done.returncode == 77 or not done.stdout:
            self.skipTest(f"no binfmt_misc of one's own here: {done.stderr}")
        programs = re.findall('"program": "(.*)"', done.stdout)
        self.assertEqual(programs, [PEER, PEER, "/bin/sh"])

    def test_a_wrapper(self):
        """What it starts is to be checked, and no settings are for every shell script."""
        script = self.write("wrapper", f"#!/bin/sh\n# /bin/true\nCONF=/etc/passwd\n"
                            f'exec "{PEER}" -f $CONF /usr/bin/env /nowhere/x\n')
        told = document("check", "--json", script)
        self.assertEqual(told["next"], f"a wrapper: check what it starts: sslharden check {PEER}")
        self.assertIsNone(told["section"])
        self.assertEqual([note for note in told["notes"] if "it names" in note],
                         [f"it names {PEER}", "it names /usr/bin/env"])
        self.assertNotIn("section", call("check", script)[0])
        script = self.write("wrapper", "#!/bin/sh\nexec nginx\n")
        self.assertIn("sslharden check PROGRAM", call("check", script)[0])

    def test_what_env_reads_before_its_program(self):
        """Options' arguments, quotes, escapes, variables, a PATH of its own: env(1), -S."""
        peer, folder = f".{PEER}", os.path.dirname(PEER)
        for words in (f"-u FOO {PEER} -i", f"-C / {peer}", f"--chdir=/ {peer}", f"-vuFOO {PEER}",
                      f"--block-signal {PEER} -", f"A='b c' {PEER}", rf'"A=\"\_-i" {PEER}',
                      rf"A=\t\_{PEER}", f"PATH={folder} peer", "${PEER_PATH} # -i",
                      f"-S 'A=1 {PEER}' -i", f"env -u A env {PEER}", rf"{PEER}\c -i",
                      f"LD_PRELOAD=/other.so:{LIB} {PEER}"):
            with self.subTest(words=words):
                script = self.write("script", f"#!/usr/bin/env -S {words}\n")
                told = document("check", "--json", script, PEER_PATH=PEER)
                self.assertEqual((told["hardened"], os.path.realpath(told["program"])),
                                 ("yes", os.path.realpath(PEER)))

    def test_what_env_does_not_take(self):
        loop = {"LOOP": "-S ${LOOP}"}
        for words in ("-S --no-such-option sh", "-i sh", "-S 'sh", r"-S sh\x", "-S ${sh",
                      "-S $sh", "-S", "-i", "-S # sh", "-S ${LOOP}"):
            with self.subTest(words=words):
                script = self.write("script", f"#!/usr/bin/env {words}\n")
                # It complains, or starts the script for ever.
                self.assertIn(subprocess.run(["timeout", "0.2", script], env=environment(**loop),
                                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                             check=False).returncode, (124, 125))
                self.assertRegex(call("check", script, code=1, **loop)[1],
                                 "words that env does not take|its interpreter is not named")


class Maybe(Case):
    def test_plugins(self):
        """A folder that is named to it makes a maybe a yes."""
        host = self.build("host", source=OPENS)
        self.assertEqual(document("check", "--json", host)["hardened"], "maybe")
        os.makedirs(self.path("modules/deeper"))
        self.library("modules/deeper/tls.so", SERVER.replace("main", "serve"), "-lssl")
        told = document("check", "--json", "--plugins", self.path("modules"), host)
        self.assertEqual(told["hardened"], "yes")
        self.assertIn("SSL_accept", told["calls"])
        self.assertIn(f"--plugins {self.path('nothing')}: No such file or directory",
                      call("check", "--plugins", self.path("nothing"), host, code=3)[1])

    def test_a_client(self):
        client = self.build("client", "-lssl", source=SERVER.replace("SSL_accept", "SSL_connect"))
        told = document("check", "--json", client)
        self.assertEqual(told["hardened"], "maybe")
        self.assertRegex(" ".join(told["notes"]), "clients, which are not touched")

    def test_calls_by_name(self):
        """As Qt's and CivetWeb's: a client by its imports, and it serves."""
        by_name = self.library("libnetwork.so", "void *dlsym(void *, char *);"
                               'void *serve(void) { return dlsym(0, "SSL_accept"); }')
        client = self.build("client", "-lssl", by_name, f"-Wl,-rpath,{self.folder}",
                            source="void *SSL_CTX_new(void *), *serve(void);"
                            "int main(void) { return SSL_CTX_new(serve()) == 0; }")
        told = document("check", "--json", client)
        self.assertEqual(told["hardened"], "maybe")
        self.assertRegex(" ".join(told["notes"]), "libnetwork.so calls libssl by name")
        self.assertNotIn("clients, which", " ".join(told["notes"]))
        os.unlink(by_name)  # nor is it a client where the library that may serve is not found
        told = document("check", "--json", client)
        self.assertEqual(told["hardened"], "maybe")
        self.assertRegex(" ".join(told["notes"]), "by it, or by what was found of it")
        self.assertNotIn("clients, which", " ".join(told["notes"]))

    def test_static_programs_that_start_others(self):
        program = self.build("gosu", "-static", source=STARTS)
        told = document("check", "--json", program)
        self.assertEqual(told["hardened"], "maybe")
        self.assertIn(f"{program} USER sslharden run -- PROGRAM", told["next"])
        subprocess.run(["strip", program], check=True)
        os.rename(program, self.path("tini-static"))
        told = document("check", "--json", self.path("tini-static"))
        self.assertIn("tini-static -- sslharden run -- PROGRAM", told["next"])
        # With its symbols, by whatever name; but not what has a libssl inside.
        told = document("check", "--json", self.build("starter", "-static", source=STARTS))
        self.assertEqual(told["hardened"], "maybe")

    def test_a_library_that_opens_libraries(self):
        """As in a Python whose interpreter is a shared library."""
        library = self.library("libinterpreter.so", OPENS.replace("main", "interpret"))
        program = self.build("program", library, f"-Wl,-rpath,{self.folder}",
                             source="int interpret(void); int main(void) { return interpret(); }")
        self.assertEqual(document("check", "--json", program)["hardened"], "maybe")

    def test_python(self):
        self.assertEqual(document("check", "--json", "/usr/bin/python3")["hardened"], "maybe")

    def test_who_starts_others(self):
        starter = self.build("starter", source=STARTS)
        self.assertRegex(document("check", "--json", starter)["notes"][0], "can start programs")


class No(Case):
    def refused(self, reason, *words):
        told = document("check", "--json", *words, code=1)
        self.assertEqual(told["hardened"], "no")
        self.assertRegex("\n".join(told["reasons"]), reason)
        self.assertRegex(call("check", *words, code=1)[0], f"\nreason .*{reason}")

    def server(self, *flags):
        return self.build("server", *flags, "-lssl", "-lcrypto", source=SERVER)

    def test_a_worker_in_secure_execution(self):
        """squid's: yes, but for what it executes as another effective user."""
        calls = "#include <unistd.h>\nint work(char **v) { return %s execv(v[0], v); }\n"
        for change, notes in (("seteuid(1) +", 1), ("setresuid(-1, 0, -1) +", 1), ("", 0)):
            source = "#define _GNU_SOURCE\n" + calls % change + SERVER
            program = self.build("worker", "-lssl", "-lcrypto", source=source)
            told = document("check", "--json", program)
            self.assertEqual(told["hardened"], "yes")
            self.assertEqual(sum("in secure execution" in note for note in told["notes"]), notes)

    def test_no_tls(self):
        for program in ("/bin/true", "/bin/ls"):
            self.refused("it uses no libssl", program)

    def test_openssl_inside(self):
        """Linked statically; with its symbols, and stripped of them."""
        self.assertEqual(document("check", "--json", self.server())["hardened"], "yes")
        inside = r"OpenSSL( 3\.\d+\.\d+)? linked statically inside"
        program = self.server("-Wl,-Bstatic", "-lssl", "-lcrypto", "-Wl,-Bdynamic")
        self.refused(inside, program)
        subprocess.run(["strip", program], check=True)
        self.refused(inside, program)

    def test_a_mention_is_no_library(self):
        """A version that belongs to a text; and one with its date, which headers bring along."""
        for text in ("OpenSSL 1.1.1 or newer", "LibreSSL 2.5.0 or newer", "needs OpenSSL 3.0.15",
                     "OpenSSL 3.0.15 3 Sep 2024"):
            with self.subTest(text=text):
                mention = f'int main(void) {{ puts("{text}"); return 0; }}'
                self.refused("it uses no libssl", self.build("program", source=mention))
                mention = mention.replace("puts(", "dlopen(0, 1); puts(")
                self.assertEqual(document("check", "--json", self.build("program", source=mention))
                                 ["hardened"], "maybe")

    def test_the_command_itself(self):
        """It has the words of every libssl to look for, and none inside."""
        self.assertNotIn("linked statically inside", call("check", COMMAND, code=None)[0])

    def test_a_client_s_libssl_beside_another(self):
        """As in exim: its own TLS is GnuTLS, and a database's library brings libssl."""
        gnutls = self.library("libgnutls.so.30")
        client = self.library("libclient.so", "void *SSL_CTX_new(void *); int SSL_connect(void *);"
                              "int ask(void) { return SSL_connect(SSL_CTX_new(0)); }", "-lssl")
        source = "int dlopen(); int main(void) { return dlopen(); }"
        flags = ["-Wl,--no-as-needed", client, f"-Wl,-rpath,{self.folder}"]
        self.refused("another TLS library, GnuTLS",
                     self.build("program", *flags, gnutls, source=source))
        self.assertEqual(document("check", "--json", self.build("program", *flags, source=source))
                         ["hardened"], "maybe")

    def test_another_library_s_plugin(self):
        """As inspircd's: a plugin has GnuTLS, and a database's plugin brings libssl, for a client.

        Who serves by libssl beside it, or has GnuTLS by a library's library alone, is another case.
        """
        source = "int dlopen(); int main(void) { return dlopen(); }"
        program, folder = self.build("program", source=source), self.path("modules")
        client = ("void *SSL_CTX_new(void *); int SSL_connect(void *);"
                  "int ask(void) { return SSL_connect(SSL_CTX_new(0)); }", "-lssl")
        gnutls = ["int serve;", "-Wl,--no-as-needed", self.library("libgnutls.so.30"),
                  f"-Wl,-rpath,{self.folder}"]
        os.mkdir(folder)
        self.library("modules/database.so", *client)
        self.library("modules/tls.so", *gnutls)
        self.refused("tls.so: what serves by TLS is this plugin, by another library\n"
                     " *.*libgnutls.so.30: another TLS library, GnuTLS", "--plugins", folder, program)
        self.library("modules/also.so", SERVER.replace("main", "also"), "-lssl")
        self.assertEqual(document("check", "--json", "--plugins", folder, program)["hardened"], "yes")
        os.remove(self.path("modules/also.so"))
        self.library("modules/tls.so", "int look;", "-Wl,--no-as-needed",
                     self.library("libldap.so.2", *gnutls), f"-Wl,-rpath,{self.folder}")
        told = document("check", "--json", "--plugins", folder, program)
        self.assertEqual(told["hardened"], "maybe")
        self.assertIn("another TLS library, GnuTLS", "\n".join(told["notes"]))

    def test_a_script(self):
        script = self.write("script", "#!/usr/bin/env sh\n")
        self.assertRegex(call("check", script)[0], rf"script +{script}\nprogram +/.*sh\n")

    def test_a_script_of_another_system(self):
        script = self.write("script", "#!/bin/sh\r\nexit 0\r\n")
        self.assertIn("its first line ends in a carriage return",
                      call("check", script, code=1)[1])

    def test_linked_statically(self):
        """A static-pie has a dynamic segment, and may well name libssl; it has no loader."""
        names = 'int main(void) { puts("libssl.so.3"); return 0; }'
        for flag in ("-static", "-static-pie"):
            with self.subTest(flag=flag):
                self.refused("linked statically: no loader",
                             self.build("static", flag, source=names))
        self.assertEqual(document("check", "--json", self.build("program", source=names))
                         ["hardened"], "maybe")
        plugin = self.library("plugin.so", SERVER.replace("main", "serve"), "-lssl")
        self.assertEqual(document("check", "--json", plugin)["hardened"], "yes")

    def test_other_libraries(self):
        for soname, name in (("libnss3.so", "NSS"), ("libmbedtls.so.14", "mbedTLS"),
                             ("libgnutls.so.30", "GnuTLS"), ("libwolfssl.so.35", "wolfSSL"),
                             ("libjli.so", "Java")):
            with self.subTest(name=name):
                library = self.library(soname)
                program = self.build("program", "-Wl,--no-as-needed", library,
                                     f"-Wl,-rpath,{self.folder}")
                self.refused(f"another TLS library, {name}", program)

    def test_boringssl_inside(self):
        names = "int SSL_CTX_new(void) { return 0; } int BORINGSSL_self_test(void) { return 0; }"
        self.refused("BoringSSL linked statically inside",
                     self.build("program", source=f"{names} int main(void) {{ return 0; }}"))

    def test_go(self):
        program = self.build("program")
        self.write("note", "go1.21")
        subprocess.run(["objcopy", "--add-section", f".go.buildinfo={self.path('note')}", program],
                       check=True)
        self.refused("a Go program", program)

    def test_privileges(self):
        server = self.server()
        self.assertEqual(document("check", "--json", server)["hardened"], "yes")
        for mode, name in ((0o4755, "set-uid"), (0o2755, "set-gid")):
            with self.subTest(name=name):
                os.chown(server, os.getuid(), os.getgid())
                os.chmod(server, mode)
                # It makes nothing more of us than we are; others are told of.
                told = document("check", "--json", server)
                self.assertEqual(told["hardened"], "yes")
                self.assertRegex(told["notes"][0], rf"{name}: the loader ignores LD_PRELOAD there, "
                                 rf"except for .id ({os.getuid()}|{os.getgid()}), its ")
                if os.geteuid() == 0:
                    os.chown(server, 4711, 4712)
                    os.chmod(server, mode)
                    self.refused(rf"{name}: .* except for .id 471[12], its", server)
                    self.assertIn("/etc/ld.so.preload", call("check", server, code=1)[0])

    @unittest.skipIf(os.geteuid() != 0, "file capabilities need root")
    def test_file_capabilities(self):
        """They make nobody of root; who else starts the program is told."""
        server = self.server()
        file_capability(server)
        note = "file capabilities: the loader ignores LD_PRELOAD there, except for root"
        self.assertIn(note, document("check", "--json", server)["notes"])
        os.chmod(self.folder, 0o755)
        out, _ = call("check", server, code=1, user=65534)
        self.assertIn(f"\nreason     {note}\n", out)
        self.assertIn("/etc/ld.so.preload", out)

    def test_another_architecture(self):
        """The machine of a copy's header is that of arm64."""
        with open(PEER, "rb") as file:
            image = bytearray(file.read())
        image[18:20] = struct.pack("<H", 183)
        with open(self.path("arm64"), "wb") as file:
            file.write(image)
        os.chmod(self.path("arm64"), 0o755)
        self.refused("another architecture: .* is for arm64, 64 bits", self.path("arm64"))
        told = document("check", "--json", self.path("arm64"), code=1)
        self.assertEqual(told["next"], "name the libsslharden.so for arm64, 64 bits: sslharden check "
                                       f"--library PATH {self.path('arm64')}")

    def test_the_section_of_a_link(self):
        """What it is called there, and whether it is there."""
        link = self.path("link")
        os.symlink(PEER, link)
        conf = self.write("conf", f"[{os.path.realpath(PEER)}]\nSSLHARDEN_STRICT = 1\n", 0o600)
        section = f"[{os.path.realpath(PEER)}] in "
        self.assertIn(f"section    would be {section}/etc/sslharden.conf\n",
                      call("check", link, code=None)[0])
        self.assertIn(f"section    {section}{conf}\n",
                      call("check", link, code=None, SSLHARDEN_CONFIG=conf)[0])

    def test_another_libc(self):
        self.refused("another libc: its loader is /lib/ld-uClibc.so.0",
                     self.server("-Wl,--dynamic-linker=/lib/ld-uClibc.so.0"))
        musl = self.server("-Wl,--dynamic-linker=/lib/ld-musl-x86_64.so.1")
        self.assertNotIn("another libc", call("check", musl, code=None)[0])


class Usage(Case):
    def test_wrong_usage(self):
        for words in ((), ("check",), ("check", "a", "b"), ("check", "--colour", "a"), ("chek",)):
            with self.subTest(words=words):
                out, err = call(*words, code=2)
                self.assertEqual(out, "")
                self.assertIn("usage: sslharden", err)

    def test_what_is_meant(self):
        """The one thing that is wrong, and the nearest that there is."""
        for words, said in (
                (("chekc",), "chekc: no such command; did you mean: sslharden check"),
                (("true", "-g"), "no command of this one; did you mean: sslharden run -- true"),
                (("check", "--jsn", "a"), "check: --jsn: no such option; nearest: --json"),
                (("check", "--library"), "check: --library takes a value"),
                (("check", "--json=1", "a"), "check: --json=1: this option takes no value"),
                (("run", "--min-protocl", "TLSv1.2", "a"),
                 "--min-protocl: no such option; nearest: --min-protocol"),
                (("run", "--allow-sslv3=1", "a"), "this option takes no value"),
                (("run", "--xyzzyxyzzy", "a"), "run: --xyzzyxyzzy: no such option\n"),
                (("status", "--josn"), "status: --josn: no such option; nearest: --json"),
                (("policy", "--min-protocol", "9"), "policy: --min-protocol: cannot read \"9\"")):
            with self.subTest(words=words):
                err = call(*words, code=2)[1]
                self.assertRegex(err, said)
                self.assertLess(len(err.splitlines()), 12)

    def test_help_and_version(self):
        for words in (("--help",), ("help",), ("-h",)):
            self.assertIn("usage: sslharden COMMAND", call(*words)[0])
        for words in (("--version",), ("version",)):
            self.assertRegex(call(*words)[0], r"^sslharden \d+\.\d+\.\d+\n$")
        self.assertEqual(call("help", "status"), call("status", "--help"))
        self.assertIn("no such command", call("help", "polcy", code=2)[1])
        for command in ("run", "check", "status", "policy"):
            out, err = call(command, "--help")
            self.assertTrue(out.startswith(f"usage: sslharden {command} "))
            self.assertEqual(err, "")

    def test_what_is_not_there(self):
        self.assertIn("/no/such: No such file or directory", call("check", "/no/such", code=3)[1])
        told = document("check", "--json", "/no/such", code=3)
        self.assertEqual((told["program"], told["hardened"]), ("/no/such", None))
        self.assertIn("No such file", told["reasons"][0])
        told = document("check", "--json", self.write("text", "MZ\0"), code=1)
        self.assertEqual(told["hardened"], "no")
        self.assertIn("not an ELF file", told["reasons"][0])
        self.assertIn("accepted: an absolute path",
                      call("check", "--library", "x.so", PEER, code=1)[1])
        self.assertIn("not sslharden's library",
                      call("check", "--library", "/bin/true", PEER, code=1)[1])
        self.assertEqual(document("check", "--json", "--library", LIB, PEER)["hardened"], "yes")

    def test_a_full_disk_is_no_yes(self):
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = subprocess.run([os.environ["SSLHARDEN_COMMAND"], "check", PEER], stdout=full,
                                  stderr=subprocess.PIPE, text=True, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertTrue(re.search("cannot be written", done.stderr))


if __name__ == "__main__":
    unittest.main()
