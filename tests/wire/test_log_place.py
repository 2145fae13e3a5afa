# SPDX-License-Identifier: MIT
"""Messages go to what was the log at load, and to nothing that came to lie in its place."""
import os
import pty
import re
import select
import socket
import subprocess
import tempfile
import unittest

import logs
import peer

INFO = {"SSLHARDEN_LOG_LEVEL": "info"}

# Standard error is closed and its file removed; a database comes to have its descriptor and,
# on ext4 at the first try, its inode's number.
REUSED = """
import os, ssl, sys
log, database = sys.argv[1:]
sys.stdin.read()
number = os.fstat(2).st_ino
os.close(2)
os.remove(log)
for _ in range(100):
    fd = os.open(database, os.O_RDWR | os.O_CREAT | os.O_EXCL)
    if os.fstat(fd).st_ino == number:
        break
    os.close(fd)
    os.remove(database)
else:
    print("not used again")
    sys.exit()
if fd != 2:
    os.dup2(fd, 2)
ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
print("in the database:", os.fstat(2).st_size)
"""

# The same of the log file that is kept; its name leads nowhere any more.
KEPT = """
import os, ssl, sys
log, database = sys.argv[1:]
sys.stdin.read()
ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
kept, = [int(n) for n in os.listdir("/proc/self/fd")
         if os.path.realpath("/proc/self/fd/" + n) == log]
number = os.fstat(kept).st_ino
os.close(kept)
os.remove(log)
for _ in range(100):
    fd = os.open(database, os.O_RDWR | os.O_CREAT | os.O_EXCL)
    if os.fstat(fd).st_ino == number:
        break
    os.close(fd)
    os.remove(database)
else:
    print("not used again")
    sys.exit()
os.mkdir(log)
os.dup2(fd, kept)
ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
print("in the database:", os.fstat(kept).st_size)
"""

# Standard error was a terminal, whose number the next session has.
TERMINAL = """
import os, ssl, sys
os.close(2)
print("closed", flush=True)
fd = os.open(sys.stdin.readline().rstrip("\\n"), os.O_RDWR | os.O_NOCTTY)
if fd != 2:
    os.dup2(fd, 2)
ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
"""

CONTEXT = "import ssl; ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)"

CLOSE_ALL = """
import os, ssl
os.closerange(3, 4096)
ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
"""


