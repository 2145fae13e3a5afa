# SPDX-License-Identifier: MIT
"""compare.py NAME: another project's test suite, bare and with the library.

What differs has to be what its description lists, no more and no less; and nothing where the
library is set, as the description says, to change nothing in it.  The environment
names what is tested (CMake sets it): SSLHARDEN_LIB, the library; SSLHARDEN_SUITES, the
folder of scripts/fetch-suites; SSLHARDEN_RESULTS, where the result goes.  Exit 77: what is
needed is not here.
"""
import collections
import concurrent.futures
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


def run(name, described, library):
    """The suite once; library: what is preloaded, and how it is set."""
    folders = ":".join(str(LAYERS / part / "root") for part in suite.layers(name, described))
    with tempfile.TemporaryDirectory(prefix="sslharden-suite-") as place:
        done = subprocess.run([*sandbox.UNSHARE, sys.executable, "-B", str(HERE / "run.py"), name,
                               folders, place, *library], text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, check=False,
                              env=os.environ | {"PYTHONPATH": str(DAEMONS)})
    try:
        return json.loads(done.stdout)
    except ValueError:
        return {"failed": f"exit {done.returncode}\n{done.stdout}\n{done.stderr}"}


def every_way(name, described):
    """The suite bare, preloaded, and set to change nothing, two at a time."""
    ways = {"bare": [], "preloaded": [LIB]}
    for way, settings in described.silent.items():
        ways[way] = [LIB, *(f"{variable}={value}" for variable, value in settings.items())]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        running = {way: pool.submit(run, name, described, library) for way, library in ways.items()}
    return {way: future.result() for way, future in running.items()}


def passed(found):
    return {test for test, outcome in found["outcomes"].items() if outcome == "ok"}


def ran(found):
    return {test for test, outcome in found["outcomes"].items() if outcome != "skipped"}


def differing(bare, found):
    """Tests that pass bare and not so, and their outcomes."""
    return {test: outcome for test in passed(bare)
            if (outcome := found["outcomes"].get(test, "not run")) != "ok"}


def faults(described, ways):
    broken = [f"{way}: {found['failed']}" for way, found in ways.items() if "failed" in found]
    if broken:
        yield from broken
        return
    bare, shim = ways["bare"], ways["preloaded"]
    good = passed(bare)
    if len(good) < described.least:
        yield f"bare: {len(good)} passed, at least {described.least} have to"
    for way, found in ways.items():
        if bool(found["hardened"]) == (way in ("bare", "off")):
            yield f"{way}: contexts hardened: {found['hardened']}"
    differ = differing(bare, shim)
    for test in sorted(set(differ) - set(described.differences)):
        yield f"not listed: {test}: {differ[test]}"
    for test in sorted(set(described.differences) - set(differ)):
        yield f"listed, but no difference: {test}"
    for way in described.silent:
        for test, outcome in sorted(differing(bare, ways[way]).items()):
            yield f"{way}: {test}: {outcome}"


def summary(way, found):
    count = collections.Counter(found["outcomes"].values())
    counted = ", ".join(f"{number} {outcome}" for outcome, number in sorted(count.items()))
    print(f"{way}: {counted}; contexts hardened: {found['hardened']}")


def result(name, described, ways):
    """What docs/COMPATIBILITY.md says of it."""
    bare, shim = ways["bare"], ways["preloaded"]
    tested = described.sources or described.packages.split()[:1]
    return {"title": described.title, "of": len(ran(bare)),
            "versions": [layers.version([LAYERS / name / "complete"], [package])
                         for package in tested],
            "bare": len(passed(bare)), "preloaded": len(passed(shim)),
            "hardened": shim["hardened"], "differences": described.differences,
            "ways": {way: {"ran": len(ran(found)), "ok": len(passed(found)),
                           "contexts": found["hardened"]}
                     for way, found in ways.items()}}


def main(name):
    sandbox.needed()
    described = suite.describe(name)
    file = RESULTS / f"{name}.json"
    file.unlink(missing_ok=True)
    top = LAYERS / suite.layers(name, described)[0]
    if not (top / "complete").exists():
        sandbox.absent(f"{top} is not there (scripts/fetch-suites makes it)")
    ways = every_way(name, described)
    wrong = list(faults(described, ways))
    for way, found in ways.items():
        if "failed" not in found:
            summary(way, found)
    for test, why in described.differences.items():
        print(f"as the policy has it: {test}: {why}")
    if wrong:
        print(*wrong, f"What {described.title} said when preloaded:",
              ways["preloaded"].get("said", "")[-100000:], sep="\n")
    else:
        RESULTS.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(result(name, described, ways), indent=1), "utf-8")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main(*sys.argv[1:])
