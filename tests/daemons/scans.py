# SPDX-License-Identifier: MIT
"""scans.py NAME: scanners' verdicts on one server: bare, with the library, and with an
operator's stricter settings; whether they got better.  The environment is matrix.py's.
"""
import sys

import layers
import matrix

STRICTER = ["SSLHARDEN_MIN_PROTOCOL=TLSv1.2", "SSLHARDEN_CIPHERS=restricted"]
MODES = {"bare": [], "preloaded": [matrix.LIB], "stricter": [matrix.LIB, *STRICTER]}
NEW = {"sslscan": ["TLSv1.2", "TLSv1.3"], "testssl": ["TLS1_2", "TLS1_3"]}


def server_chooses(told):
    """Whether nmap and testssl both say so; nmap has no opinion where there is one cipher."""
    return (set(told["nmap"]["preference"].values()) <= {"server", "indeterminate"},
            told["testssl"]["severity"] == "OK")


def faults(bare, preloaded, stricter):
    """What is not as it has to be, in an order in which the first says most."""
    for mode, told in zip(MODES, (bare, preloaded, stricter)):
        if "failed" in told:
            yield f"{mode}: {told['failed']}"
            return
        if told["hardened"] != (mode != "bare"):
            yield f"{mode}: hardened contexts seen: {told['hardened']}"
        chosen = (mode != "bare",) * 2
        if server_chooses(told) != chosen:
            yield f"{mode}: the server chooses, says nmap, testssl: {server_chooses(told)}"
        old = {"SSLv2", "SSLv3"} & {*told["sslscan"]["versions"], *told["testssl"]["offered"]}
        if old:
            yield f"{mode}: {old} offered"
    if preloaded["sslscan"]["first"] == bare["sslscan"]["first"]:
        yield f"sslscan is given the suite of its own choice still: {bare['sslscan']['first']}"
    if preloaded["nmap"]["least"] > bare["nmap"]["least"]:  # A is the best
        yield f"nmap's grade: {bare['nmap']['least']} before, {preloaded['nmap']['least']} now"
    for scanner, what in (("sslscan", "versions"), ("testssl", "offered")):
        if preloaded[scanner][what] != bare[scanner][what]:
            yield f"{scanner}: {bare[scanner][what]} before, {preloaded[scanner][what]} now"
        if stricter[scanner][what] != NEW[scanner]:
            yield f"{scanner}: {stricter[scanner][what]} offered in spite of {STRICTER[0]}"
    if stricter["nmap"]["least"] != "A":
        yield f"nmap's grade is {stricter['nmap']['least']} in spite of {STRICTER[1]}"


def main(name):
    matrix.needed("scanners")
    result = matrix.RESULTS / "scans" / f"{name}.json"
    result.unlink(missing_ok=True)
    told = matrix.each(name, "scanners.py", *MODES.values())
    verdicts = {"title": layers.describe(name).title, **dict(zip(MODES, told))}
    matrix.conclude(name, result, verdicts, list(faults(*told)))


if __name__ == "__main__":
    main(*sys.argv[1:])
