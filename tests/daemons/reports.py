# SPDX-License-Identifier: MIT
"""reports.py NAME: what sslharden report tells of a server is what a script of clients did, before a
reload and after it, when the processes that served have ended.  The environment is matrix.py's, and
SSLHARDEN_COMMAND, the command.

reports.py NAME LAYERS PLACE LIBRARY NAME=VALUE...: it, in a sandbox, as JSON.
"""
import collections
import dataclasses
import json
import os
import pathlib
import re
import subprocess
import sys

import client
import layers
import matrix
import sandbox
from server import PORT

FLOOR = "SSLHARDEN_MIN_PROTOCOL=TLSv1.1"
COUNTS_IN = "SSLHARDEN_COUNTS_IN"
# Whose reload is not told by its description, which is of those that take another certificate.
RELOADS = {"vsftpd": "kill -HUP $PID"}
WORKERS = {"nginx": "nginx", "postfix": "smtpd", "dovecot": "imap-login"}  # by their names: a reload ends them
# Whose master executes them: each counts for itself, or with the setting all of them in one place.
MASTERS = {"postfix": "/usr/lib/postfix/sbin/master", "dovecot": "/usr/sbin/dovecot"}
AT_ONCE = ["dovecot"]  # one ends with its client, and what it counted: nothing to tell of those
# What curl is told for the plain words; and FTP's data in plain, which would be more handshakes.
CURL = {"": ["https"], "smtp": ["smtp", "--ssl-reqd"], "ftp": ["ftp", "--ftp-ssl-control"]}
CIPHERS = "ALL:@SECLEVEL=0"


def command(*words):
    """What a bare client says."""
    return subprocess.run(words, input="", text=True, stdout=subprocess.PIPE, check=False,
                          stderr=subprocess.STDOUT, timeout=sandbox.GUARD,
                          env={"PATH": sandbox.PATH, "OPENSSL_CONF": "/dev/null"}).stdout


def openssl(server, version, *more):
    """Whether s_client is served, and resumes."""
    plain = ["-starttls", server.starttls] if server.starttls else []
    said = command("openssl", "s_client", "-connect", f"127.0.0.1:{PORT}", *plain, "-cipher", CIPHERS,
                   "-" + version.lower().replace("v", "").replace(".", "_"), *more)
    kind, cipher = re.search(r"^(New|Reused), .*, Cipher is (\S+)$", said, re.M).groups()
    return cipher != "(NONE)", kind == "Reused"


def curl(server, version):
    scheme, *more = CURL[server.starttls]
    number = version.removeprefix("TLSv")
    number = number if "." in number else f"{number}.0"
    said = command("curl", "-kv", *more, "--ciphers", CIPHERS, f"--tlsv{number}", "--tls-max", number,
                   f"{scheme}://127.0.0.1:{PORT}/")
    return f"SSL connection using {version}" in said