@logs.needs_root
class Reused(unittest.TestCase):
    """An inode's number is used again: device and inode do not say which file it is."""

    def setUp(self):
        self.machine = logs.Machine(self)
        # Not in memory, where numbers are new ones.
        folder = tempfile.TemporaryDirectory(prefix="sslharden-log-", dir="/var/tmp")
        self.addCleanup(folder.cleanup)
        self.path, self.database = (os.path.join(folder.name, n) for n in ("log", "database"))

    def check(self, script, logged, stderr=None, before=None, **env):
        with open(stderr or self.path, "w", encoding="ascii") as file:
            process = self.machine.python(script, self.path, self.database, stderr=file,
                                          stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                          env=INFO | env, before=before)
        # From here on nobody else has the file, and it goes on.
        said, _ = process.communicate(timeout=peer.TIMEOUT)
        if said == "not used again\n":
            self.skipTest("this file system does not use an inode's number again")
        self.assertEqual(said, "in the database: 0\n")
        self.assertEqual(len(self.machine.logged()), logged)

    def test_standard_error(self):
        self.check(REUSED, 1)

    def test_the_kept_log(self):
        self.check(KEPT, 1, stderr=os.devnull, SSLHARDEN_LOG=self.path)

    def next_session(self, before):
        """A terminal of that number, made later than the clock's tick of the one before."""
        while True:
            ours, theirs = pty.openpty()
            now = os.fstat(theirs)
            if now.st_rdev != before.st_rdev:
                self.skipTest("the number of a terminal is not used again")
            if now.st_ctime_ns != before.st_ctime_ns:
                return ours, theirs
            os.close(ours)
            os.close(theirs)

    def test_a_terminal(self):
        ours, theirs = pty.openpty()
        process = self.machine.python(TERMINAL, stderr=theirs, stdin=subprocess.PIPE,
                                      stdout=subprocess.PIPE, text=True, env=INFO)
        self.assertEqual(process.stdout.readline(), "closed\n")
        before = os.fstat(theirs)
        os.close(theirs)
        os.close(ours)
        ours, theirs = self.next_session(before)
        process.communicate(f"/proc/{os.getpid()}/fd/{theirs}\n", timeout=peer.TIMEOUT)
        self.assertEqual(process.returncode, 0)
        self.assertEqual(select.select([ours], [], [], 0)[0], [])  # nothing came there
        self.assertEqual(len(self.machine.logged()), 1)
        os.close(ours)
        os.close(theirs)

    @unittest.skipIf(logs.SANITIZED, "its runtime needs calls that are refused")
    def test_without_a_time_of_birth(self):
        """As before Linux 4.11; then, before 2.6.39, not even a file handle."""
        for calls in ({"statx": logs.ENOSYS},
                      {"statx": logs.ENOSYS, "name_to_handle_at": logs.ENOSYS}):
            with self.subTest(calls=calls):
                self.check(REUSED, 1, before=lambda: logs.refuse(**calls))
                os.remove(self.database)

    @unittest.skipIf(logs.SANITIZED, "its runtime needs calls that are refused")
    def test_the_same_file(self):
        """Standard error that stays is written to; where nothing can tell, the system log is."""
        for calls in ({}, {"statx": logs.ENOSYS},
                      {"statx": logs.ENOSYS, "name_to_handle_at": logs.ENOSYS},
                      {"statx": logs.ENOSYS, "name_to_handle_at": 95}):
            with self.subTest(calls=calls), open(self.path, "w+", encoding="ascii") as stderr:
                there = {None: 1, logs.ENOSYS: int(logs.has_generations(stderr)),
                         95: 0}[calls.get("name_to_handle_at")]
                self.machine.run(CLOSE_ALL, stderr=stderr, env=INFO,
                                 before=lambda: logs.refuse(**calls))
                stderr.seek(0)
                self.assertEqual(len(re.findall("info: context", stderr.read())), there)
                self.assertEqual(len(self.machine.logged()), 1 - there)


@logs.needs_root
class Connection(unittest.TestCase):
    """A socket that is also descriptor 0 or 1 is a client's, whatever its family."""

    def setUp(self):
        self.machine = logs.Machine(self)
        self.ours, self.theirs = socket.socketpair()
        self.addCleanup(self.ours.close)
        self.addCleanup(self.theirs.close)
        self.ours.setblocking(False)

    def got(self, script=CONTEXT, stdin=None, stdout=subprocess.DEVNULL, **env):
        process = self.machine.python(script, stdin=stdin, stdout=stdout, stderr=self.theirs,
                                      env=INFO | env)
        self.assertEqual(process.wait(timeout=peer.TIMEOUT), 0)
        try:
            return self.ours.recv(9999)
        except BlockingIOError:
            return b""

    def test_all_three(self):
        self.assertEqual(self.got(stdin=self.theirs, stdout=self.theirs), b"")
        self.assertEqual(len(self.machine.logged()), 1)

    def test_one_of_them(self):
        for place in ("stdin", "stdout"):
            with self.subTest(place=place):
                self.assertEqual(self.got(**{place: self.theirs}), b"")
                self.assertEqual(len(self.machine.logged()), 1)

    def test_the_others_were_replaced(self):
        """It was a client's when the program was started."""
        script = "import os; n = os.open('/dev/null', os.O_RDWR); os.dup2(n, 0); os.dup2(n, 1)\n"
        self.assertEqual(self.got(script + CONTEXT, stdin=self.theirs, stdout=self.theirs), b"")
        self.assertEqual(len(self.machine.logged()), 1)

    def test_it_became_one(self):
        self.assertEqual(self.got("import os; os.dup2(2, 0)\n" + CONTEXT), b"")
        self.assertEqual(len(self.machine.logged()), 1)

    def test_alone(self):
        self.assertRegex(self.got(), rb"^sslharden\[\d+\]: info: context .*\n$")
        self.assertEqual(self.machine.logged(), [])

    def test_the_journal(self):
        """systemd's has the output and the errors of a service on one socket, and names it."""
        st = os.fstat(self.theirs.fileno())
        for stream, there in ((f"{st.st_dev}:{st.st_ino}", True), (f"{st.st_dev}:1", False),
                              ("", False), (f"{st.st_dev}", False)):
            with self.subTest(stream=stream):
                got = self.got(stdout=self.theirs, JOURNAL_STREAM=stream)
                self.assertEqual(b"info: context" in got, there)
                self.assertEqual(len(self.machine.logged()), 1 - there)


