# SPDX-License-Identifier: MIT
"""refusals.py NAME: one server (some drive their handshakes by SSL_read) and clients that settings
refuse: by an operator's floor, and by lists (ciphers, groups, what is forbidden, profiles).  Each is
served bare, refused with one line, and served once all is done that the line says.  Of clients that
are too old for the bare server, and come before each of these, no line speaks.  The environment is
matrix.py's.

refusals.py NAME LAYERS PLACE [LIBRARY CLIENT [NAME=VALUE...]]: one of them, as JSON; in a sandbox.
"""
import dataclasses
import json
import re
import sys

import client
import layers
import matrix
import measure
import sandbox

import advice  # of the folder above, where sandbox looks too

FLOOR = (r"refused a client offering at most {0} from .*; SSLHARDEN_MIN_PROTOCOL is {1}, "
         r"SSLHARDEN_MIN_PROTOCOL={0} admits it$")
LISTS = r"refused a client offering .*; .* admits? it(, if the program's own list has a suite for it)?$"
# Without forward secrecy, without AEAD, and others: the first that a server has alone.
SUITES = ("AES128-SHA", "AES256-SHA", "AES128-GCM-SHA256", "ECDHE-RSA-AES128-SHA",
          "ECDHE-ECDSA-AES128-SHA", "ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-GCM-SHA256")
FORWARD = [suite for suite in client.CIPHERS if suite.startswith("ECDHE")]


def said(box):
    return re.findall(r"(?:refused|audit: would refuse) a client .*", box.log())


def look(server, box, asks=None, waits=False, before=()):
    """What becomes of one client, after others of these versions; of none: whom the server serves."""
    box.start()
    probe = (server.client or client.Client)(server, box)
    if asks is None:
        return find(probe)
    for version in before:
        if probe.handshake(version, version):
            raise sandbox.Failed(f"{version} is served")
    got = probe.handshake(**asks)
    if waits:
        box.wait_for_line(said)  # the client may be done before the server is
    return {"in": got is not None, "said": said(box)}


def find(probe):
    """Its versions; and clients of one suite, below TLS 1.3 and there, and of one group that it
    serves."""
    versions = measure.versions(probe)
    clients = {}
    if "TLSv1.2" in versions:
        asks = {"lowest": "TLSv1.2", "highest": "TLSv1.2"}
        suites = (suite for suite in SUITES if probe.handshake(**asks, ciphers=[suite]))
        if suite := next(suites, None):
            clients["suite"] = asks | {"ciphers": [suite]}
    # Those of another protocol's own client cannot be chosen.
    if type(probe) is client.Client:
        asks = {"lowest": versions[-1], "highest": versions[-1], "group": "prime256v1"}
        asks |= {} if versions[-1] == "TLSv1.3" else {"ciphers": FORWARD}
        if probe.handshake(**asks):
            clients["group"] = asks
        asks = {"lowest": "TLSv1.3", "highest": "TLSv1.3", "suites": "TLS_AES_128_GCM_SHA256"}
        if probe.handshake(**asks):
            clients["newer"] = asks
    return {"versions": versions, **clients}


def inside(name, folders, place, library=None, asks="null", *variables):
    server = layers.describe(name)
    settings = dict(v.split("=", 1) for v in variables)
    waits = settings.pop("WAITS", "") == "1"
    before = settings.pop("BEFORE", "").split()
    server = dataclasses.replace(server, environment=server.environment | settings)
    box = sandbox.Sandbox(server, folders.split(":"), place, library)
    box.tells(lambda: look(server, box, json.loads(asks), waits, before))


def ask(name, *modes):
    found = matrix.each(name, "refusals.py", *modes)
    for told in found:
        if "failed" in told:
            raise sandbox.Failed(told["failed"])
    return found


def mode(found, asks, variables, waits=False):
    """
    The arguments of one client, with settings, after others that are too old for the bare server;
    waits: until the server has said something.
    """
    older = " ".join(v for v in client.VERSIONS if v < found["versions"][0])
    settings = variables | {"BEFORE": older} | ({"WAITS": "1"} if waits else {})
    return [matrix.LIB, json.dumps(asks), *(f"{k}={v}" for k, v in settings.items())]


def expect(what, condition, told):
    if not condition:
        raise sandbox.Failed(f"{what}: {told}")


def cases(found):
    """Clients that the bare server serves, the settings that refuse them, and the line."""
    oldest = found["versions"][0]
    floor = "TLSv1.2" if oldest < "TLSv1.2" else "TLSv1.3"
    if oldest < floor:
        yield {"lowest": oldest, "highest": oldest}, {"SSLHARDEN_MIN_PROTOCOL": floor}, \
            FLOOR.format(oldest, floor)
    if asks := found.get("suite"):
        suite, = asks["ciphers"]
        word = "kRSA" if not suite.startswith("ECDHE") else None if "GCM" in suite else "CBC"
        yield asks, {"SSLHARDEN_CIPHERS": f"ALL:-{suite}"}, LISTS
        yield asks, {"SSLHARDEN_PROFILE": "modern"}, LISTS
        if word:
            yield asks, {"SSLHARDEN_FORBID": word}, LISTS
            yield asks, {"SSLHARDEN_PROFILE": "intermediate"}, LISTS
    if asks := found.get("group"):
        yield asks, {"SSLHARDEN_GROUPS": "X25519"}, LISTS
    if asks := found.get("newer"):
        yield asks, {"SSLHARDEN_CIPHERSUITES": "TLS_AES_256_GCM_SHA384"}, LISTS


def main(name):
    matrix.needed(name)
    found, = ask(name, [])
    each = list(cases(found))
    refused = ask(name, *(mode(found, asks, settings, True) for asks, settings, _ in each))
    follows = []
    for told, (asks, settings, pattern) in zip(refused, each):
        line = "\n".join(told["said"])
        expect(f"refused by {settings}", re.match(pattern, line) and not told["in"] and
               len(told["said"]) == 1, told)
        nameless = " from an unknown address; " in line
        expect("its address", nameless == layers.describe(name).nameless, told)
        follows.append(mode(found, asks, advice.follow(line, settings)))
    # An audit says nothing of groups.
    first = next(i for i, case in enumerate(each) if "SSLHARDEN_GROUPS" not in case[1])
    (asks, settings, _), (line,) = each[first], refused[first]["said"]
    audit = mode(found, asks, settings | {"SSLHARDEN": "audit"}, True)
    *admitted, audited = ask(name, *follows, audit)
    for told, follow in zip(admitted, follows):
        expect(f"admitted by {follow}", told == {"in": True, "said": []}, told)
    would = line.replace("refused", "audit: would refuse", 1).split(" from ")[0]
    expect("audited", audited["in"] and "".join(audited["said"]).startswith(would), audited)
    print(f"{name}: {len(each)} lines followed, of {[' '.join(case[1]) for case in each]}")


if __name__ == "__main__":
    main(sys.argv[1]) if len(sys.argv) == 2 else inside(*sys.argv[1:])
