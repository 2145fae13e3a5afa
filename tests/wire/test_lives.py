# SPDX-License-Identifier: MIT
"""Hard lives (harness/lives.c), each with its twin without the shim."""
import os
import pty
import re
import resource
import signal
import socket
import subprocess
import tempfile
import termios
import unittest

import logs
import peer

LIVES = (os.path.join(peer.DIR, "lives"),)
EMULATED = any("qemu" in word for word in peer.LOADER)
TSAN = "tsan" in os.environ.get("SSLHARDEN_PRELOAD_FIRST", "")
SLOW = EMULATED or bool(os.environ.get("SSLHARDEN_PRELOAD_FIRST"))


class Threads(unittest.TestCase):
    def check(self, *words):
        self.assertEqual(peer.run(*words, program=LIVES), [f"{words[0]} lost 0x2400000"])
        self.assertEqual(peer.run(*words, program=LIVES, shim=True), [f"{words[0]} lost 0x0"])

    def test_64_threads(self):
        """Thousands of contexts made and freed while others shake hands and all is forgotten."""
        self.check("storm", peer.certificate(), "64", "20" if SLOW else "100")

    def test_cancelled_anywhere(self):
        if os.environ.get("SSLHARDEN_PRELOAD_FIRST"):
            self.skipTest("a sanitizer's runtime does not survive asynchronous cancellation")
        self.check("cancel", "100")

    @unittest.skipIf(TSAN, "its runtime does not support a fork beside threads")
    @unittest.skipUnless(peer.finds_without_a_lock(), "glibc before 2.35 finds objects by a lock")
    def test_fork_in_the_middle(self):
        """The loader's list is locked by a thread that the child does not have."""
        words = ["fork", "2", "300" if SLOW else "1500"]
        self.assertEqual(peer.run(*words, program=LIVES), [f"fork failed {words[2]}"])
        self.assertEqual(peer.run(*words, program=LIVES, shim=True), ["fork failed 0"])


@unittest.skipIf(SLOW or not peer.finds_without_a_lock(), "glibc before 2.35 finds objects by a lock")
class Loader(unittest.TestCase):
    """The lock of the loader's list is not ours to take where the program would not."""

    def test_children_that_open_a_library(self):
        words = ["child", "4", "300"]
        for shim in (False, True):
            self.assertEqual(peer.run(*words, program=LIVES, shim=shim), ["child failed 0"])

    def test_a_signal_in_the_middle(self):
        for shim, lost in ((False, "0x2400000"), (True, "0x0")):
            self.assertEqual(peer.run("signal", "20000", program=LIVES, shim=shim),
                             [f"signal lost {lost}"])


@unittest.skipIf(SLOW or peer.CROSS or os.geteuid() != 0, "a PID namespace needs root")
class Namespace(unittest.TestCase):
    def test_a_child_with_its_parents_pid(self):
        """Both are the first of their namespace, as in a container that starts containers."""
        program = ("unshare", "--pid", "--fork", *LIVES)
        self.assertEqual(peer.run("namespace", program=program), ["fork failed 1"])
        for _ in range(30):  # a fork hits the moment about once in eight
            self.assertEqual(peer.run("namespace", program=program, shim=True), ["fork failed 0"])


@unittest.skipIf(SLOW or peer.CROSS, "it measures memory")
class Soak(unittest.TestCase):
    # KiB; one byte kept of a handshake would be more.
    SLACK = 512

    def test_memory_stays_flat(self):
        """3,000 handshakes; a million by the target soak (SSLHARDEN_SOAK says how many)."""
        self.addCleanup(setattr, peer, "TIMEOUT", peer.TIMEOUT)
        peer.TIMEOUT = 3600
        words = ["soak", peer.certificate("ec"), os.environ.get("SSLHARDEN_SOAK", "3000")]
        for shim, lost in ((False, "0x2400000"), (True, "0x0")):
            grew, told = peer.run(*words, program=LIVES, shim=shim)
            self.assertEqual(told, f"soak lost {lost}")
            self.assertLess(int(grew.split()[2]), self.SLACK, f"shim {shim}")

    def test_connections_at_ever_new_addresses(self):
        """Nothing of ours stays with an address: no allocator has to give it again."""
        if not peer.modern():
            self.skipTest("before 1.1.0 an allocation has no such hook")
        words = ["apart", peer.certificate("ec"), os.environ.get("SSLHARDEN_SOAK", "60000")]
        kept = {}
        for shim, lost in ((False, "0x2400000"), (True, "0x0")):
            line, told = peer.run(*words, program=LIVES, shim=shim)
            self.assertEqual(told, f"apart lost {lost}")
            kept[shim], grew = (int(n) for n in re.findall(r"-?\d+", line))
            self.assertLess(grew, self.SLACK / 2, f"shim {shim}")
        self.assertEqual(kept[True], kept[False])