class Script:
    """Clients, and what each got."""

    def __init__(self, server, box):
        self.server, self.box = server, box
        self.begin()

    def begin(self):
        self.client = client.Client(self.server, self.box)
        self.got = []
        self.refused = 0

    def connect(self, context, session=None):
        s, handshake = self.client.connect(context, session)
        self.got.append(handshake)
        return s

    def play(self):
        for version, times in (("TLSv1.1", 1), ("TLSv1.2", 2), ("TLSv1.3", 3)):
            for _ in range(times):
                self.connect(self.client.context(version, version)).close()
        self.connect(self.client.context("TLSv1.2", "TLSv1.2", ["AES128-SHA"])).close()
        self.note("TLSv1", self.client.handshake("TLSv1", "TLSv1") is not None)
        context = self.client.context("TLSv1.2", "TLSv1.2")
        s = self.connect(context)
        session = s.session
        s.close()
        if session is not None and (session.id or session.has_ticket):
            self.connect(context, session).close()
        self.others()

    def note(self, version, served, resumed=False):
        """Of a client that has no certificate at hand."""
        if served != (version != "TLSv1"):
            raise sandbox.Failed(f"{version}: served {served}")
        if served:
            self.got.append(client.Handshake(version, "", b"", False, resumed))
        else:
            self.refused += 1

    def others(self):
        session = str(self.box.path("/tmp/session"))
        for version in client.VERSIONS:
            self.note(version, *openssl(self.server, version))
            self.note(version, curl(self.server, version))
        self.note("TLSv1.2", *openssl(self.server, "TLSv1.2", "-sess_out", session))
        self.note("TLSv1.2", *openssl(self.server, "TLSv1.2", "-sess_in", session))

    def workers(self):
        """Those that a reload ends."""
        for stat in pathlib.Path("/proc").glob("[0-9]*/comm"):
            pid = int(stat.parent.name)
            if pid != self.box.process.pid and stat.read_text().strip() == self.worker:
                yield pid

    def reload(self, name):
        """And until those have ended that served before."""
        self.worker = WORKERS.get(name)
        before = list(self.workers())
        if callable(self.server.reload):
            with self.connect(self.client.context("TLSv1.1", "TLSv1.3")) as s:
                self.server.reload(s)
        else:
            self.box.shell(f"PID={self.box.process.pid}\n{RELOADS.get(name) or self.server.reload}")

        def ended():
            return not any(os.path.exists(f"/proc/{pid}") for pid in before)
        self.box.wait(ended)

    def expected(self):
        versions = collections.Counter(handshake.version for handshake in self.got)
        return {"versions": versions, "handshakes": len(self.got),
                "resumed": sum(handshake.resumed for handshake in self.got),
                # It is the session's after a resumption.
                "client_certificates": sum(h.asked or (h.resumed and h.certificate != b"")
                                           for h in self.got) if self.got[0].asked else 0,
                "refused": {"min_protocol": self.refused},
                "min_1_2": versions["TLSv1.1"], "min_1_3": len(self.got) - versions["TLSv1.3"]}


def report():
    done = subprocess.run([os.environ["SSLHARDEN_COMMAND"], "report", "--json"], text=True,
                          stdout=subprocess.PIPE, check=False, timeout=sandbox.GUARD)
    servers = [s for s in json.loads(done.stdout)["servers"] if s["handshakes"]]
    if len(servers) != 1:
        return {"servers": servers}
    told, = servers
    versions = collections.Counter()
    for row in told["served"]:
        versions[row["version"]] += row["handshakes"]
    stricter = {row["setting"]: row["would_have_refused"] for row in told["stricter"]}
    return {**{name: told[name] for name in ("handshakes", "resumed", "client_certificates",
                                             "refused", "living_only")},
            "versions": versions, "min_1_2": stricter["SSLHARDEN_MIN_PROTOCOL=TLSv1.2"],
            "min_1_3": stricter["SSLHARDEN_MIN_PROTOCOL=TLSv1.3"]}


def is_counted(box, expected):
    def counts_it():  # the client may be done before the server is
        return report() == expected
    try:
        box.wait(counts_it)
    except sandbox.Failed as why:
        raise sandbox.Failed(f"expected {expected}\n told    {report()}\n{box.output()}") from why


def measure(name, server, box):
    box.start()
    script = Script(server, box)
    apart = name in MASTERS and COUNTS_IN not in server.environment
    living = {"living_only": apart}
    script.play()
    is_counted(box, script.expected() | living)
    told = [len(script.got)]
    if server.reload or name in RELOADS:
        script.reload(name)
        if apart:
            script.begin()
        script.play()
        is_counted(box, script.expected() | living)
        told.append(len(script.got))
    return {"handshakes": told}


def inside(name, folders, place, library, *variables):
    server = layers.describe(name)
    # postfix hands its children but what is listed there.
    files = {path: text.replace("SSLHARDEN_ALLOW_SSLV3", "SSLHARDEN_MIN_PROTOCOL")
             for path, text in server.files.items()}
    server = dataclasses.replace(server, files=files, environment=server.environment
                                 | dict(v.split("=", 1) for v in variables))
    box = sandbox.Sandbox(server, folders.split(":"), place, library)
    box.tells(lambda: measure(name, server, box))


def main(name):
    matrix.needed(name)
    modes = [] if name in AT_ONCE else [[matrix.LIB, FLOOR]]
    if name in MASTERS:
        modes.append([matrix.LIB, FLOOR, f"{COUNTS_IN}={MASTERS[name]}"])
    for mode, told in zip(modes, matrix.each(name, "reports.py", *modes)):
        if "failed" in told:
            raise sandbox.Failed(f"{mode}: {told['failed']}")
        print(mode[2:], told)


if __name__ == "__main__":
    main(sys.argv[1]) if len(sys.argv) == 2 else inside(*sys.argv[1:])
