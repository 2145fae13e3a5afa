# SPDX-License-Identifier: MIT
"""Measures what the library costs, and writes docs/PERFORMANCE.md from what it found.

Each section is a module: measure() finds figures, bounds() holds them against what was
promised, text() and plots() show them.  Nothing here fails because something is slow.
"""
import argparse
import datetime
import json
import os
import pathlib
import platform
import subprocess
import tempfile

import calls
import counted
import crowd
import growth
import servers
import setting as common
import size
import startup

try:
    import page
except ImportError:
    servers.sandbox.absent("matplotlib (Debian's python3-matplotlib) is not installed")
RESULTS = "performance/results.json"
SECTIONS = {"calls": calls, "startup": startup, "growth": growth, "crowd": crowd,
            "size": size, "counted": counted, "servers": servers}


def machine():
    """What the figures were read off, as far as it matters for them."""
    with open("/proc/cpuinfo", encoding="utf-8") as info:
        models = [line.split(":")[1].strip() for line in info if line.startswith("model name")]
    openssl = subprocess.run(["openssl", "version"], text=True, stdout=subprocess.PIPE, check=True)
    return {"date": datetime.date.today().isoformat(),
            "processor": models[0] if models else platform.machine(),
            "cores": len(os.sched_getaffinity(0)), "libc": " ".join(platform.libc_ver()),
            "openssl": " ".join(openssl.stdout.split()[:2])}


def measured(setting, names, results):
    """Answers whether every section found what it needs."""
    complete = True
    for name in names:
        print(f"{name} ...", flush=True)
        try:
            results[name] = SECTIONS[name].measure(setting)
            results.setdefault("measured", {})[name] = machine()
        except common.Absent as absent:
            print(f"skipped: {name}: {absent}", flush=True)
            results.pop(name, None)
            complete = False
    return complete


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--library", required=True, type=pathlib.Path, help="libsslharden.so")
    parser.add_argument("--programs", required=True, type=pathlib.Path,
                        help="the folder of the benchmark's own programs")
    parser.add_argument("--docs", type=pathlib.Path,
                        help="where PERFORMANCE.md and performance/ are written (none: nowhere)")
    parser.add_argument("--layers", type=pathlib.Path, help="the folder of scripts/fetch-daemons")
    parser.add_argument("--image", action="append", default=[], metavar="NAME=FILE",
                        help="another libssl, beside the system's")
    parser.add_argument("--section", action="append", choices=list(SECTIONS),
                        help="only this one; the others stay as they were found before")
    parser.add_argument("--page", action="store_true",
                        help="measure nothing: write the page from the figures that are there")
    parser.add_argument("--small", action="store_true", help="a few rounds, to see that it runs")
    given = parser.parse_args()
    needed = [given.library, *(image.partition("=")[2] for image in given.image)]
    if given.page:
        needed.append((given.docs or pathlib.Path()) / RESULTS)
    for file in needed:
        if not os.path.isfile(file):
            parser.error(f"{file}: no such file")
    return given


def main():
    given = arguments()
    with tempfile.TemporaryDirectory(prefix="sslharden-bench-") as folder:
        folder = pathlib.Path(folder)
        docs = given.docs or folder / "docs"
        stripped = folder / "libsslharden.so"
        subprocess.run(["strip", "-o", stripped, given.library], check=True)
        setting = common.Setting(
            library=str(stripped), symbols=str(given.library.resolve()),
            programs=given.programs.resolve(), folder=folder, small=given.small,
            images=dict(image.split("=", 1) for image in given.image), layers=given.layers)
        file = docs / RESULTS
        results = {}
        if given.page or given.section and file.exists():
            results = json.loads(file.read_text("utf-8"))
        complete = True
        if not given.page:
            complete = measured(setting, given.section or SECTIONS, results)
        page.write(docs, results, SECTIONS)
        file.write_text(json.dumps(results, indent=1) + "\n", "utf-8")
        if given.docs is None:
            print((docs / "PERFORMANCE.md").read_text("utf-8"))
    if given.small and not complete:
        servers.sandbox.absent("a section; see above")


if __name__ == "__main__":
    main()