@logs.needs_root
class Null(unittest.TestCase):
    """What keeps nothing is no place for a message."""

    def test_at_the_start(self):
        machine = logs.Machine(self)
        for place, lines in ((subprocess.DEVNULL, 1), (subprocess.PIPE, 0)):
            process = machine.python(CONTEXT, stderr=place, text=True, env=INFO)
            _, err = process.communicate(timeout=peer.TIMEOUT)
            self.assertEqual(len(machine.logged()), lines)
            self.assertEqual("info: context" in (err or ""), lines == 0)


@logs.needs_root
class Links(unittest.TestCase):
    """No file is written through a link that somebody else could have made."""

    NOBODY = 65534

    def setUp(self):
        self.machine = logs.Machine(self)
        folder = tempfile.TemporaryDirectory(prefix="sslharden-log-", dir="/var/tmp")
        self.addCleanup(folder.cleanup)
        os.chmod(folder.name, 0o755)
        self.shared, self.own = (os.path.join(folder.name, n) for n in ("shared", "own"))
        for path, mode in ((self.shared, 0o1777), (self.own, 0o755)):
            os.mkdir(path)
            os.chmod(path, mode)
        self.victim = os.path.join(self.own, "victim")
        self.log = os.path.join(self.shared, "log")

    def run_(self, path, stderr=subprocess.PIPE):
        """What came to the system log and standard error."""
        process = self.machine.python(CONTEXT, stdout=subprocess.DEVNULL, stderr=stderr,
                                      env=INFO | {"SSLHARDEN_LOG": path})
        _, err = process.communicate(timeout=peer.TIMEOUT)
        self.assertEqual(process.returncode, 0, err)
        return self.machine.logged(), (err or b"").decode()

    def refused(self, path, why):
        logged, err = self.run_(path)
        self.assertRegex(err, f"warning: SSLHARDEN_LOG: cannot write .*{why}")
        self.assertEqual(len(logged), 1)

    def there(self, path, real):
        logged, err = self.run_(path)
        self.assertEqual((logged, err), ([], ""))
        with open(real, encoding="ascii") as file:
            self.assertEqual(len(re.findall("info: context", file.read())), 1)

    def test_symbolic_to_what_is_there_and_what_is_not(self):
        os.symlink(self.victim, self.log)
        os.lchown(self.log, self.NOBODY, self.NOBODY)
        self.refused(self.log, "link")
        self.assertFalse(os.path.exists(self.victim))
        with open(self.victim, "w", encoding="ascii"):
            pass
        self.refused(self.log, "link")
        self.assertEqual(os.path.getsize(self.victim), 0)

    def test_hard(self):
        with open(self.victim, "w", encoding="ascii"):
            pass
        os.link(self.victim, self.log)
        self.refused(self.log, "another name")
        self.assertEqual(os.path.getsize(self.victim), 0)

    def test_a_folder_on_the_way(self):
        os.symlink(self.own, os.path.join(self.shared, "folder"))
        os.lchown(os.path.join(self.shared, "folder"), self.NOBODY, self.NOBODY)
        self.refused(os.path.join(self.shared, "folder", "victim"), "link")
        self.assertFalse(os.path.exists(self.victim))

    def test_a_folder_of_another_user(self):
        """Its owner can put there what he likes, though nobody else can."""
        os.chown(self.own, self.NOBODY, self.NOBODY)
        os.symlink(os.path.join(self.shared, "made"), os.path.join(self.own, "log"))
        os.lchown(os.path.join(self.own, "log"), self.NOBODY, self.NOBODY)
        self.refused(os.path.join(self.own, "log"), "link")
        self.assertFalse(os.path.exists(os.path.join(self.shared, "made")))
        with open(os.path.join(self.own, "his"), "w", encoding="ascii"):
            pass
        os.chown(os.path.join(self.own, "his"), self.NOBODY, self.NOBODY)
        self.there(os.path.join(self.own, "his"), os.path.join(self.own, "his"))

    def test_a_file_of_another_user(self):
        with open(self.log, "w", encoding="ascii"):
            pass
        os.chown(self.log, self.NOBODY, self.NOBODY)
        self.refused(self.log, "another owner")

    def test_links_of_the_operators_own(self):
        os.symlink("../own/victim", self.log)  # root's
        self.there(self.log, self.victim)
        os.symlink(self.shared, os.path.join(self.own, "to"))
        os.lchown(os.path.join(self.own, "to"), self.NOBODY, self.NOBODY)  # where none but root can
        self.there(os.path.join(self.own, "to", "new"), os.path.join(self.shared, "new"))

    def test_a_loop(self):
        os.symlink("loop", os.path.join(self.own, "loop"))
        self.refused(os.path.join(self.own, "loop"), "symbolic links")

    def test_a_name_for_standard_error(self):
        """As containers' images have it: /dev/stderr, or a log that is a link to it."""
        os.symlink("/proc/self/fd/2", os.path.join(self.own, "stderr"))
        os.symlink("stderr", os.path.join(self.own, "log"))
        logged, err = self.run_(os.path.join(self.own, "log"))
        self.assertEqual(logged, [])
        self.assertRegex(err, r"^\d{4}-.* sslharden\[\d+\]: info: context .*\n$")

    def test_one_that_was_rotated(self):
        script = "import os, sys\nfor i in range(2):\n    " + CONTEXT.replace(";", "\n   ") + \
            "\n    i or os.rename(sys.argv[1], sys.argv[1] + '.1')\n"
        path = os.path.join(self.own, "log")
        self.machine.run(script, path, env=INFO | {"SSLHARDEN_LOG": path})
        for name in (path, path + ".1"):
            with open(name, encoding="ascii") as file:
                self.assertEqual(len(file.readlines()), 1, name)


