# SPDX-License-Identifier: MIT
"""What the tests of messages need: a machine with a system log of its own, or none; system calls
that a filter refuses; and the page that a server shares with its children (shim/memory/shared.h)."""
import ctypes
import fcntl
import os
import platform
import re
import socket
import struct
import subprocess
import tempfile
import unittest

import peer

PYTHON = "/usr/bin/python3"
TSAN = "tsan" in os.environ.get("SSLHARDEN_PRELOAD_FIRST", "")
SANITIZED = bool(os.environ.get("SSLHARDEN_PRELOAD_FIRST"))
SINKS = ("stderr", "syslog", "file")
# Calls by number, of the machines that the tests run on.
CALLS = {"x86_64": {"statx": 332, "name_to_handle_at": 303, "splice": 275, "socket": 41,
                    "pipe2": 293, "fcntl": 72, "madvise": 28},
         "aarch64": {"statx": 291, "name_to_handle_at": 264, "splice": 76, "socket": 198,
                     "pipe2": 59, "fcntl": 25, "madvise": 233}}
EINVAL, ENOSYS, EAFNOSUPPORT = 22, 38, 97
EQUALS, HAS = 0x15, 0x45  # any bit of
# Of these only the calls with such an argument: which, and its value.
LOCAL = (0, EQUALS, socket.AF_UNIX)
FLAGS = (1, HAS, socket.SOCK_CLOEXEC | socket.SOCK_NONBLOCK)
DUPFD_CLOEXEC = (1, EQUALS, 1030)
WIPEONFORK = (2, EQUALS, 18)

needs_root = unittest.skipIf(os.geteuid() != 0 or peer.CROSS, "a /dev/log of its own needs root")


class Machine:
    """Programs are started in a mount namespace where /dev has a log, or has none."""

    def __init__(self, case, kind=socket.SOCK_DGRAM, old=False):
        self.old = old  # its kernel is
        folder = tempfile.TemporaryDirectory(prefix="sslharden-dev-")
        case.addCleanup(folder.cleanup)
        self.path = folder.name
        if kind is not None:
            self.log = socket.socket(socket.AF_UNIX, kind)
            case.addCleanup(self.log.close)
            self.log.bind(os.path.join(folder.name, "log"))
            os.chmod(folder.name, 0o755)
            os.chmod(os.path.join(folder.name, "log"), 0o666)
            self.log.setblocking(False)
            if kind == socket.SOCK_STREAM:
                self.log.listen(100)
        for name, number in (("null", 3), ("full", 7)):
            os.mknod(os.path.join(folder.name, name), 0o20666, os.makedev(1, number))
        self.inside = ("unshare", "--mount", "sh", "-c",
                       f'mount --bind {folder.name} /dev && exec "$@"', "sh")

    def logged(self):
        lines = []
        try:
            while True:
                lines.append(self.log.recv(4096).decode())
        except BlockingIOError:
            return lines

    def python(self, script, *words, before=None, **more):
        """A Python server inside; before: what is done before it is executed."""
        faults = os.path.join(peer.BUILD, "libfaults.so")
        env = peer.environment(more.pop("shim", True), ASAN_OPTIONS="detect_leaks=0",
                               before=(faults,) if more.pop("faults", self.old) else (),
                               **more.pop("env", {}), **({"FAULT_KERNEL": "1"} if self.old else {}))
        return subprocess.Popen([*self.inside, PYTHON, "-c", script, *words], env=env,
                                preexec_fn=before or (old_kernel if self.old else None), **more)

    def run(self, script, *words, **more):
        """Its standard output's lines; a hang fails."""
        more.setdefault("stderr", subprocess.DEVNULL)
        process = self.python(script, *words, stdout=subprocess.PIPE, text=True, **more)
        try:
            out, _ = process.communicate(timeout=peer.TIMEOUT)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            raise AssertionError("it hangs") from None
        if process.returncode != 0:
            raise AssertionError(f"exit {process.returncode}: {out}")
        return out.splitlines()


def refuse(**calls):
    """Of this process and its children, from here on: name=errno, or (errno, which of them)."""
    numbers = CALLS[platform.machine()]
    load, answer = 0x20, 0x06
    program = []
    for name, error in calls.items():
        arguments = []
        if isinstance(error, tuple):
            error, (index, test, value) = error
            arguments = [(load, 0, 0, 16 + 8 * index), (test, 0, 1, value)]
        program += [(load, 0, 0, 0), (EQUALS, 0, len(arguments) + 1, numbers[name]), *arguments,
                    (answer, 0, 0, 0x00050000 | error)]
    program.append((answer, 0, 0, 0x7fff0000))
    code = b"".join(struct.pack("HBBI", *row) for row in program)
    buffer = ctypes.create_string_buffer(code, len(code))
    header = struct.pack("HxxxxxxP", len(program), ctypes.addressof(buffer))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(38, 1, 0, 0, 0) != 0 or libc.prctl(22, 2, header, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "seccomp")


