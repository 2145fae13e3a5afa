# SPDX-License-Identifier: MIT
"""A message makes nobody wait; where one place does not take it the next one does; and what
none takes is counted."""
import datetime
import os
import pty
import re
import resource
import select
import shutil
import socket
import subprocess
import tempfile
import unittest

import logs
import peer

INFO = {"SSLHARDEN_LOG_LEVEL": "info"}
MANY = 150 if logs.SANITIZED else 400  # lines: more than a terminal takes, or a pipe of a page
FAULTS = os.path.join(peer.BUILD, "libfaults.so")
HANG = peer.TIMEOUT
CONTEXT = "import ssl; ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)\n"
# Stays until its standard input ends, so that its page can be read.
STAYS = CONTEXT + "import sys; print('made', flush=True); sys.stdin.read()"


def stays(machine, script=STAYS, **more):
    process = machine.python(script, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                             **more)
    assert process.stdout.readline() == "made\n", process.wait()
    return process


def leaves(process):
    process.communicate(timeout=peer.TIMEOUT)
    return process.returncode


@logs.needs_root
class Full(unittest.TestCase):
    """Standard error that nobody reads, with less room than a line, and more threads than one."""

    def setUp(self):
        self.machine = logs.Machine(self)

    def check(self, stderr, threads, times=1):
        words = [f"stress:{threads}:{MANY // threads}:TLSv1_server_method"]
        for _ in range(times):
            process = subprocess.Popen(
                [*self.machine.inside, *peer.LOADER, peer.PEER, *words], stdout=subprocess.PIPE,
                env=peer.environment(True, **INFO), stderr=stderr, text=True)
            try:
                out, _ = process.communicate(timeout=HANG)
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()
                self.fail("a thread waits for a reader")
            self.assertEqual((process.returncode, out), (0, "stress lost 0x0\n"))
            logged = self.machine.logged()
            self.assertGreater(len(logged), 0)  # what it does not take is handed on
            self.assertRegex(logged[-1], r"^<30>sslharden\[\d+\]: peer: info: context ")

    def test_terminal(self):
        """As docker run -t without a client, or a stopped screen."""
        ours, theirs = pty.openpty()
        self.addCleanup(os.close, ours)
        self.addCleanup(os.close, theirs)
        for threads in (1, 4):
            self.check(theirs, threads)

    @unittest.skipUnless(os.path.exists(FAULTS), "not beside a sanitizer's runtime")
    def test_pipe(self):
        """Somebody else writes after it was seen that there is room."""
        for user in (0, 65534):  # who may open it anew, and who may not
            reader, writer = os.pipe()
            script = f"import os; os.setgid({user}); os.setuid({user})\n" + CONTEXT
            process = self.machine.python(script, stdout=subprocess.DEVNULL, stderr=writer,
                                          env=INFO | {"FAULT_FILL": "1"}, faults=True)
            try:
                self.assertEqual(process.wait(timeout=HANG), 0)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                self.fail("it waits for a reader")
            finally:
                os.close(reader)
                os.close(writer)
            self.assertEqual(len(self.machine.logged()), 1)

    def test_socket(self):
        ours, theirs = socket.socketpair()
        self.addCleanup(ours.close)
        self.addCleanup(theirs.close)
        theirs.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4608)
        for threads in (1, 8):
            self.check(theirs, threads)

    def test_pipe_of_another_user(self):
        """A worker has no right to open it anew; and then not even splice."""
        reader, writer = os.pipe()
        self.addCleanup(os.close, reader)
        self.addCleanup(os.close, writer)
        script = "import os; os.setgid(65534); os.setuid(65534)\n" + CONTEXT
        for fill in (False, True):
            if fill:
                os.set_blocking(writer, False)
                try:
                    while True:
                        os.write(writer, b"x" * 4096)
                except BlockingIOError:
                    os.set_blocking(writer, True)
            process = self.machine.python(script, stdout=subprocess.DEVNULL, stderr=writer,
                                          env=INFO)
            self.assertEqual(process.wait(timeout=HANG), 0)
            self.assertEqual(len(self.machine.logged()), int(fill))
            self.assertEqual(b"info: context" in os.read(reader, 4096), not fill)
        if not logs.SANITIZED:
            process = self.machine.python(script, stdout=subprocess.DEVNULL, stderr=writer, env=INFO,
                                          before=lambda: logs.refuse(splice=logs.ENOSYS))
            self.assertEqual(process.wait(timeout=HANG), 0)
            self.assertEqual(len(self.machine.logged()), 1)


