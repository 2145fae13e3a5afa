# SPDX-License-Identifier: MIT
"""reports.py NAME: what sslharden report tells of a server is what a script of clients did.  The
environment is matrix.py's, and SSLHARDEN_COMMAND, the command.

reports.py NAME LAYERS PLACE LIBRARY NAME=VALUE...: it, in a sandbox, as JSON.
"""
import collections
import dataclasses
import json
import os
import subprocess
import sys

import client
import layers
import matrix
import sandbox

FLOOR = "SSLHARDEN_MIN_PROTOCOL=TLSv1.1"
REFUSED = 2


class Script:
    """Clients, and what each got."""

    def __init__(self, server, box):
        self.client = client.Client(server, box)
        self.got = []

    def connect(self, context, session=None):
        s, handshake = self.client.connect(context, session)
        self.got.append(handshake)
        return s

    def play(self):
        for version, times in (("TLSv1.1", 1), ("TLSv1.2", 2), ("TLSv1.3", 3)):
            for _ in range(times):
                self.connect(self.client.context(version, version)).close()
        self.connect(self.client.context("TLSv1.2", "TLSv1.2", ["AES128-SHA"])).close()
        for _ in range(REFUSED):
            if self.client.handshake("TLSv1", "TLSv1") is not None:
                raise sandbox.Failed("a client of TLS 1.0 got in")
        context = self.client.context("TLSv1.2", "TLSv1.2")
        s = self.connect(context)
        session = s.session
        s.close()
        if session is not None and (session.id or session.has_ticket):
            self.connect(context, session).close()

    def expected(self):
        versions = collections.Counter(handshake.version for handshake in self.got)
        return {"versions": versions, "handshakes": len(self.got),
                "resumed": sum(handshake.resumed for handshake in self.got),
                # They have one at hand, and it is the session's after a resumption.
                "client_certificates": len(self.got) if self.got[0].asked else 0,
                "refused": {"min_protocol": REFUSED},
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
                                             "refused")},
            "versions": versions, "min_1_2": stricter["SSLHARDEN_MIN_PROTOCOL=TLSv1.2"],
            "min_1_3": stricter["SSLHARDEN_MIN_PROTOCOL=TLSv1.3"]}


def measure(server, box):
    box.start()
    script = Script(server, box)
    script.play()
    expected = script.expected()

    def counts_it():  # the client may be done before the server is
        return report() == expected
    try:
        box.wait(counts_it)
    except sandbox.Failed:
        return {"failed": f"expected {expected}\n told    {report()}\n{box.output()}"}
    return {"handshakes": len(script.got)}


def inside(name, folders, place, library, *variables):
    server = layers.describe(name)
    # postfix hands its children but what is listed there.
    files = {path: text.replace("SSLHARDEN_ALLOW_SSLV3", "SSLHARDEN_MIN_PROTOCOL")
             for path, text in server.files.items()}
    server = dataclasses.replace(server, files=files, environment=server.environment
                                 | dict(v.split("=", 1) for v in variables))
    box = sandbox.Sandbox(server, folders.split(":"), place, library)
    box.tells(lambda: measure(server, box))


def main(name):
    sandbox.needed()
    if not (matrix.LAYERS / name / "complete").exists():
        sandbox.absent(f"{matrix.LAYERS / name} is not there (scripts/fetch-daemons makes it)")
    told, = matrix.each(name, "reports.py", [matrix.LIB, FLOOR])
    if "failed" in told:
        raise sandbox.Failed(told["failed"])
    print(told)


if __name__ == "__main__":
    main(sys.argv[1]) if len(sys.argv) == 2 else inside(*sys.argv[1:])
