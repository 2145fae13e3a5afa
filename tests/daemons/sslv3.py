# SPDX-License-Identifier: MIT
"""sslv3.py NAME: one server that is let speak SSL 3.0, asked by old clients: bare, with the
library, and with the variable that allows it.  The environment is matrix.py's and oldclients.py's.
"""
import re
import sys

import layers
import matrix
import oldclients

MODES = {"bare": [], "preloaded": [matrix.LIB],
         "allowed": [matrix.LIB, "SSLHARDEN_ALLOW_SSLV3=1"]}
# Who reads from the network itself leaves libssl no address.
EXPLANATION = re.compile(r"refused a client offering at most SSLv3 from (127\.0\.0\.1|an unknown "
                         r"address); SSLHARDEN_ALLOW_SSLV3=1 admits it")


def clients(server):
    """Node has no plain words before TLS."""
    return [name for name in oldclients.CLIENTS if name != "node" or not server.starttls]


def how(server):
    """The lines that let it speak SSL 3.0."""
    return [line.strip() for old, new in server.sslv3 for line in new.splitlines()
            if line not in old.splitlines()]


def faults(modes):
    """What is not as it has to be with one client."""
    for mode, told in modes.items():
        if "failed" in told:
            yield f"{mode}: {told['failed']}"
            continue
        if mode == "preloaded" and told["in"]:
            yield f"{mode}: SSL 3.0 is served"
        if mode != "preloaded" and (not told["in"] or told["fault"]):
            yield f"{mode}: not served: {told['fault']}\n{told['said']}"
        explained = [bool(EXPLANATION.fullmatch(line)) for line in told["log"]]
        if explained != [True] * (mode == "preloaded"):
            yield f"{mode}: the log says {told['log']}"


def main(name):
    matrix.needed(name)
    result = matrix.RESULTS / "sslv3" / f"{name}.json"
    result.unlink(missing_ok=True)
    server = layers.describe(name)
    told, wrong = {}, []
    for which in clients(server):
        modes = [[which, *mode] for mode in MODES.values()]
        told[which] = dict(zip(MODES, matrix.each(name, "oldclients.py", *modes)))
        wrong += [f"{which}: {fault}" for fault in faults(told[which])]
    found = {"title": server.title, "version": matrix.version(name, server.packages),
             "how": how(server), "clients": told}
    matrix.conclude(name, result, found, wrong)


if __name__ == "__main__":
    main(*sys.argv[1:])
