# SPDX-License-Identifier: MIT
"""Sequences of calls, as text, and what a player answers to them.

A file (.seq) has comments, settings and calls:

    # bare tls1.3: refused          what is expected of whom (judge.py)
    env SSLHARDEN_CIPHERS=HIGH      the library's settings, for the hardened run
    cnf MinProtocol=TLSv1.2         OpenSSL's configuration, for both
    new A TLSv1_2_server_method     calls: tests/sequences/player.c
    serve a accept *                * stands for each client in turn
"""
import atexit
import dataclasses
import functools
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import certificates  # noqa: E402

STAR = r" \*(?=(\+\w+)?$)"
TIMEOUT = 120  # a hang guard for a batch, not an assertion
CHUNK = 400

TLS_CLIENTS = ("ssl2", "ssl3", "tls1", "tls1.1", "tls1.2", "tls1.3", "upto1.1", "upto1.2",
               "from1.2", "any", "tls1.2+rev", "any+rev", "any+v2")
DTLS_CLIENTS = ("dtls1", "dtls1.2", "dtls")
# A word of the server's, and the clients that it is for.
SPECIAL = (("psk ", ("tls1+psk", "tls1.2+psk", "any+psk", "tls1.3+psk")),
           ("hint ", ("tls1.2+hint", "any+hint")),
           ("srp ", ("tls1+srp", "tls1.2+srp", "any+srp")),
           ("psk13 ", ("any+psk13", "tls1.3+psk13")),
           ("alpn ", ("tls1.2+alpn", "any+alpn")),
           ("npn ", ("tls1.2+npn", "any+npn")),
           ("fragment ", ("tls1.2+frag", "any+frag")),
           ("verify ", ("tls1.2+cert", "any+cert", "any+eccert")),
           ("extension ", ("tls1.2+ext", "any+ext")),
           (r"ciphers \S+ AES256", ("tls1.3+aes128", "any+aes128")),
           (r"cert \S+ k256", ("tls1+k256", "tls1.2+k256", "any+k256")),
           (r"cert \S+ (pss|ed)", ("tls1.2+plain", "any+plain")),
           ("groups ", ("any+p384",)),
           ("tmpecdh ", ("any+p384",)))


@dataclasses.dataclass(frozen=True)
class Sequence:
    lines: tuple
    env: tuple = ()     # (name, value)
    cnf: tuple = ()
    comments: tuple = ()
    name: str = ""

    def text(self):
        lines = [f"# {comment}" for comment in self.comments]
        lines += [f"env {name}={value}" for name, value in self.env]
        lines += [f"cnf {name}={value}" for name, value in self.cnf]
        return "\n".join([*lines, *self.lines]) + "\n"

    def clients(self):
        """Those that its * stands for; one empty name where it has none."""
        if not any(re.search(STAR, line) for line in self.lines):
            return ("",)
        text = "\n".join(self.lines) + "\n"
        names = []
        if re.search(r"\bDTLS", text):
            names += DTLS_CLIENTS
        if re.search(r"\b(TLS|SSL)v?[0-9_]", text):
            names += TLS_CLIENTS
        if self.env and "tls1.2" in names:  # a list of the operator's may have such suites
            names.append("tls1.2+anon")
        for word, more in SPECIAL:
            if re.search(rf"(^|\s){word}", text):
                names += [n for n in more if n not in names]
        return tuple(names)

    def calls(self, client):
        return [re.sub(STAR, " " + client, line) for line in self.lines]


def parse(text, name=""):
    comments, env, cnf, lines = [], [], [], []
    for line in text.splitlines():
        line = line.rstrip()
        word, _, rest = line.partition(" ")
        if word == "#":
            comments.append(rest)
        elif word in ("env", "cnf"):
            key, _, value = rest.partition("=")
            (env if word == "env" else cnf).append((key, value))
        elif line and word != "seq" and line != "end":
            lines.append(line)
    return Sequence(tuple(lines), tuple(env), tuple(cnf), tuple(comments), name)


def read(path):
    with open(path, encoding="utf-8") as file:
        return parse(file.read(), os.path.splitext(os.path.basename(path))[0])


# --- what a player answers --------------------------------------------------------------------

@dataclasses.dataclass
class Entry:
    line: str       # the call
    answer: str     # what it returned
    rest: str       # errno and the error queue
    details: list   # what happened in it

    def detail(self, start):
        for line in self.details:
            if line.startswith(start + " "):
                return line[len(start) + 1:]
        return ""


@dataclasses.dataclass
class Trace:
    entries: list = dataclasses.field(default_factory=list)
    absent: str = ""
    crash: str = ""

    def drives(self):
        return [e for e in self.entries if e.line.startswith(("serve ", "dial "))]

    def text(self):
        lines = []
        for entry in self.entries:
            lines += ["      " + d for d in entry.details]
            lines.append(f"  {entry.line} = {entry.answer} {entry.rest}")
        return "\n".join(lines + [f"  absent {self.absent}"] * bool(self.absent)
                         + [f"  {self.crash}"] * bool(self.crash))


def read_trace(lines):
    trace, details = Trace(), []
    for line in lines:
        if line.startswith(" "):
            details.append(mask(line.strip()))
        elif line.startswith("absent "):
            trace.absent = line[7:]
        else:
            call, _, answer = line.partition(" = ")
            match = re.match(r"(.*?)( errno .*)?$", answer)
            trace.entries.append(Entry(call, match[1], (match[2] or "").strip(), details))
            details = []
    return trace


def mask(line):
    if not line.startswith("hello "):
        return line
    _, count, text = (line + " ").split(" ")[:3]
    return f"hello {count} {masked_hello(bytes.fromhex(text)).hex()}"