@unittest.skipIf(peer.CROSS, "an emulator's memory is not its program's")
class Counted(unittest.TestCase):
    def test_each_handshake_of_many_threads_and_processes(self):
        """16 threads of 8 processes; a million by the target million (SSLHARDEN_MANY: of a thread)."""
        each = int(os.environ.get("SSLHARDEN_MANY", "2" if SLOW else "8"))
        processes, threads = (2 if TSAN else 8), 16
        words = ["many", peer.certificate("ec"), str(processes), str(threads), str(each)]
        with subprocess.Popen([*peer.LOADER, *LIVES, *words], env=peer.environment(True), text=True,
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
            self.assertEqual(parent.stdout.readline(), "counted\n")
            counts = logs.Page(parent.pid).counts()
            out, _ = parent.communicate(timeout=peer.TIMEOUT)
        self.assertEqual(out, "many lost 0x0\n")
        self.assertEqual(sum(counts["served"].values()), processes * threads * each)
        self.assertEqual(sum(counts["offered"].values()) + sum(counts["newer"].values()),
                         processes * threads * each)
        self.assertEqual((counts["refused"], counts["contexts"]), ({}, 1))


class Killed(unittest.TestCase):
    def test_a_server_that_is_killed_leaves_nothing(self):
        """In the middle of a handshake; the one that is started after it is hardened as well."""
        with tempfile.TemporaryDirectory(prefix="sslharden-killed-") as folder:
            def left():
                # libfaketime's come and go with test_neighbours, which may run beside this.
                shared = [name for name in os.listdir("/dev/shm") if "faketime" not in name]
                return sorted(os.listdir(folder)), sorted(shared)
            before = left()
            for _ in range(3):
                words = [f"new:{peer.flexible('server')}", peer.ciphers_word(),
                         f"cert:{peer.certificate()}"]
                with peer.Server(*words, shim=True, TMPDIR=folder) as server:
                    with socket.create_connection(("127.0.0.1", server.port)) as client:
                        client.sendall(b"\x16\x03\x01\x02\x00\x01")
                        server.process.kill()
                self.assertEqual(left(), before)
            served = [peer.options(peer.ask(words[:1], shim=shim)[2].lines, "served")
                      & peer.policy() for shim in (False, True)]
            self.assertNotEqual(served[0], served[1])
            self.assertEqual(served[1], peer.policy())


class Point(unittest.TestCase):
    """A message is no point at which a thread may be cancelled."""

    def test_cancelled_with_a_lock(self):
        with tempfile.NamedTemporaryFile(prefix="sslharden-log-") as log:
            for shim, lost in ((False, "0x2400000"), (True, "0x0")):
                said = peer.run("point", program=LIVES, shim=shim, SSLHARDEN_LOG=log.name,
                                SSLHARDEN_LOG_LEVEL="info")
                self.assertEqual(said, ["point lock 0", f"point lost {lost}"])
            self.assertIn(b"info: context", log.read())


@unittest.skipIf(SLOW or peer.CROSS, "the filter knows the calls of this machine's programs")
class Filter(unittest.TestCase):
    def test_first_contexts_and_handshakes(self):
        """Whoever makes a call that kore's workers may not make is killed."""
        words = ["filter", peer.certificate()]
        for shim, lost in ((False, "0x2400000"), (True, "0x0")):
            self.assertEqual(peer.run(*words, program=LIVES, shim=shim), [f"filter lost {lost}"])


class Pipe(unittest.TestCase):
    """What standard error may be, and the signal that a message to it would raise."""

    @unittest.skipIf(TSAN, "its runtime holds signals back until they are past their cause")
    def test_a_file_at_its_limit(self):
        """SIGXFSZ, likewise."""
        limit = 1 << 20
        with tempfile.TemporaryFile() as file:
            file.seek(file.truncate(limit))
            done = subprocess.run([*peer.LOADER, *LIVES, "reuse"], stdout=subprocess.PIPE,
                                  stderr=file, env=peer.environment(True, SSLHARDEN_TYPO="1"),
                                  timeout=peer.TIMEOUT, preexec_fn=lambda: resource.setrlimit(
                                      resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY)))
        self.assertEqual(done.returncode, 0)
        self.assertIn(b"reuse lost 0x0", done.stdout)

    def test_a_terminal_that_stops_the_background(self):
        """SIGTTOU, likewise."""
        ours, theirs = os.pipe()
        session, terminal = pty.fork()
        if session == 0:
            try:
                settings = termios.tcgetattr(0)
                settings[3] |= termios.TOSTOP
                termios.tcsetattr(0, termios.TCSANOW, settings)
                process = os.fork()
                if process == 0:
                    os.setpgid(0, 0)
                    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
                    words = [*peer.LOADER, *LIVES, "reuse"]
                    os.execvpe(words[0], words, peer.environment(True, SSLHARDEN_TYPO="1"))
                _, status = os.waitpid(process, os.WUNTRACED)
                os.write(theirs, str(status).encode())
                if os.WIFSTOPPED(status):
                    os.kill(process, signal.SIGKILL)
            finally:
                os._exit(0)
        os.close(theirs)
        said = b""
        try:
            while more := os.read(terminal, 4096):
                said += more
        except OSError:  # its other end is gone
            pass
        os.waitpid(session, 0)
        self.assertEqual(os.read(ours, 100), b"0", said)
        self.assertIn(b"SSLHARDEN_TYPO", said)
        os.close(ours)
        os.close(terminal)

    def test_standard_error_that_nobody_reads(self):
        """A message must not kill the program by SIGPIPE."""
        reader, writer = os.pipe()
        os.close(reader)
        done = subprocess.run([*peer.LOADER, *LIVES, "reuse"], stdout=subprocess.PIPE,
                              stderr=writer, env=peer.environment(True, SSLHARDEN_TYPO="1"),
                              timeout=peer.TIMEOUT)
        os.close(writer)
        self.assertEqual(done.returncode, 0)
        self.assertIn(b"reuse lost 0x0", done.stdout)