@logs.needs_root
@unittest.skipUnless(shutil.which("mkfs.ext4"), "there is no mkfs.ext4")
class Frozen(unittest.TestCase):
    """A file system that takes no write makes its writer wait (docs/LIMITS.md): not those who
    log to somewhere else."""

    def test_the_system_log(self):
        machine = logs.Machine(self)
        with tempfile.TemporaryDirectory(prefix="sslharden-frozen-") as folder:
            image, mounted = (os.path.join(folder, n) for n in ("image", "mounted"))
            os.mkdir(mounted)
            subprocess.run(["sh", "-c", f"truncate -s 8M {image} && mkfs.ext4 -q {image}"],
                           check=True)
            if subprocess.run(["mount", "-o", "loop", image, mounted], check=False,
                              stderr=subprocess.DEVNULL).returncode != 0:
                self.skipTest("no file can be mounted")
            try:
                with open(os.path.join(mounted, "log"), "w", encoding="ascii") as file:
                    subprocess.run(["fsfreeze", "--freeze", mounted], check=True)
                    process = machine.python(CONTEXT, stdout=subprocess.DEVNULL, stderr=file,
                                             env=INFO | {"SSLHARDEN_LOG": "syslog"})
                    try:
                        self.assertEqual(process.wait(timeout=HANG), 0)
                    finally:
                        subprocess.run(["fsfreeze", "--unfreeze", mounted], check=True)
                        process.wait(timeout=HANG)
                self.assertEqual(os.path.getsize(os.path.join(mounted, "log")), 0)
            finally:
                subprocess.run(["umount", mounted], check=True)
        self.assertEqual(len(machine.logged()), 1)


@logs.needs_root
class Open(unittest.TestCase):
    """The same places while somebody reads: each gets the line, as a whole."""

    def setUp(self):
        self.machine = logs.Machine(self)

    def check(self, ours, theirs, **env):
        process = self.machine.python(CONTEXT, stdout=subprocess.DEVNULL, stderr=theirs,
                                      env=INFO | env)
        self.assertEqual(process.wait(timeout=peer.TIMEOUT), 0)
        self.assertRegex(os.read(ours, 65536), rb"^sslharden\[\d+\]: info: context [^\n]*\n$")
        self.assertEqual(self.machine.logged(), [])

    def test_terminal(self):
        ours, theirs = pty.openpty()
        self.check(ours, theirs)
        os.close(ours)
        os.close(theirs)

    def test_pipe(self):
        ours, theirs = os.pipe()
        self.check(ours, theirs)
        os.close(ours)
        os.close(theirs)

    def test_fifo(self):
        with tempfile.TemporaryDirectory(prefix="sslharden-log-") as folder:
            path = os.path.join(folder, "fifo")
            os.mkfifo(path)
            ours = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
            theirs = os.open(path, os.O_WRONLY)
            self.check(ours, theirs)
            os.close(ours)
            os.close(theirs)

    def test_none_holds_a_reader_up(self):
        """A daemon that closes its standard error has closed it: who reads it sees its end."""
        script = CONTEXT + "import os, sys; os.close(2); print('made', flush=True); sys.stdin.read()"
        for make in (os.pipe, pty.openpty):
            with self.subTest(make=make.__name__):
                ours, theirs = make()
                process = stays(self.machine, script, stderr=theirs, env=INFO)
                os.close(theirs)
                got = b""
                try:
                    while select.select([ours], [], [], HANG)[0] and (more := os.read(ours, 9999)):
                        got += more
                    ended = not select.select([ours], [], [], 0)[0] or more == b""
                except OSError:  # a terminal's end
                    ended = True
                self.assertTrue(ended)
                self.assertIn(b"info: context", got)
                self.assertIsNone(process.poll())
                self.assertEqual(leaves(process), 0)
                os.close(ours)


