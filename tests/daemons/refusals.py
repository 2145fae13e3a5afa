# SPDX-License-Identifier: MIT
"""refusals.py NAME: one server (some drive their handshakes by SSL_read) and the oldest client that
it serves: bare, refused by an operator's floor, admitted by what the line says of it, and audited.
The environment is matrix.py's.

refusals.py NAME LAYERS PLACE [LIBRARY VERSION [NAME=VALUE...]]: one of them, as JSON; in a sandbox.
"""
import dataclasses
import re
import sys

import client
import layers
import matrix
import measure
import sandbox

LINE = (r"refused a client offering at most {0} from .*; SSLHARDEN_MIN_PROTOCOL is {1}, "
        r"(SSLHARDEN_\w+=\S+) admits it")
WOULD = r"audit: would refuse a client offering at most {} from "


def said(box):
    return re.findall(r"(?:refused|audit: would refuse) a client .*", box.log())


def look(server, box, version=None, waits=False):
    box.start()
    probe = (server.client or client.Client)(server, box)
    if version is None:
        return {"versions": measure.versions(probe)}
    got = probe.handshake(version, version)
    if waits:
        box.wait_for_line(said)  # the client may be done before the server is
    return {"in": got is not None, "said": said(box)}


def inside(name, folders, place, library=None, version=None, *variables):
    server = layers.describe(name)
    server = dataclasses.replace(
        server, environment=server.environment | dict(v.split("=", 1) for v in variables))
    box = sandbox.Sandbox(server, folders.split(":"), place, library)
    box.tells(lambda: look(server, box, version, raises(version, variables)))


def raises(version, variables):
    """Whether one of the variables is a floor above a version."""
    floor = dict(v.split("=", 1) for v in variables).get("SSLHARDEN_MIN_PROTOCOL")
    return floor is not None and floor > version


def ask(name, *modes):
    found = matrix.each(name, "refusals.py", *modes)
    for told in found:
        if "failed" in told:
            raise sandbox.Failed(told["failed"])
    return found


def expect(what, condition, told):
    if not condition:
        raise sandbox.Failed(f"{what}: {told}")


def main(name):
    matrix.needed(name)
    bare, = ask(name, [])
    oldest = bare["versions"][0]
    floor = "TLSv1.2" if oldest < "TLSv1.2" else "TLSv1.3"
    raised = [matrix.LIB, oldest, f"SSLHARDEN_MIN_PROTOCOL={floor}"]
    refused, audited = ask(name, raised, [*raised, "SSLHARDEN=audit"])
    line = re.search(LINE.format(oldest, floor), "\n".join(refused["said"]))
    expect("refused", line and not refused["in"] and len(refused["said"]) == 1, refused)
    nameless = " from an unknown address; " in refused["said"][0]
    expect("its address", nameless == layers.describe(name).nameless, refused)
    admitted, = ask(name, [matrix.LIB, oldest, line.group(1)])
    expect("admitted", admitted == {"in": True, "said": []}, admitted)
    expect("audited", audited["in"] and
           re.match(WOULD.format(oldest), "".join(audited["said"])), audited)


if __name__ == "__main__":
    main(sys.argv[1]) if len(sys.argv) == 2 else inside(*sys.argv[1:])