class Addresses(unittest.TestCase):
    @unittest.skipIf(os.environ.get("SSLHARDEN_PRELOAD_FIRST"),
                     "a sanitizer's allocator does not give an address again so soon")
    def test_what_was_there_is_forgotten(self):
        self.assertEqual(peer.run("reuse", program=LIVES),
                         ["reuse again 1 wrong 0", "reuse lost 0x2400000"])
        self.assertEqual(peer.run("reuse", program=LIVES, shim=True),
                         ["reuse again 1 wrong 0", "reuse lost 0x0"])


class Jump(unittest.TestCase):
    def test_out_of_a_contexts_making(self):
        """By a callback of the program's, which makes a context first; as an exception would."""
        for shim, lost in ((False, "0x2400000"), (True, "0x0")):
            self.assertEqual(peer.run("jump", program=LIVES, shim=shim), [f"jump lost {lost}"])


class Tight(unittest.TestCase):
    def test_vfork(self):
        words = ["vfork", *peer.LOADER, LIVES[0], "jump"]
        self.assertEqual(peer.run(*words, program=LIVES),
                         ["jump lost 0x2400000", "vfork status 0", "vfork lost 0x2400000"])
        self.assertEqual(peer.run(*words, program=LIVES, shim=True),
                         ["jump lost 0x0", "vfork status 0", "vfork lost 0x0"])

    @unittest.skipIf(os.environ.get("SSLHARDEN_PRELOAD_FIRST"), "a sanitizer needs a larger stack")
    def test_smallest_stack(self):
        self.assertEqual(peer.run("stack", program=LIVES), ["stack lost 0x2400000"])
        self.assertEqual(peer.run("stack", program=LIVES, shim=True), ["stack lost 0x0"])

    @unittest.skipIf(SLOW, "a sanitizer needs a larger stack")
    def test_a_line_needs_little_stack(self):
        """Bare, threads of 16 KiB serve (OpenSSL 3.0): a refused client must not end them."""
        if not peer.speaks("TLSv1.1"):
            self.skipTest("this libssl does not speak TLS 1.1")
        words = ["depth", peer.certificate()]
        _, bare = peer.run(*words, program=LIVES)[0].split()
        with tempfile.NamedTemporaryFile(prefix="sslharden-log-") as log:
            for place in (log.name, "stderr"):
                line, *_ = peer.run(*words, program=LIVES, shim=True, SSLHARDEN_LOG=place,
                                    SSLHARDEN_MIN_PROTOCOL="TLSv1.2")
                self.assertLess(int(line.split()[1]), int(bare) + 4096, place)
            self.assertIn(b"refused a client", log.read())

    @unittest.skipIf(TSAN, "its runtime takes the place of the allocator")
    def test_each_allocation_fails_once(self):
        """A pinned server context is made as it ought to be."""
        self.assertEqual(peer.run("alloc", program=LIVES),
                         ["alloc points 1", "alloc lost 0x2400000"])
        lines = peer.run("alloc", program=LIVES, shim=True)
        self.assertEqual(lines[:2], ["alloc points 1", "alloc lost 0x0"])
        # Silence is never the answer to failure.
        self.assertTrue(any("no memory for what it was" in line for line in lines[2:]))


if __name__ == "__main__":
    unittest.main()
