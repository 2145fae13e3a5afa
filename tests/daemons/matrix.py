# SPDX-License-Identifier: MIT
"""matrix.py NAME: one server, bare and with the library, and whether nothing got worse.

The environment names what is tested (CMake sets it): SSLHARDEN_LIB, the library;
SSLHARDEN_ONLOOKER, tests/harness/tell.c; SSLHARDEN_LAYERS, the folder of
scripts/fetch-daemons; SSLHARDEN_RESULTS, where the result goes.  Exit 77: what is needed is
not here.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import client
import layers
import options
import sandbox

LIB = os.environ["SSLHARDEN_LIB"]
LAYERS = pathlib.Path(os.environ["SSLHARDEN_LAYERS"])
RESULTS = pathlib.Path(os.environ["SSLHARDEN_RESULTS"])
HERE = pathlib.Path(__file__).parent


def start(name, program, place, *library):
    folders = ":".join(str(LAYERS / layer / "root") for layer in layers.folders(name))
    return subprocess.Popen([*sandbox.UNSHARE, sys.executable, "-B", str(HERE / program), name,
                             folders, place, *library], text=True, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE)


def measured(process):
    out, err = process.communicate(timeout=10 * sandbox.GUARD)
    try:
        return json.loads(out)
    except ValueError:
        return {"failed": f"exit {process.returncode}\n{out}\n{err}"}


def each(name, program, *modes):
    """What a program tells of the server in each mode, a list of more arguments; side by side."""
    with tempfile.TemporaryDirectory(prefix="sslharden-daemon-") as folder:
        places = [os.path.join(folder, str(number)) for number in range(len(modes))]
        for place in places:
            os.mkdir(place)
        running = [start(name, program, place, *mode) for place, mode in zip(places, modes)]
        return [measured(process) for process in running]


def rank(cipher):
    """How good a cipher is; one that is not in the list is none of the bad ones."""
    return client.CIPHERS.index(cipher) if cipher in client.CIPHERS else len(client.CIPHERS)


def faults(bare, shim):
    """What got weaker with the library, or stopped working."""
    for mode, told in (("bare", bare), ("preloaded", shim)):
        if "failed" in told:
            yield f"{mode}: {told['failed']}"
            return
    lost = set(bare["versions"]) - set(shim["versions"])
    if lost:
        yield f"no longer spoken: {sorted(lost)}"
    if bare["cipher"] and rank(shim["cipher"]) < rank(bare["cipher"]):
        yield f"a worse cipher: {bare['cipher']} before, {shim['cipher']} now"
    if bare["asks"] != shim["asks"]:
        yield f"asks for a certificate: {bare['asks']} before, {shim['asks']} now"
    for spoken, outcome in bare["resumes"].items():
        now = shim["resumes"].get(spoken)
        if now not in (outcome, client.RESUMES):
            yield f"{spoken}: {outcome} before, {now} now"
    for mode, told in (("bare", bare), ("preloaded", shim)):
        if "reload" in told and told["reload"] != [told["versions"],
                                                   {k: told[k] for k in ("cipher", "order")}]:
            yield f"{mode}: another server after its reload: {told['reload']}"
    if shim["contexts"] and shim["order"] == "client":
        yield "the client still chooses the cipher"
    yield from options.faults(bare["options"], shim["options"])


def version(name, packages):
    """The version of the first package, which is the server's own."""
    stamps = [LAYERS / layer / "complete" for layer in layers.folders(name)]
    return layers.version(stamps, packages.split())


def conclude(name, file, found, wrong):
    """Writes what was found, if nothing is wrong, for the table; and ends with what is."""
    if not wrong:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(found, indent=1), "utf-8")
    for fault in wrong:
        print(f"{name}: {fault}")
    sys.exit(bool(wrong))


def needed(name):
    """Ends a test that cannot run here: without sandboxes, or the files of a server or tool."""
    sandbox.needed()
    if not (LAYERS / name / "complete").exists():
        sandbox.absent(f"{LAYERS / name} is not there (scripts/fetch-daemons makes it)")


def main(name):
    needed(name)
    (RESULTS / f"{name}.json").unlink(missing_ok=True)
    description = layers.describe(name)
    onlooker = os.environ["SSLHARDEN_ONLOOKER"]
    bare, shim = (served | watched for served, watched in
                  zip(each(name, "measure.py", [], [LIB]),
                      each(name, "options.py", [onlooker], [onlooker, LIB])))
    result = {"title": description.title, "lax": description.lax, "lacks": description.lacks,
              "package": description.packages.split()[0],
              "version": version(name, description.packages), "before": bare, "after": shim}
    conclude(name, RESULTS / f"{name}.json", result, list(faults(bare, shim)))


if __name__ == "__main__":
    main(*sys.argv[1:])
