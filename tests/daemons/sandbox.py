# SPDX-License-Identifier: MIT
"""A small machine for one server: its own processes, network, and files.

The process that uses this was started by unshare(1) as the first of its process
namespace, so that all ends with it; nothing that is mounted here is seen outside.  The
files are the unpacked layers under a file system in memory, which takes what is written.
"""
import fcntl
import json
import os
import pathlib
import re
import shlex
import shutil
import signal
import socket
import struct
import subprocess
import sys
import time

from server import TLS

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import certificates  # noqa: E402

UNSHARE = ["unshare", "--mount", "--net", "--ipc", "--uts", "--pid", "--fork", "--kill-child",
           "--mount-proc"]
ABSENT = 77  # CTest's exit status for a skipped test
GUARD = 180  # against hanging, not an assertion
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
LIB = "/usr/lib/libsslharden.so"
ONLOOKER, TOLD = "/usr/lib/libtell.so", "/var/log/tell"  # tests/harness/tell.c, and its file
LOG = "/var/log/sslharden.log"
OUTPUT = "/var/log/server.log"
# The first user of a description; others follow.
FIRST_ID = 500
# A system whose administrator had old clients.  Programs that do not choose ciphers
# themselves get these.
OPENSSL_CNF = """
openssl_conf = init
[init]
ssl_conf = ssl
[ssl]
system_default = lax
[lax]
CipherString = ALL:@SECLEVEL=0
"""
# Debian's libssl begins with TLS 1.2 unless told.
OLD_VERSIONS = OPENSSL_CNF + "MinProtocol = TLSv1\n"


class Failed(Exception):
    """The server does not do what its description says."""


def absent(why):
    """Ends a test that cannot run here; where all has to be here, as a failure."""
    print(f"skipped: {why}")
    sys.exit(1 if os.environ.get("CI") == "true" else ABSENT)


def possible():
    probe = """mount -t tmpfs none /mnt && mkdir /mnt/upper /mnt/work &&
        mount -t overlay -o lowerdir=/,upperdir=/mnt/upper,workdir=/mnt/work none /mnt"""
    return subprocess.run([*UNSHARE, "sh", "-c", probe], check=False,
                          stderr=subprocess.DEVNULL).returncode == 0


def needed():
    if not possible():
        absent("a sandbox needs root, and file systems mounted over others")


def run(*words, **more):
    return subprocess.run(words, check=True, text=True, timeout=GUARD, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, **more).stdout


def loopback_up():
    """As ip link set lo up; SIOCGIFFLAGS and SIOCSIFFLAGS are 0x8913 and 0x8914, IFF_UP is 1."""
    with socket.socket() as s:
        request = fcntl.ioctl(s, 0x8913, struct.pack("16sH14x", b"lo", 0))
        flags = struct.unpack("16sH14x", request)[1]
        fcntl.ioctl(s, 0x8914, struct.pack("16sH14x", b"lo", flags | 1))