def masked_hello(data):
    """Without what a client draws at random, and the time."""
    data = bytearray(data)
    if len(data) > 11 and data[0] & 0x80 and data[2] == 1:  # SSL 2's form: the challenge is last
        size = int.from_bytes(data[9:11], "big")
        data[len(data) - size:] = bytes(size)
        return bytes(data)
    if data[:1] != b"\x16":
        return bytes(data)
    try:
        at = 13 + 12 if data[1] == 0xfe else 5 + 4
        data[at + 2:at + 34] = bytes(32)
        at += 34
        data[at + 1:at + 1 + data[at]] = bytes(data[at])
        at += 1 + data[at]
        if data[1] == 0xfe:
            at += 1 + data[at]
        at += 2 + int.from_bytes(data[at:at + 2], "big")
        at += 1 + data[at] + 2
        mask_extensions(data, at)
    except IndexError:
        pass
    return bytes(data)


def mask_extensions(data, at):
    while at + 4 <= len(data):
        kind = int.from_bytes(data[at:at + 2], "big")
        size = int.from_bytes(data[at + 2:at + 4], "big")
        start, end = at + 4, at + 4 + size
        if kind in (35, 41):  # a ticket, a key
            data[start:end] = bytes(size)
        share = start + 2
        while kind == 51 and share + 4 <= end:
            length = int.from_bytes(data[share + 2:share + 4], "big")
            data[share + 4:share + 4 + length] = bytes(length)
            share += 4 + length
        at = end


# --- running it -------------------------------------------------------------------------------

@functools.lru_cache(None)
def folder():
    path = tempfile.mkdtemp(prefix="sslharden-sequences-")
    atexit.register(shutil.rmtree, path)
    return path


@functools.lru_cache(None)
def credentials():
    """The folder of self-signed certificates, each with its key in one file."""
    path = os.path.join(folder(), "certificates")
    os.mkdir(path)
    for key in ("rsa", "ec", "k256", "enc", "p521", "pss", "ed25519", "ed448"):
        more = ("-addext", "keyUsage=keyEncipherment") if key == "enc" else ()
        certificates.both(os.path.join(path, f"{key}.pem"),
                          key if key in certificates.KEYS else "pkcs1", *more)
    return path


@functools.lru_cache(None)
def configuration(cnf):
    """Sections that the word config names, and the system's own defaults."""
    path = os.path.join(folder(), f"{abs(hash(cnf))}.cnf")
    with open(path, "w", encoding="ascii") as out:
        out.write("openssl_conf = all\n[all]\nssl_conf = ssl\n[ssl]\n"
                  "strict = strict\nlax = lax\nnoold = noold\n"
                  + ("system_default = system\n" if cnf else "") +  # it may not be empty
                  "[strict]\nMinProtocol = TLSv1.2\n"
                  "[lax]\nOptions = -ServerPreference\nProtocol = ALL\n"
                  "[noold]\nProtocol = -TLSv1,-TLSv1.1\n[system]\n"
                  + "".join(f"{key} = {value}\n" for key, value in cnf))
    return path


@dataclasses.dataclass
class Libssl:
    """A libssl's player, and how it is started."""
    name: str
    player: str
    loader: tuple = ()
    library: str = ""   # ours
    first: str = ""     # a sanitizer's runtime, which has to come before it
    crashes: int = 0

    def environment(self, mode, env, cnf):
        out = {k: v for k, v in os.environ.items() if not k.startswith(("SSLHARDEN", "LD_"))}
        out.update(OPENSSL_CONF=configuration(cnf), PLAYER_CERTIFICATES=credentials())
        if mode != "bare":
            out["LD_PRELOAD"] = ":".join(filter(None, (self.first, self.library)))
            out.update(env)
            if mode != "hardened":
                out["SSLHARDEN"] = mode
        return out

    def start(self, text, mode, env, cnf):
        try:
            done = subprocess.run([*self.loader, self.player], input=text, text=True,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=TIMEOUT,
                                  env=self.environment(mode, env, cnf), errors="replace")
        except subprocess.TimeoutExpired as late:
            return (late.stdout or b"").decode(errors="replace"), "hang"
        if done.returncode == 3:
            raise RuntimeError(done.stderr)
        return done.stdout, f"exit {done.returncode}" if done.returncode else ""

    def play(self, plays, mode, env=(), cnf=()):
        """The traces of lists of calls. A crash is that of the sequence that it came in."""
        traces = []
        while len(traces) < len(plays):
            part = plays[len(traces):len(traces) + CHUNK]
            text = "".join(f"seq {i}\n" + "".join(c + "\n" for c in calls) + "end\n"
                           for i, calls in enumerate(part))
            out, crash = self.start(text, mode, env, cnf)
            blocks = re.split(r"^seq \d+\n", out, flags=re.M)[1:]
            for block in blocks:
                traces.append(read_trace(block.removesuffix("end\n").splitlines()))
            if crash:
                if not blocks:
                    raise RuntimeError(f"{self.name}, {mode}: {crash} before any sequence")
                traces[-1].crash = crash
        return traces

    @functools.cached_property
    def about(self):
        out, _ = self.start("", "bare", (), ())
        return out.splitlines()

    @property
    def version(self):
        return int(self.about[0].split()[1], 16)

    @property
    def safe(self):
        return int(self.about[0].split()[3], 16)

    @property
    def symbolic(self):
        return self.about[0].split()[5] == "1"

    def option(self, name):
        for line in self.about:
            if line.startswith(f"option {name} "):
                return int(line.split()[2], 16)
        return 0
