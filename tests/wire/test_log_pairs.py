# SPDX-License-Identifier: MIT
"""Every place for messages, where a server forks, is in a chroot, or has lost who reads it; and a
disk that does not answer any more."""
import contextlib
import os
import pty
import re
import socket
import subprocess
import sys
import tempfile
import unittest

import logs
import peer

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../cli"))
import mute  # noqa: E402

INFO = {"SSLHARDEN_LOG_LEVEL": "info"}
CHILDREN = 4
PLACES = ("terminal", "pipe", "socket", "file", "syslog", "log")
SINKS = {"syslog": "syslog", "log": "file"}  # the others are standard error

# The server and each child that it forks make a context, and so a line each.
FORKS = f"""
import os, ssl, sys
def context():
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context()
for _ in range({CHILDREN}):
    if os.fork() == 0:
        context()
        os._exit(0)
while True:
    try:
        os.wait()
    except ChildProcessError:
        break
print("made", flush=True)
sys.stdin.read()
"""

CHROOT = """
import os, ssl, subprocess, sys
def context():
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
folder, has_proc = sys.argv[1], sys.argv[2] == "proc"
context()
if has_proc:
    subprocess.run(["mount", "--bind", "/proc", folder + "/proc"], check=True,
                   env={"PATH": os.environ["PATH"]})
os.chroot(folder)
os.chdir("/")
context()
print("made", flush=True)
sys.stdin.read()
"""

# Makes a context once who reads its lines is gone.
GONE = """
import ssl, sys
ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
print("made", flush=True)
sys.stdin.readline()
ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
print("again", flush=True)
sys.stdin.read()
"""

# Makes a context once its standard error is another file of the same kind.
REPLACED = """
import os, ssl, sys
os.dup2(int(sys.argv[1]), 2)
ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
print("made", flush=True)
sys.stdin.read()
"""

# And without room for a byte more in any file.
FULL = """
import resource, ssl, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
print("made", flush=True)
sys.stdin.read()
"""


class Place:
    """One of PLACES: what a server gets as its standard error, and the lines that came there."""

    def __init__(self, case, name):
        self.name, self.machine = name, logs.Machine(case)
        self.sink = SINKS.get(name, "stderr")
        self.env = INFO | {"SSLHARDEN_LOG": self.sink}
        self.ours, self.theirs = None, subprocess.DEVNULL
        if name == "terminal":
            self.ours, self.theirs = pty.openpty()
        elif name == "pipe":
            self.ours, self.theirs = os.pipe()
        elif name == "socket":
            self.ours, self.theirs = (end.detach() for end in socket.socketpair())
        elif name in ("file", "log"):
            folder = tempfile.TemporaryDirectory(prefix="sslharden-log-")
            case.addCleanup(folder.cleanup)
            self.path = os.path.join(folder.name, "log")
            file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
            self.ours, self.theirs = (os.dup(file), file) if name == "file" else (file, self.theirs)
            if name == "log":
                self.env["SSLHARDEN_LOG"] = self.path
        case.addCleanup(self.close)

    def start(self, script, *words, **more):
        process = self.machine.python(script, *words, stdin=subprocess.PIPE, text=True,
                                      stdout=subprocess.PIPE, stderr=self.theirs, env=self.env,
                                      **more)
        if self.theirs != subprocess.DEVNULL:
            os.close(self.theirs)
            self.theirs = subprocess.DEVNULL
        assert process.stdout.readline() == "made\n", process.wait()
        return process

    def lines(self):
        """What came, without waiting for more."""
        if self.name == "syslog":
            return self.machine.logged()
        if self.name in ("file", "log"):
            os.lseek(self.ours, 0, os.SEEK_SET)
        text = b""
        os.set_blocking(self.ours, False)
        with contextlib.suppress(OSError):  # nothing more; or a terminal's end
            while more := os.read(self.ours, 65536):
                text += more
        return text.decode().splitlines()

    def lose(self):
        """Who reads goes away; a file loses its name only, and is written on."""
        if self.name == "syslog":
            self.machine.log.close()
        else:
            self.close()

    def close(self):
        for fd in (self.ours, self.theirs):
            if fd not in (None, subprocess.DEVNULL):
                os.close(fd)
        self.ours, self.theirs = None, subprocess.DEVNULL


class Pairs:
    """What the classes below have in common."""

    def whole(self, lines):
        """Each of them is a line of one context; their processes."""
        found = [re.search(r"sslharden\[(\d+)\]: (?:\S+: )?info: context 0x\w+: TLS_server_method, ",
                           line) for line in lines]
        self.assertNotIn(None, found, lines)
        return [match[1] for match in found]

    def leave(self, process):
        process.communicate(timeout=peer.TIMEOUT)
        self.assertEqual(process.returncode, 0)


