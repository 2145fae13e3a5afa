# SPDX-License-Identifier: MIT
"""refusals.py NAME: one server (some drive their handshakes by SSL_read) and an old client: bare,
refused by an operator's floor, admitted by what the line says of it, and audited.  The
environment is matrix.py's.

refusals.py NAME LAYERS PLACE [LIBRARY [NAME=VALUE...]]: one of them, as JSON; in a sandbox.
"""
import dataclasses
import re
import sys

import client
import layers
import matrix
import sandbox

FLOOR = "SSLHARDEN_MIN_PROTOCOL=TLSv1.2"
LINE = re.compile(r"refused a client offering at most TLSv1 from .*; SSLHARDEN_MIN_PROTOCOL is "
                  r"TLSv1\.2, (SSLHARDEN_\w+=\S+) admits it")
WOULD = re.compile(r"audit: would refuse a client offering at most TLSv1 from ")


def said(box):
    return re.findall(r"(?:refused|audit: would refuse) a client .*", box.log())


def measure(server, box, waits):
    box.start()
    got = client.Client(server, box).handshake("TLSv1", "TLSv1")

    def speaks():
        return said(box)
    if waits:
        box.wait(speaks)  # the client may be done before the server is
    return {"in": got is not None, "said": said(box)}


def inside(name, folders, place, library=None, *variables):
    server = layers.describe(name)
    server = dataclasses.replace(
        server, environment=server.environment | dict(v.split("=", 1) for v in variables))
    box = sandbox.Sandbox(server, folders.split(":"), place, library)
    box.tells(lambda: measure(server, box, FLOOR in variables))


def ask(name, *words):
    told, = matrix.each(name, "refusals.py", list(words))
    if "failed" in told:
        raise sandbox.Failed(told["failed"])
    return told


def expect(what, condition, told):
    if not condition:
        raise sandbox.Failed(f"{what}: {told}")


def main(name):
    sandbox.needed()
    if not (matrix.LAYERS / name / "complete").exists():
        sandbox.absent(f"{matrix.LAYERS / name} is not there (scripts/fetch-daemons makes it)")
    bare = ask(name)
    expect("bare", bare == {"in": True, "said": []}, bare)
    refused = ask(name, matrix.LIB, FLOOR)
    line = LINE.search("\n".join(refused["said"]))
    expect("refused", line and not refused["in"] and len(refused["said"]) == 1, refused)
    nameless = " from an unknown address; " in refused["said"][0]
    expect("its address", nameless == layers.describe(name).nameless, refused)
    admitted = ask(name, matrix.LIB, line.group(1))
    expect("admitted", admitted == bare, admitted)
    audited = ask(name, matrix.LIB, FLOOR, "SSLHARDEN=audit")
    expect("audited", audited["in"] and WOULD.match("".join(audited["said"])), audited)


if __name__ == "__main__":
    main(sys.argv[1]) if len(sys.argv) == 2 else inside(*sys.argv[1:])