def old_kernel():
    """What the library uses and Linux 2.6.18 does not know; flags of open: harness/faults.c."""
    refuse(statx=ENOSYS, name_to_handle_at=ENOSYS, pipe2=ENOSYS, socket=(EINVAL, FLAGS),
           fcntl=(EINVAL, DUPFD_CLOEXEC), madvise=(EINVAL, WIPEONFORK))


def has_generations(fd):
    """Whether the file system of an open file numbers the uses of an inode (FS_IOC_GETVERSION)."""
    try:
        fcntl.ioctl(fd, 0x80087601, bytes(8))
    except OSError:
        return False
    return True


class Page:
    """Of a process that runs, as another one finds it."""
    VERSION, LAST, LOST, WRITTEN, FAILED, ERROR, LIMITS = 0, 8, 12, 16, 32, 48, 80

    def __init__(self, pid):
        self.pid = pid
        self.address = None
        with open(f"/proc/{pid}/maps", encoding="utf-8") as maps, \
                open(f"/proc/{pid}/mem", "rb", 0) as memory:
            for low, high in re.findall(r"^(\w+)-(\w+) rw.*libsslharden", maps.read(), re.M):
                memory.seek(int(low, 16))
                data = memory.read(int(high, 16) - int(low, 16))
                at = data.find(b"sslharden's page 1\0")
                if at >= 0:
                    self.address = struct.unpack_from("Q", data, at + 24)[0]
                    self.lists = struct.unpack_from("=I3Q", data, at + 44)
        if not self.address:
            raise AssertionError("it has no page")
        assert self.word(self.VERSION) == 2 and self.word(4) == 4096

    def word(self, at):
        with open(f"/proc/{self.pid}/mem", "rb", 0) as memory:
            memory.seek(self.address + at)
            return struct.unpack("I", memory.read(4))[0]

    def set(self, at, value):
        with open(f"/proc/{self.pid}/mem", "r+b", 0) as memory:
            memory.seek(self.address + at)
            memory.write(struct.pack("I", value))

    def written(self, sink):
        return self.word(self.WRITTEN + 4 * SINKS.index(sink))

    def lost(self):
        return self.word(self.LOST)

    def limits(self):
        """Rows of lines that are told once a minute: second of the last, how many wait."""
        rows = [(self.word(self.LIMITS + 8 * i), self.word(self.LIMITS + 8 * i + 4))
                for i in range(64)]
        return {i: row for i, row in enumerate(rows) if row != (0, 0)}

    def unknown(self):
        """Of each list the places of names that its libssl does not know; None: nothing is taken."""
        asked, *sets = self.lists
        assert asked == 1
        return {name: None if bits >> 63 else {i for i in range(63) if bits >> i & 1}
                for name, bits in zip(("CIPHERS", "CIPHERSUITES", "GROUPS"), sets)}

    # struct shared_counts (shim/memory/shared.h), and what stands in it, in its order.
    COUNTS = 592
    CLASSES = ("other", "AEAD", "CBC", "RC4", "3DES", "weak")
    NAMES = ("SSLv2", "SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3")
    STRICTER = ("on", "TLSv1.1", "TLSv1.2", "TLSv1.3", "restricted", "intermediate", "modern")

    def counts(self):
        """What is not zero, by name: served as {(version, class, forward secrecy): count},
        stricter as {setting: (refused, unsure)}."""
        with open(f"/proc/{self.pid}/mem", "rb", 0) as memory:
            memory.seek(self.address + self.COUNTS)
            words = list(struct.unpack("126Q", memory.read(126 * 8)))

        def take(count):
            taken, words[:count] = words[:count], []
            return taken
        since, contexts = take(2)
        keys = [(v, c, f) for v in self.NAMES for c in self.CLASSES for f in (False, True)]
        served = dict(zip(keys, take(72)))
        resumed, certified, datagram = take(3)
        offered, newer = (dict(zip(self.NAMES, take(6))) for _ in range(2))
        refused = dict(enumerate(take(16)))
        stricter, last = {}, {}
        for name in self.STRICTER:
            *stricter[name], last[name] = take(3)
        some = {"served": served, "offered": offered, "newer": newer, "refused": refused,
                "stricter": {name: tuple(row) for name, row in stricter.items() if row != [0, 0]}}
        some = {name: {k: v for k, v in row.items() if v} for name, row in some.items()}
        return {"since": since, "contexts": contexts, "resumed": resumed, "certified": certified,
                "datagram": datagram, "last": last, **some}
