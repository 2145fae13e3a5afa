# SPDX-License-Identifier: MIT
"""Calls the command, and makes programs for it to look at.

The environment names what is tested (CMake sets it): SSLHARDEN_COMMAND, the command;
SSLHARDEN_LIB, the library; SSLHARDEN_PEER_DIR, tests/harness's programs; SSLHARDEN_CC, a
compiler.
"""
import collections
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import certificates  # noqa: E402

COMMAND = os.environ["SSLHARDEN_COMMAND"]
LIB = os.environ["SSLHARDEN_LIB"]
PEER = os.path.join(os.environ["SSLHARDEN_PEER_DIR"], "peer")
CC = os.environ["SSLHARDEN_CC"]
TIMEOUT = 60  # a hang guard, not an assertion


Work = collections.namedtuple("Work", "calls read")


def sanitizer():
    """The runtime that the library is linked with ("asan", "tsan"), or None."""
    with open(LIB, "rb") as file:
        found = re.search(rb"\0lib([at]san)\.so", file.read())
    return found and found[1].decode()


def environment(**variables):
    env = {k: v for k, v in os.environ.items()
           if not k.startswith("SSLHARDEN") and k != "LD_PRELOAD"}
    env |= {"OPENSSL_CONF": "/dev/null", "LC_ALL": "C",
            "ASAN_OPTIONS": "detect_leaks=0:verify_asan_link_order=0", **variables}
    return env


def call(*words, code=0, user=None, **variables):
    """What the command printed, on standard output and on standard error.  code None: any."""
    who = {} if user is None else {"user": user, "group": user, "extra_groups": []}
    done = subprocess.run([COMMAND, *words], env=environment(**variables), text=True, check=False,
                          **who, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=TIMEOUT)
    if code is not None and done.returncode != code:
        raise AssertionError(f"{words}: exit {done.returncode}, not {code}\n"
                             f"{done.stdout}{done.stderr}")
    return done.stdout, done.stderr


def document(*words, code=0, **variables):
    return json.loads(call(*words, code=code, **variables)[0])


def file_capability(path):
    """Gives a file cap_net_bind_service, effective (capability.h, VFS_CAP_REVISION_2)."""
    os.setxattr(path, "security.capability", struct.pack("<5I", 0x02000001, 1 << 10, 0, 0, 0))


class Case(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="sslharden-cli-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text, mode=0o755):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(self.path(name), mode)
        return self.path(name)

    def certificate(self):
        """Makes cert.pem, its key.pem, and both.pem."""
        certificates.certificate(self.path("cert.pem"), "server")
        shutil.copy(certificates.key("server"), self.path("key.pem"))
        certificates.both(self.path("both.pem"), "server")

    def work(self, *words, code=0):
        """How much the command does: system calls, and bytes that are read by them."""
        if shutil.which("strace") is None:
            self.skipTest("no strace, which counts what is done")
        trace = self.path("trace")
        done = subprocess.run(["strace", "-f", "-o", trace, COMMAND, *words], env=environment(),
                              capture_output=True, check=False, timeout=TIMEOUT)
        self.assertEqual(done.returncode, code, done.stderr)
        with open(trace, encoding="utf-8", errors="replace") as file:
            text = file.read()
        read = re.findall(r"\b(?:read|pread64)\(.* = (\d+)$", text, re.M)
        return Work(text.count("\n"), sum(map(int, read)))

    def build(self, name, *flags, source="int main(void) { return 0; }"):
        """Compiles C source to a file of that name."""
        subprocess.run([CC, "-x", "c", "-", "-x", "none", "-w", "-o", self.path(name), *flags],
                       input=source, text=True, check=True, timeout=TIMEOUT)
        return self.path(name)

    def library(self, name, source="int nothing;", *flags):
        return self.build(name, "-shared", "-fPIC", f"-Wl,-soname={os.path.basename(name)}", *flags,
                          source=source)