@logs.needs_root
class Forked(Pairs, unittest.TestCase):
    def test_each_place(self):
        """It gets the line of each child, as a whole; all count in one page."""
        for name in PLACES:
            with self.subTest(place=name):
                place = Place(self, name)
                process = place.start(FORKS)
                page = logs.Page(process.pid)
                lines = place.lines()
                written = page.written(place.sink)
                # The kernel lets one at a time write to a terminal, and none of ours waits: while
                # another child writes, its line goes to the next place.
                if name == "terminal":
                    lines += place.machine.logged()
                    written += page.written("syslog")
                self.assertEqual((written, page.lost()), (CHILDREN + 1, 0))
                writers = self.whole(lines)
                self.assertEqual((len(writers), len(set(writers))), (CHILDREN + 1, CHILDREN + 1))
                self.assertIn(str(process.pid), writers)
                self.leave(process)


@logs.needs_root
class Chroot(Pairs, unittest.TestCase):
    """The first line was written outside, the second is one of inside."""

    def folder(self, log):
        """The new root; log: whether it has a system log."""
        folder = tempfile.TemporaryDirectory(prefix="sslharden-root-", dir="/var/tmp")
        self.addCleanup(folder.cleanup)
        for name in ("proc", "dev"):
            os.mkdir(os.path.join(folder.name, name))
        inside = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(inside.close)
        inside.setblocking(False)
        if log:
            inside.bind(os.path.join(folder.name, "dev/log"))
        return folder.name, inside

    def check(self, name, expected, proc=False, log=False):
        """expected: lines in the place, in the system log of inside, and lost."""
        with self.subTest(place=name, proc=proc, log=log):
            place = Place(self, name)
            folder, inside = self.folder(log)
            process = place.start(CHROOT, folder, "proc" if proc else "none")
            logged = 0
            with contextlib.suppress(BlockingIOError):
                while inside.recv(4096):
                    logged += 1
            lost = logs.Page(process.pid).lost()
            self.assertEqual((len(self.whole(place.lines())), logged, lost), expected)
            self.leave(process)

    def test_what_needs_no_path(self):
        for name in ("pipe", "socket", "file"):
            self.check(name, (2, 0, 0))

    def test_a_terminal(self):
        """It cannot be opened anew: the system log of the chroot gets the line, or it is counted."""
        self.check("terminal", (1, 0, 1))
        self.check("terminal", (1, 1, 0), log=True)
        self.check("terminal", (2, 0, 0), proc=True)

    def test_the_system_log(self):
        """That of the chroot, if it has one."""
        self.check("syslog", (1, 1, 0), log=True)
        self.check("syslog", (1, 0, 1))

    def test_a_log_file(self):
        """The one outside goes on."""
        self.check("log", (2, 0, 0), log=True)


@logs.needs_root
class Gone(Pairs, unittest.TestCase):
    """The next place gets the line, and no signal ends the server."""

    def again(self, place):
        """Its reader goes, and another context is made."""
        process = place.start(GONE)
        place.lose()
        process.stdin.write("\n")
        process.stdin.flush()
        self.assertEqual(process.stdout.readline(), "again\n")
        self.assertEqual(logs.Page(process.pid).lost(), 0)
        self.leave(process)

    def test_standard_error(self):
        for name in ("terminal", "pipe", "socket"):
            with self.subTest(place=name):
                place = Place(self, name)
                self.again(place)
                self.assertEqual(len(self.whole(place.machine.logged())), 1)

    def test_the_system_log(self):
        place = Place(self, "syslog")
        reader, place.theirs = os.pipe()
        self.again(place)
        with open(reader, encoding="ascii") as lines:
            self.assertEqual(len(self.whole(lines)), 1)


@logs.needs_root
class Replaced(Pairs, unittest.TestCase):
    """What came to lie in its place gets nothing."""

    def test_standard_error(self):
        for name in ("terminal", "pipe", "socket", "file"):
            with self.subTest(place=name):
                place, other = Place(self, name), Place(self, name)
                process = place.start(REPLACED, str(other.theirs), pass_fds=(other.theirs,))
                self.assertEqual((place.lines(), other.lines()), ([], []))
                self.assertEqual(len(self.whole(place.machine.logged())), 1)
                self.leave(process)

    def test_the_system_log(self):
        """It was started again: the new one is found by its name."""
        place = Place(self, "syslog")
        process = place.start(GONE)
        self.assertEqual(len(self.whole(place.lines())), 1)
        path = os.path.join(place.machine.path, "log")
        os.remove(path)
        place.machine.log.close()
        place.machine.log = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(place.machine.log.close)
        place.machine.log.bind(path)
        place.machine.log.setblocking(False)
        process.stdin.write("\n")
        process.stdin.flush()
        self.assertEqual(process.stdout.readline(), "again\n")
        self.assertEqual(len(self.whole(place.lines())), 1)
        self.leave(process)