class Sandbox:
    def __init__(self, server, layers, place, library=None, onlooker=None):
        """layers: folders, the topmost first.  place: an empty folder.  The others: preloaded."""
        self.server = server
        self.preloaded = {}  # what is copied, by the path that it gets, the first first
        if onlooker:
            self.preloaded[ONLOOKER] = onlooker
        if library:
            self.preloaded[LIB] = library
        self.process = None
        loopback_up()
        socket.sethostname("localhost")
        run("mount", "-t", "tmpfs", "-o", "mode=755", "sandbox", place)
        place = pathlib.Path(place)
        self.root = place / "root"
        for name in ("upper", "work", "root"):
            (place / name).mkdir()
        run("mount", "-t", "overlay", "overlay", str(self.root), "-o",
            f"lowerdir={':'.join(layers)},upperdir={place}/upper,workdir={place}/work")
        self.furnish()

    def path(self, name):
        return self.root / name.lstrip("/")

    def write(self, name, text):
        path = self.path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_symlink():
            path.unlink()
        path.write_text(text, "utf-8")
        if text.startswith("#!"):
            path.chmod(0o755)

    def furnish(self):
        for name, mode in (("proc", 0o555), ("dev", 0o755), ("tmp", 0o1777), ("run", 0o755),
                           ("var/tmp", 0o1777), ("var/log", 0o755)):
            self.path(name).mkdir(parents=True, exist_ok=True)
            self.path(name).chmod(mode)
        run("mount", "-t", "proc", "proc", str(self.path("proc")))
        run("mount", "--rbind", "/dev", str(self.path("dev")))
        run("mount", "-t", "tmpfs", "-o", "mode=1777", "shm", str(self.path("dev/shm")))
        self.write("/etc/ssl/openssl.cnf", OPENSSL_CNF)
        self.write("/etc/hosts", "127.0.0.1 localhost localhost.localdomain\n")
        self.write("/etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files\n")
        self.users()
        for name in (LOG, OUTPUT, TOLD):
            self.write(name, "")
            self.path(name).chmod(0o666)  # daemons write when they are somebody else already
        for name, file in self.preloaded.items():
            shutil.copy(file, self.path(name))
        self.certificates()
        for name, text in self.server.files.items():
            self.write(name, text)
        if self.server.prepare:
            self.shell(f"set -e\n{self.server.prepare}")

    def users(self):
        for file, line in (("passwd", "{0}:x:{1}:{1}::/var/lib/{0}:/bin/sh\n"),
                           ("group", "{0}:x:{1}:\n")):
            text = self.path(f"usr/share/base-passwd/{file}.master").read_text("utf-8")
            lines = [line.format(user, FIRST_ID + i) for i, user in enumerate(self.server.users)]
            self.write(f"/etc/{file}", text + "".join(lines))

    def certificates(self):
        folder = self.path(TLS)
        folder.mkdir(parents=True)
        for cert, key, name, subject in (("cert", "key", "server", "/CN=localhost"),
                                         ("client", "clientkey", "client", "/CN=client")):
            shutil.copy(certificates.key(name), folder / f"{key}.pem")
            certificates.certificate(folder / f"{cert}.pem", name, "-addext",
                                     "subjectAltName=DNS:localhost", subject=subject)
        both = (folder / "cert.pem").read_text() + (folder / "key.pem").read_text()
        (folder / "both.pem").write_text(both)
        for name in ("key.pem", "both.pem"):
            (folder / name).chmod(0o600)

    def renew(self):
        """Another certificate for the same key, as an administrator puts it there."""
        folder = self.path(TLS)
        certificates.certificate(folder / "new.pem", "server", subject="/CN=renewed")
        # Another file: nginx 1.27 and later reads none again that seems to be the same.
        (folder / "new.pem").rename(folder / "cert.pem")
        both = (folder / "cert.pem").read_text() + (folder / "key.pem").read_text()
        (folder / "both.pem").write_text(both)

    def shell(self, line, timeout=GUARD, **more):
        """Runs a shell line in the server's files, never with the library."""
        done = subprocess.run(["chroot", str(self.root), "/usr/bin/env", "-i", f"PATH={PATH}",
                               "/bin/bash", "-c", line], text=True, timeout=timeout,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, check=False, **more)
        if done.returncode != 0:
            raise Failed(f"{line}: exit {done.returncode}\n{done.stdout}\n{self.output()}")
        return done.stdout

    def preload(self):
        """The variables that libraries are loaded and set by; or else the files."""
        settings = {"SSLHARDEN_LOG": LOG, "SSLHARDEN_LOG_LEVEL": "info"}
        names = ":".join(self.preloaded)
        if not self.server.by_file:
            return {"LD_PRELOAD": names, **settings}
        self.write("/etc/ld.so.preload", f"{names}\n")
        settings |= {k: v for k, v in self.server.environment.items() if k.startswith("SSLHARDEN")}
        self.write("/etc/sslharden.conf",
                   "[*]\n" + "".join(f"{k} = {v}\n" for k, v in settings.items()))
        return {}

    def start(self):
        variables = {"PATH": PATH, "HOME": "/root", "LANG": "C.UTF-8"}
        if self.preloaded:
            variables |= self.preload()
        variables |= self.server.environment
        words = shlex.split(self.server.command)
        with open(self.path(OUTPUT), "a", encoding="utf-8") as output:
            self.process = subprocess.Popen(
                ["chroot", str(self.root), "/usr/bin/env", "-i",
                 *(f"{k}={v}" for k, v in variables.items()), *words],
                stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True)
        self.wait(self.serves)

    def serves(self):
        try:
            socket.create_connection(("127.0.0.1", self.server.port), GUARD).close()
            if self.server.ready:
                self.shell(self.server.ready)
        except (OSError, Failed):
            return False
        return True

    def wait(self, condition):
        """Until a condition holds: asked again and again, as long as the server lives."""
        end = time.monotonic() + GUARD
        while not condition():
            if self.process.poll() is not None:
                raise Failed(f"it ended: exit {self.process.returncode}\n{self.output()}")
            if time.monotonic() > end:
                raise Failed(f"{condition.__name__}: not within {GUARD} s\n{self.output()}")
            time.sleep(0.02)

    def wait_for_line(self, lines):
        """
        Until its log has some, and what it has then.  One start of Dovecot in thirty, bare too,
        what a login process wrote comes only when the next one is made: so it is connected to anew.
        """
        def speaks():
            return lines(self) or (self.serves() and lines(self))
        self.wait(speaks)
        return lines(self)

    def reload(self):
        self.shell(f"PID={self.process.pid}\n{self.server.reload}")

    def output(self):
        """What the server said."""
        return "\n".join(self.path(name).read_text("utf-8", "replace")[-6000:]
                         for name in (OUTPUT, LOG))

    def tells(self, measure, *faults):
        """Prints what measure finds, or which fault it ended with, as JSON, and ends it all."""
        try:
            told = measure()
        except (Failed, OSError, EOFError, ValueError, *faults) as fault:
            told = {"failed": f"{type(fault).__name__}: {fault}\n{self.output()}"}
        print(json.dumps(told))
        sys.stdout.flush()
        os._exit(0)  # the namespace ends, and with it every process

    def log(self):
        return "".join(self.path(name).read_text("utf-8", "replace") for name in (LOG, OUTPUT))

    def told(self):
        """The option words of the connections that the onlooker saw."""
        count, *words = struct.unpack("=512Q", self.path(TOLD).read_bytes().ljust(4096, b"\0"))
        return [word for word in words[:count] if word]  # or else it is about to be written

    def mapped(self):
        """
        Base names of the libraries in each of the server's processes; not of one that has no libc:
        it has just executed a program, whose libraries are still to be loaded.
        """
        found = []
        for maps in pathlib.Path("/proc").glob("[0-9]*/maps"):
            if maps.parent.name == str(os.getpid()):
                continue
            try:
                lines = maps.read_text("utf-8").splitlines()
            except OSError:  # it is gone
                continue
            names = {os.path.basename(line.split()[-1]) for line in lines if "/" in line}
            if any(re.match(r"libc[.-]", name) for name in names):  # a zombie has nothing at all
                found.append(names)
        return found

    @staticmethod
    def end():
        os.kill(-1, signal.SIGKILL)