@logs.needs_root
class Handed(unittest.TestCase):
    """No line vanishes while there is a place for it."""

    def said(self, machine, before=None, script=CONTEXT, **env):
        process = machine.python(script, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                 text=True, before=before, env=INFO | env)
        _, err = process.communicate(timeout=peer.TIMEOUT)
        self.assertEqual(process.returncode, 0, err)
        return err

    def test_no_system_log(self):
        machine = logs.Machine(self, None)
        self.assertRegex(self.said(machine, SSLHARDEN_LOG="syslog"), r"^sslharden\[\d+\]: info: ")

    @unittest.skipIf(logs.SANITIZED, "its runtime needs calls that are refused")
    def test_a_family_that_is_forbidden(self):
        """RestrictAddressFamilies=AF_INET AF_INET6."""
        machine = logs.Machine(self)
        refuse = lambda: logs.refuse(socket=(logs.EAFNOSUPPORT, logs.LOCAL))  # noqa: E731
        self.assertRegex(self.said(machine, refuse, SSLHARDEN_LOG="syslog"), r"info: context")
        self.assertEqual(machine.logged(), [])

    def test_a_full_system_log(self):
        """A datagram socket has room for a few."""
        machine = logs.Machine(self)
        err = self.said(machine, script=CONTEXT * 601, SSLHARDEN_LOG="syslog")
        logged = machine.logged()
        self.assertGreater(len(logged), 0)
        self.assertEqual(len(logged) + err.count("info: context"), 601)

    def test_a_system_log_that_takes_streams(self):
        machine = logs.Machine(self, socket.SOCK_STREAM)
        self.assertEqual(self.said(machine, SSLHARDEN_LOG="syslog"), "")
        connection, _ = machine.log.accept()
        self.assertRegex(connection.recv(9999), rb"^<30>sslharden\[\d+\]: python3: info: context .*\0$")
        connection.close()

    def test_a_file_that_cannot_be_made(self):
        for kind, count in ((socket.SOCK_DGRAM, 1), (None, 0)):
            machine = logs.Machine(self, kind)
            err = self.said(machine, SSLHARDEN_LOG="/nowhere/log")
            self.assertIn('SSLHARDEN_LOG: cannot write "/nowhere/log": No such file', err)
            self.assertEqual(err.count("info: context"), 1 - count)
            if kind is not None:
                self.assertEqual(len(machine.logged()), count)

    def test_a_fifo(self):
        """With a reader it gets the line; with none, or without room, the next place does."""
        machine = logs.Machine(self)
        with tempfile.TemporaryDirectory(prefix="sslharden-log-") as folder:
            path = os.path.join(folder, "fifo")
            os.mkfifo(path)
            self.assertIn("No such device or address", self.said(machine, SSLHARDEN_LOG=path))
            self.assertEqual(len(machine.logged()), 1)
            reader = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
            self.assertEqual(self.said(machine, SSLHARDEN_LOG=path), "")
            self.assertEqual(os.read(reader, 65536).count(b"info: context"), 1)
            self.assertEqual(os.read(reader, 1), b"")  # and has no writer any more
            self.assertEqual(machine.logged(), [])
            writer = os.open(path, os.O_WRONLY | os.O_NONBLOCK)
            try:
                while True:
                    os.write(writer, b"x" * 4096)
            except BlockingIOError:
                pass
            self.assertEqual(self.said(machine, SSLHARDEN_LOG=path), "")
            self.assertEqual(len(machine.logged()), 1)
            os.close(writer)
            os.close(reader)

    def test_a_full_disk(self):
        machine = logs.Machine(self)
        self.assertEqual(self.said(machine, SSLHARDEN_LOG="/dev/full"), "")
        self.assertEqual(len(machine.logged()), 1)

    def test_what_is_lost_is_counted(self):
        machine = logs.Machine(self, None)
        for how, more in (("stderr", {"stderr": subprocess.PIPE}),
                          ("lost", {"before": lambda: os.close(2)}),
                          ("lost", {"stderr": subprocess.PIPE, "SSLHARDEN_LOG": "none"})):
            env = INFO | {"SSLHARDEN_LOG": more.pop("SSLHARDEN_LOG", "syslog")}
            with self.subTest(how=how, **env):
                process = stays(machine, env=env, **more)
                page = logs.Page(process.pid)
                none = env["SSLHARDEN_LOG"] == "none"
                self.assertEqual(page.lost(), int(how == "lost" and not none))
                self.assertEqual(page.written("stderr"), int(how == "stderr"))
                self.assertEqual(page.word(page.FAILED + 4), int(not none))
                self.assertEqual(page.word(page.ERROR + 4), 0 if none else 2)  # ENOENT
                self.assertEqual(page.word(page.LAST), 1 if how == "stderr" else 0)
                self.assertEqual(leaves(process), 0)