CHROOT = """
import os, ssl, sys
def context():
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
folder, close, first = sys.argv[1], sys.argv[2] == "close", sys.argv[3] == "first"
if first:
    context()
os.chroot(folder)
os.chdir("/")
if close:
    os.closerange(3, 4096)
context()
"""


@logs.needs_root
class Chroot(unittest.TestCase):
    """No second log beside the real one."""

    def setUp(self):
        self.machine = logs.Machine(self)
        folder = tempfile.TemporaryDirectory(prefix="sslharden-root-", dir="/var/tmp")
        self.addCleanup(folder.cleanup)
        os.chmod(folder.name, 0o755)
        self.root = os.path.join(folder.name, "root")
        self.log = os.path.join(folder.name, "log")
        self.other = os.path.join(self.root, self.log[1:])
        os.makedirs(os.path.dirname(self.other))
        os.chmod(self.root, 0o755)

    def run_(self, close, first):
        """Lines in the log, and those on standard error; /dev/log is not there."""
        process = self.machine.python(CHROOT, self.root, close, first, stdout=subprocess.DEVNULL,
                                      stderr=subprocess.PIPE, text=True,
                                      env=INFO | {"SSLHARDEN_LOG": self.log})
        _, err = process.communicate(timeout=peer.TIMEOUT)
        self.assertEqual(process.returncode, 0, err)
        self.assertFalse(os.path.exists(self.other))
        self.assertEqual(self.machine.logged(), [])
        lines = []
        if os.path.exists(self.log):
            with open(self.log, encoding="ascii") as file:
                lines = file.readlines()
        return len(lines), err.count("info: context")

    def test_after_the_first_context(self):
        self.assertEqual(self.run_("keep", "first"), (2, 0))

    def test_before_it(self):
        self.assertEqual(self.run_("keep", "none"), (0, 1))

    def test_all_closed(self):
        self.assertEqual(self.run_("close", "first"), (1, 1))


if __name__ == "__main__":
    unittest.main()
