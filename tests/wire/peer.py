# SPDX-License-Identifier: MIT
"""Starts tests/harness's programs, with the library preloaded or bare.

The environment names what is tested (CMake sets it): SSLHARDEN_LIB, the
library; SSLHARDEN_PEER_DIR, the folder of one libssl's programs;
SSLHARDEN_PRELOAD_FIRST, a sanitizer's runtime, which has to come first;
SSLHARDEN_LOADER, a command that starts a program with another release's libc, or
that emulates another processor; SSLHARDEN_CROSS, 1 if it is another architecture;
SSLHARDEN_MODE, whether the library is preloaded (or loaded as an audit library).
"""
import atexit
import ctypes
import functools
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import certificates  # noqa: E402

LIB = os.environ["SSLHARDEN_LIB"]
DIR = os.environ["SSLHARDEN_PEER_DIR"]
PEER = os.path.join(DIR, "peer")
LOADER = os.environ.get("SSLHARDEN_LOADER", "").split()
CROSS = os.environ.get("SSLHARDEN_CROSS") == "1"
BUILD = os.path.dirname(DIR.rstrip("/"))
MUSL = os.path.basename(DIR.rstrip("/")) == "musl"  # all programs there are of this libc
HOST, BY_HANDLE = ((os.path.join(DIR if MUSL else BUILD, name),)
                   for name in ("plugin_host", "by_handle"))
# Neither a sanitizer's runtime nor another release's libc can be in an audit library's
# namespace beside this system's; musl has no audit interface.
AUDIT = [] if (os.environ.get("SSLHARDEN_PRELOAD_FIRST") or MUSL
               or any("ld-linux" in word for word in LOADER)) else ["audit", "both"]
MODES = ["preload", *AUDIT]
TIMEOUT = 60  # a hang guard, not an assertion
ABSENT = 77

VERSIONS = {0x300: "SSLv3", 0x301: "TLSv1", 0x302: "TLSv1.1", 0x303: "TLSv1.2", 0x304: "TLSv1.3"}
METHODS = {"SSLv3": "SSLv3", "TLSv1": "TLSv1", "TLSv1.1": "TLSv1_1", "TLSv1.2": "TLSv1_2"}


MODE = os.environ.get("SSLHARDEN_MODE", "preload")


def environment(shim=False, before=(), after=(), **variables):
    """shim: False, True (as MODE says), "preload", "audit", "both", or "twice" preloaded.

    before, after: other libraries to preload, on either side of ours.
    """
    env = {k: v for k, v in os.environ.items() if not k.startswith("SSLHARDEN")}
    env["OPENSSL_CONF"] = os.path.join(os.path.dirname(__file__), "empty.cnf")
    env.update(variables)
    shim = MODE if shim is True else shim
    # A bare program has nothing that needs a sanitizer's runtime (TSan's crashes dash then).
    ours = shim or before or after
    runtime = os.environ.get("SSLHARDEN_PRELOAD_FIRST") if ours else None
    preload = [p for p in (runtime, *before) if p]
    if shim and shim != "audit":
        preload += [LIB] * (2 if shim == "twice" else 1)
    if shim in ("audit", "both"):
        env["LD_AUDIT"] = LIB
    preload += after
    if preload:
        env["LD_PRELOAD"] = ":".join(preload)
    return env