@logs.needs_root
class Descriptors(unittest.TestCase):
    """Few of them, or none, or all closed."""

    def test_a_low_limit(self):
        """With none left what needs one is lost, and counted; a file needs none."""
        machine = logs.Machine(self)
        script = """
import os, resource, ssl, sys
lowest = os.dup(0)
os.close(lowest)
resource.setrlimit(resource.RLIMIT_NOFILE, (lowest + int(sys.argv[1]), 4096))
ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
print("made", flush=True)
sys.stdin.read()
"""
        with tempfile.TemporaryFile() as file:
            for stderr in (subprocess.PIPE, file):
                for left in (0, 1, 2, 3):
                    process = machine.python(script, str(left), stdin=subprocess.PIPE, text=True,
                                             stdout=subprocess.PIPE, stderr=stderr, env=INFO)
                    self.assertEqual(process.stdout.readline(), "made\n")
                    page = logs.Page(process.pid)
                    with self.subTest(left=left, file=stderr == file):
                        lost = stderr == subprocess.PIPE and left == 0
                        self.assertEqual(page.lost(), int(lost))
                        self.assertEqual(page.written("stderr"), int(not lost))
                    self.assertEqual(leaves(process), 0)
        self.assertEqual(machine.logged(), [])

    def test_all_closed(self):
        machine = logs.Machine(self)
        script = "import os; os.closerange(3, 4096)\n" + CONTEXT + \
            "os.closerange(3, 4096)\n" + CONTEXT
        with tempfile.NamedTemporaryFile(prefix="sslharden-log-", mode="r") as file:
            process = machine.python(script, stderr=subprocess.PIPE,
                                     env=INFO | {"SSLHARDEN_LOG": file.name})
            _, err = process.communicate(timeout=peer.TIMEOUT)
            self.assertEqual((process.returncode, err), (0, b""))
            self.assertEqual(file.read().count("info: context"), 2)

    def test_the_log_takes_no_low_one(self):
        """A program may count on getting the lowest, or close them one by one."""
        script = """
import os, ssl, sys
lowest = os.dup(0)
os.close(lowest)
ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
kept, = [int(n) for n in os.listdir("/proc/self/fd")
         if os.path.realpath("/proc/self/fd/" + n) == sys.argv[1]]
print(os.dup(0) == lowest, kept >= 100)
"""
        with tempfile.NamedTemporaryFile(prefix="sslharden-log-") as file:
            self.assertEqual(logs.Machine(self).run(script, file.name,
                                                    env=INFO | {"SSLHARDEN_LOG": file.name}),
                             ["True True"])

    def test_a_limit_below_where_the_log_is_kept(self):
        machine = logs.Machine(self)
        with tempfile.NamedTemporaryFile(prefix="sslharden-log-", mode="r") as file:
            limit = lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (40, 40))  # noqa: E731
            machine.run(CONTEXT, before=limit, env=INFO | {"SSLHARDEN_LOG": file.name})
            self.assertEqual(file.read().count("info: context"), 1)


@logs.needs_root
class Lines(unittest.TestCase):
    """Several daemons may share a file: each line says when, and whose it is."""

    def test_time_and_program(self):
        machine = logs.Machine(self)
        with tempfile.TemporaryDirectory(prefix="sslharden-log-") as folder:
            path = os.path.join(folder, "log")
            odd = os.path.join(folder, "a b\nc")
            os.symlink(peer.PEER, odd)
            for program in (peer.PEER, odd):
                peer.run(f"new:{peer.flexible('server')}", program=(*machine.inside, program),
                         shim=True, SSLHARDEN_LOG=path, **INFO)
            now = datetime.datetime.now(datetime.timezone.utc)
            with open(path, encoding="ascii") as file:
                lines = file.readlines()
        self.assertEqual(len(lines), 2, lines)
        for line, name in zip(lines, (r"peer", r"a b\\x0ac")):
            found = re.match(rf"(\S+) {name} sslharden\[\d+\]: info: context ", line)
            self.assertIsNotNone(found, line)
            when = datetime.datetime.strptime(found[1], "%Y-%m-%dT%H:%M:%S%z")
            self.assertLess(abs((now - when).total_seconds()), 60)


if __name__ == "__main__":
    unittest.main()
