# SPDX-License-Identifier: MIT
"""upgrades.py NAME: one server that executes its own file anew, twice, with the environment that it
chooses for it: bare, and with the library and a floor that its environment alone says; what it
serves afterwards is what it served before.  The environment is matrix.py's.

upgrades.py NAME LAYERS PLACE CLEARED [LIBRARY]: one of them, as JSON; in a sandbox.  CLEARED: the
number of one of its ways to keep its environment, or less of it.
"""
import dataclasses
import sys

import client
import layers
import matrix
import measure
import sandbox

FLOOR = {"SSLHARDEN_MIN_PROTOCOL": "TLSv1.2"}


def look(probe, box):
    spoken = measure.versions(probe)
    mapped = [sandbox.LIB.rsplit("/", 1)[-1] in names for names in box.mapped()]
    return {"versions": spoken, "order": measure.order(probe, spoken)["order"],
            "mapped": sorted(set(mapped))}


def again(box, probe):
    """Once more, with a new certificate, by which its successor is known."""
    before = probe.handshake("TLSv1", "TLSv1.3").certificate
    box.renew()
    for line, until in box.server.again:
        def holds(until=until):
            try:
                box.shell(until)
            except sandbox.Failed:
                return False
            return True
        box.shell(line)
        box.wait(holds)

    def succeeded():
        now = probe.handshake("TLSv1", "TLSv1.3")
        return now is not None and now.certificate != before
    box.wait(succeeded)


def measured(server, box):
    box.start()
    probe = client.Client(server, box)
    looks = [look(probe, box)]
    for _ in range(2):
        again(box, probe)
        looks.append(look(probe, box))
    return {"looks": looks}


def inside(name, folders, place, cleared, library=None):
    server = layers.describe(name)
    old, new = server.cleared[int(cleared)]
    server = dataclasses.replace(
        server, command=f"sh -c '{server.command}; exec sleep infinity'",  # which its successors leave
        files={path: text.replace(old, new) for path, text in server.files.items()},
        environment=server.environment | FLOOR)
    box = sandbox.Sandbox(server, folders.split(":"), place, library)
    box.tells(lambda: measured(server, box))


def faults(cleared, bare, shim):
    """What was lost on the way."""
    for mode, told in (("bare", bare), ("preloaded", shim)):
        if "failed" in told:
            yield f"{cleared}: {mode}: {told['failed']}"
            return
    first = bare["looks"][0]
    if "TLSv1" not in first["versions"] or first["mapped"] != [False]:
        yield f"{cleared}: bare: {first}"
    for mode, told, expected in (
            ("bare", bare, first),
            ("preloaded", shim, {"versions": ["TLSv1.2", "TLSv1.3"], "order": "server",
                                 "mapped": [True]})):
        if told["looks"] != [expected] * 3:
            yield f"{cleared}: {mode}: {told['looks']}"


def main(name):
    matrix.needed(name)
    wrong = []
    for cleared in range(len(layers.describe(name).cleared)):
        told = matrix.each(name, "upgrades.py", [str(cleared)], [str(cleared), matrix.LIB])
        wrong += faults(cleared, *told)
    for fault in wrong:
        print(f"{name}: {fault}")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main(sys.argv[1]) if len(sys.argv) == 2 else inside(*sys.argv[1:])