@logs.needs_root
class Full(Pairs, unittest.TestCase):
    """A file that takes no byte more raises a signal, which ends nobody; the next place gets it."""

    def test_files(self):
        for name in ("file", "log"):
            with self.subTest(place=name):
                place = Place(self, name)
                process = place.start(FULL)
                self.assertEqual(place.lines(), [])
                self.assertEqual(len(self.whole(place.machine.logged())), 1)
                self.leave(process)


# One thread makes a context, and waits for a disk; the server goes on with what it has.
STALLED = """
import os, ssl, sys, threading
server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
server.load_cert_chain(sys.argv[1])
client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
client.check_hostname = False
client.verify_mode = ssl.CERT_NONE
def handshake():
    up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
    ends = [client.wrap_bio(down, up), server.wrap_bio(up, down, server_side=True)]
    while ends:
        for end in list(ends):
            try:
                end.do_handshake()
                ends.remove(end)
            except ssl.SSLWantReadError:
                pass
def own_child():
    pid = os.fork()
    if pid == 0:
        if sys.argv[2] != "sanitized":  # its allocator may be locked there
            handshake()
        os._exit(0)
    return os.waitpid(pid, 0)[1]
handshake()
print("made", flush=True)
sys.stdin.readline()
waits = threading.Thread(target=ssl.SSLContext, args=(ssl.PROTOCOL_TLS_SERVER,))
waits.start()
sys.stdin.readline()
handshake()
print("served", own_child(), waits.is_alive(), flush=True)
waits.join()
print("written", flush=True)
"""


@logs.needs_root
@unittest.skipUnless(os.path.exists("/dev/fuse"), "there is no FUSE")
class Stalled(unittest.TestCase):
    """A disk that does not answer any more: who writes to a file there waits (docs/LIMITS.md), and
    nobody else; no lock is held, and the line is there once the disk answers."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="sslharden-disk-")
        self.addCleanup(folder.cleanup)
        try:
            self.disk = mute.Mute(folder.name, b"")
        except OSError as error:
            self.skipTest(f"FUSE: {error}")
        self.addCleanup(self.disk.end)
        self.path = os.path.join(folder.name, "log")
        self.machine = logs.Machine(self)

    def start(self, log):
        """Its standard error is a file there, too; this process, which serves it, opens none."""
        self.machine.inside += ("sh", "-c", f'exec "$@" 2>>{self.path}', "sh")
        process = self.machine.python(STALLED, peer.certificate(),
                                      "sanitized" if logs.SANITIZED else "", text=True,
                                      stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                      stderr=subprocess.DEVNULL,
                                      env=INFO | {"SSLHARDEN_LOG": log})
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stdin.close)
        self.assertEqual(process.stdout.readline(), "made\n")
        return process

    def go_on(self, process):
        process.stdin.write("\n")
        process.stdin.flush()

    def check(self, log):
        process = self.start(log)
        self.assertEqual(self.disk.content.count(b"info: context"), 1)
        self.disk.is_mute.set()
        self.go_on(process)
        self.assertTrue(self.disk.is_asked.wait(peer.TIMEOUT))  # the thread waits by now
        self.go_on(process)
        self.assertEqual(process.stdout.readline(), "served 0 True\n")
        self.disk.speak()
        self.assertEqual(process.stdout.readline(), "written\n")
        self.assertEqual(process.wait(timeout=peer.TIMEOUT), 0)
        self.assertEqual(self.disk.content.count(b"info: context"), 2)
        self.assertEqual(self.machine.logged(), [])

    def test_a_log_file(self):
        self.check(self.path)

    def test_standard_error(self):
        self.check("stderr")

    def test_the_setting_that_avoids_it(self):
        process = self.start("syslog")
        self.disk.is_mute.set()
        self.go_on(process)
        self.go_on(process)
        self.assertRegex(process.stdout.readline(), "^served 0 ")
        self.assertEqual(process.stdout.readline(), "written\n")
        self.assertEqual(len(self.machine.logged()), 2)
        self.assertFalse(self.disk.is_asked.is_set())
        self.disk.speak()
        self.assertEqual(process.wait(timeout=peer.TIMEOUT), 0)


if __name__ == "__main__":
    unittest.main()
