# SPDX-License-Identifier: MIT
"""compare.py NAME: another project's test suite, bare and with the library.

What differs has to be what its description lists, no more and no less.  The environment
names what is tested (CMake sets it): SSLHARDEN_LIB, the library; SSLHARDEN_SUITES, the
folder of scripts/fetch-suites; SSLHARDEN_RESULTS, where the result goes.  Exit 77: what is
needed is not here.
"""
import collections
import json
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
DAEMONS = HERE.parent / "daemons"
sys.path.insert(0, str(DAEMONS))
import layers  # noqa: E402
import sandbox  # noqa: E402
import suite  # noqa: E402

LIB = os.environ["SSLHARDEN_LIB"]
LAYERS = pathlib.Path(os.environ["SSLHARDEN_SUITES"])
RESULTS = pathlib.Path(os.environ["SSLHARDEN_RESULTS"])


def start(name, described, place, *library):
    parts = [*(f"source-{source}" for source in described.sources), name]
    folders = ":".join(str(LAYERS / part / "root") for part in parts)
    return subprocess.Popen([*sandbox.UNSHARE, sys.executable, "-B", str(HERE / "run.py"), name,
                             folders, place, *library], text=True, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, env=os.environ | {"PYTHONPATH": str(DAEMONS)})


def told(process):
    out, err = process.communicate()
    try:
        return json.loads(out)
    except ValueError:
        return {"failed": f"exit {process.returncode}\n{out}\n{err}"}


def both(name, described):
    """The suite bare and preloaded, side by side."""
    with tempfile.TemporaryDirectory(prefix="sslharden-suite-") as folder:
        places = [os.path.join(folder, mode) for mode in ("bare", "shim")]
        for place in places:
            os.mkdir(place)
        running = [start(name, described, places[0]), start(name, described, places[1], LIB)]
        return [told(process) for process in running]


def passed(found):
    return {test for test, outcome in found["outcomes"].items() if outcome == "ok"}


def faults(described, bare, shim):
    for mode, found in (("bare", bare), ("preloaded", shim)):
        if "failed" in found:
            yield f"{mode}: {found['failed']}"
            return
    good = passed(bare)
    if len(good) < described.least:
        yield f"bare: {len(good)} passed, at least {described.least} have to"
    if bare["hardened"] or not shim["hardened"]:
        yield f"contexts hardened: bare {bare['hardened']}, preloaded {shim['hardened']}"
    differ = {test: outcome for test in good
              if (outcome := shim["outcomes"].get(test, "not run")) != "ok"}
    for test in sorted(set(differ) - set(described.differences)):
        yield f"not listed: {test}: {differ[test]}"
    for test in sorted(set(described.differences) - set(differ)):
        yield f"listed, but no difference: {test}"


def summary(mode, found):
    count = collections.Counter(found["outcomes"].values())
    counted = ", ".join(f"{number} {outcome}" for outcome, number in sorted(count.items()))
    print(f"{mode}: {counted}; contexts hardened: {found['hardened']}")


def result(name, described, bare, shim):
    """What docs/COMPATIBILITY.md says of it."""
    ran = {test for test, outcome in bare["outcomes"].items() if outcome != "skipped"}
    tested = described.sources or described.packages.split()[:1]
    return {"title": described.title, "of": len(ran),
            "versions": [layers.version([LAYERS / name / "complete"], [package])
                         for package in tested],
            "bare": len(passed(bare)), "preloaded": len(passed(shim)),
            "hardened": shim["hardened"], "differences": described.differences}


def main(name):
    sandbox.needed()
    described = suite.describe(name)
    file = RESULTS / f"{name}.json"
    file.unlink(missing_ok=True)
    if not (LAYERS / name / "complete").exists():
        sandbox.absent(f"{LAYERS / name} is not there (scripts/fetch-suites makes it)")
    bare, shim = both(name, described)
    wrong = list(faults(described, bare, shim))
    for mode, found in (("bare", bare), ("preloaded", shim)):
        if "failed" not in found:
            summary(mode, found)
    for test, why in described.differences.items():
        print(f"as the policy has it: {test}: {why}")
    if wrong:
        print(*wrong, f"What {described.title} said when preloaded:",
              shim.get("said", "")[-100000:], sep="\n")
    else:
        RESULTS.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(result(name, described, bare, shim), indent=1), "utf-8")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main(*sys.argv[1:])