def run(*words, shim=False, program=(PEER,), **variables):
    """Lines of the program, standard error after standard output."""
    done = subprocess.run([*LOADER, *program, *words], env=environment(shim, **variables), text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=TIMEOUT)
    if done.returncode == ABSENT:
        raise unittest.SkipTest(done.stdout.strip().splitlines()[-1])
    if done.returncode != 0:
        raise AssertionError(f"{words}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout.splitlines() + done.stderr.splitlines()


def field(lines, name):
    """What follows the first line that starts with a name."""
    for line in lines:
        if line.startswith(name + " "):
            return line[len(name) + 1:]
    raise AssertionError(f"no {name} in {lines}")


def options(lines, name="options"):
    return int(field(lines, name).split()[-1], 16)


@functools.lru_cache(None)
def has(*words):
    try:
        run(*words)
    except unittest.SkipTest:
        return False
    return True


@functools.lru_cache(None)
def flexible(role):
    """The name of the flexible method of a role: '', 'server' or 'client'."""
    suffix = f"_{role}_method" if role else "_method"
    return ("TLS" if has("new:TLS_method") else "SSLv23") + suffix


@functools.lru_cache(None)
def modern():
    """OpenSSL 1.1.0 and later."""
    return has("new:TLS_method")


def ciphers_word(ciphers="ALL"):
    """Security levels came with 1.1.0; level 0 lets old versions be tried at all."""
    return f"ciphers:{ciphers}" + (":@SECLEVEL=0" if modern() else "")


# What is so of a libssl from a release on.
TRAITS = {
    "a connection can be moved": 0x0090806f,
    "options can be taken back": 0x009080df,
    "it tells a suite's number": 0x10001000,
    "SSL 2.0 is off, or not there": 0x1000113f,  # but for 1.0.2 to 1.0.2f
    "it has ECDHE without being asked": 0x10100000,
    "its own lists begin with forward secrecy": 0x10100000,  # before, with 256 bits
    "it knows what suites a client offered": 0x10100000,
    "one that may serve nothing reads no hello": 0x10101000,
    "a client may renegotiate only where it is allowed": 0x30000000,
    "DH parameters may be a key": 0x30000000,
    "level 1 is without TLS 1.0": 0x30000000,
}


def since(trait):
    return runs() >= TRAITS[trait]


def without_order(log):
    """What a server with libssl's own list says is not said of its order, where that earns a line."""
    return [line for line in log if since("its own lists begin with forward secrecy")
            or "a cipher without forward secrecy before" not in line]


@functools.lru_cache(None)
def certificate(key="rsa"):
    """A throw-away self-signed certificate and its key in one PEM file: "rsa", "enc" (of RSA, that may
    only decrypt) or of another kind of key."""
    folder = tempfile.mkdtemp(prefix="sslharden-cert-")
    atexit.register(shutil.rmtree, folder)
    both = os.path.join(folder, "both.pem")
    more = ("-addext", "keyUsage=keyEncipherment") if key == "enc" else ()
    certificates.both(both, key if key in certificates.KEYS else "pkcs1", *more)
    return both


class Server:
    """A peer that serves on a free port of loopback until its count is used up."""

    def __init__(self, *words, count=1, how="accept", shim=False, program=(PEER,), prepare=None,
                 **variables):
        command = [*LOADER, *program, *words, f"serve:{count}:{how}"]
        self.process = subprocess.Popen(command, env=environment(shim, **variables), text=True,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        preexec_fn=prepare)
        self.lines = []
        for line in self.process.stdout:  # readiness: the port is printed once it listens
            self.lines.append(line.rstrip("\n"))
            if line.startswith("port "):
                self.port = int(line.split()[1])
                return
        self.process.wait()
        errors = self.process.stderr.read()
        self.process.stdout.close()
        self.process.stderr.close()
        if self.process.returncode == ABSENT:
            raise unittest.SkipTest(self.lines[-1])
        raise AssertionError(f"{command}: exit {self.process.returncode}\n{self.lines}\n{errors}")

    def line(self):
        """The next one that it prints, once it is there."""
        self.lines.append(self.process.stdout.readline().rstrip("\n"))

    def outcome(self):
        """Waits for how the next handshake ended, of which it prints more lines than that one."""
        self.line()
        while not self.lines[-1].startswith(("served", "refused")):
            self.line()

    def end(self):
        out, err = self.process.communicate(timeout=TIMEOUT)
        self.lines += out.splitlines()
        self.log = err.splitlines()
        if self.process.returncode == ABSENT:
            raise unittest.SkipTest(self.lines[-1])
        if self.process.returncode != 0:
            raise AssertionError(f"server: exit {self.process.returncode}\n{self.lines}\n{err}")
        return self.lines

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        if self.process.poll() is None:
            self.process.kill()
            self.process.communicate()
        else:
            self.process.stdout.close()
            self.process.stderr.close()


@functools.lru_cache(None)
def pins():
    """Whether this libssl has methods of one version: 4.0 has none any more."""
    return has("new:TLSv1_client_method") or has("new:TLSv1_2_client_method")


def client_words(version=None, ciphers="ALL"):
    """A client of one version only, or of every version (None)."""
    if not version:
        return [f"new:{flexible('client')}", ciphers_word(ciphers)]
    if not pins():  # bounds it has, and has never had SSL 3.0
        number = next(n for n, v in VERSIONS.items() if v == version)
        if version == "SSLv3":
            raise unittest.SkipTest("this libssl has no SSL 3.0")
        return [f"new:{flexible('client')}", f"min:{number:x}", f"max:{number:x}",
                ciphers_word(ciphers)]
    return [f"new:{METHODS[version]}_client_method", ciphers_word(ciphers)]


def ask(server_words, version=None, how="accept", shim=False, ciphers="ALL", program=(PEER,),
        server_ciphers="ALL", client=(), key="rsa", **variables):
    """One handshake: the version (None if refused), the cipher and the server's lines.
    client: more words of the client's.  key: the kind of the server's."""
    words = [server_words[0], ciphers_word(server_ciphers), f"cert:{certificate(key)}",
             *server_words[1:]]
    with Server(*words, how=how, shim=shim, program=program, **variables) as server:
        lines = run(*client_words(version, ciphers), *client, f"connect:{server.port}")
        server.end()
    if lines[-1].startswith("failed"):
        return None, None, server
    negotiated, cipher = field(lines, "connected").split()[:2]
    return negotiated, cipher, server


@functools.lru_cache(None)
def finds_without_a_lock():
    """Whether the C library of what is tested can (2.35); under LOADER it is that release's."""
    return bool(LOADER) or not MUSL and hasattr(ctypes.CDLL(None), "_dl_find_object")


@functools.lru_cache(None)
def newest():
    """The newest version that this libssl speaks with itself."""
    return ask([f"new:{flexible('server')}"])[0]


@functools.lru_cache(None)
def speaks(version):
    """Whether a flexible server of this libssl serves a client of one version, bare."""
    try:
        return ask([f"new:{flexible('server')}"], version)[0] == version
    except unittest.SkipTest:
        return False


@functools.lru_cache(None)
def about():
    words = field(run("about"), "about").split()
    return int(words[1], 16), int(words[3], 16)


@functools.lru_cache(None)
def has_suite(name):
    return field(run(f"new:{flexible('server')}", f"ciphers:{name}"), "list") == "1"


def with_curves(test):
    """For a test that names suites of elliptic curves: Red Hat's libssl has none before RHEL 6.5."""
    @functools.wraps(test)
    def run_it(case):
        if not has_suite("ECDHE-RSA-AES128-SHA"):
            case.skipTest("this libssl has no elliptic curves")
        test(case)
    return run_it


def policy():
    """What the library adds to a server context: the bits of this libssl's own headers."""
    return about()[0]


def version():
    """OPENSSL_VERSION_NUMBER of the headers."""
    return about()[1]


@functools.lru_cache(None)
def runs():
    """The version number that the libssl itself answers; not its headers' under LOADER."""
    return int(field(run("about"), "about").split()[5], 16)


def named():
    """The same in words, as a pattern: "OpenSSL 3.0.22", "OpenSSL 1.1.1w", and of Red Hat's "1.0.1e-fips"."""
    major, minor, fix, patch = (runs() >> bits & 0xff for bits in (28, 20, 12, 4))
    if major >= 3:
        return rf"OpenSSL {major}\.{minor}\.{patch}(-(dev|(alpha|beta)\d+))?"
    letters = "z" * (patch > 25) + (chr(ord("a") + (patch - 1) % 25) if patch else "")
    return rf"OpenSSL {major}\.{minor}\.{fix}{letters}(-fips)?"
