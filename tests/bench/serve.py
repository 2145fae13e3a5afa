# SPDX-License-Identifier: MIT
"""serve.py FRONT KEY LAYERS PLACE [LIBRARY]: one server in a sandbox of its own, and its load.

Started by servers.py.  Says "ready" once it serves; then each line of standard input is a
load, answered by a line of JSON.  The server has one processor, what loads it another one.
"""
import json
import os
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "daemons"))
import fronts  # noqa: E402
import sandbox  # noqa: E402
from server import PORT  # noqa: E402

URL = f"https://127.0.0.1:{PORT}/"
CONNECTIONS = 16
TICK = os.sysconf("SC_CLK_TCK")
MINE = os.getpid()


def others():
    """Every process of the sandbox but this one."""
    return [int(entry) for entry in os.listdir("/proc") if entry.isdigit() and int(entry) != MINE]


def processor_time():
    """Seconds that the server's processes have had, those of threads that ended included."""
    ticks = 0
    for pid in others():
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / TICK


def memory():
    """Bytes of the server's processes: resident, and those that are a process's alone."""
    found = {"resident": 0, "private": 0}
    for pid in others():
        text = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text("utf-8")
        for name, size in re.findall(r"^(Rss|Private_Clean|Private_Dirty): +(\d+) kB", text, re.M):
            found["resident" if name == "Rss" else "private"] += int(size) * 1024
    return found


def load(box, processor, *words):
    done = subprocess.run(["chroot", str(box.root), *words], text=True, timeout=sandbox.GUARD,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          check=False, preexec_fn=lambda: os.sched_setaffinity(0, {processor}))
    if done.returncode != 0:
        raise sandbox.Failed(f"{' '.join(words)}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def field(pattern, text):
    found = re.search(pattern, text, re.M)
    if found is None:
        raise sandbox.Failed(f"no {pattern} in\n{text}")
    return found.group(1)


def new_connections(box, processor, seconds):
    """A connection, its full handshake, a request, its end: ab has no sessions."""
    out = load(box, processor, "ab", "-q", "-t", str(seconds), "-n", "1000000", "-c",
               str(CONNECTIONS), "-e", "/tmp/percentiles", URL)
    if int(field(r"^Failed requests: +(\d+)", out)) != 0:
        raise sandbox.Failed(out)
    lines = box.path("/tmp/percentiles").read_text("ascii").splitlines()[1:]
    latency = dict(line.split(",") for line in lines)
    return {"count": int(field(r"^Complete requests: +(\d+)", out)),
            "rate": float(field(r"^Requests per second: +([\d.]+)", out)),
            "latency": {part: float(latency[part]) / 1000 for part in ("50", "90", "99")}}


def kept_connections(box, processor, seconds):
    """Requests on connections that stay."""
    out = load(box, processor, "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency", URL)
    units = {"us": 1e-6, "ms": 1e-3, "s": 1}
    latency = {part: float(number) * units[unit] for part, number, unit in
               re.findall(r"^ +(50|90|99)% +([\d.]+)(us|ms|s)$", out, re.M)}
    return {"count": int(field(r"^ +(\d+) requests in", out)),
            "rate": float(field(r"^Requests/sec: +([\d.]+)", out)), "latency": latency}


LOADS = {"new": new_connections, "kept": kept_connections}


def serve(box, processor):
    for line in sys.stdin:
        kind, seconds = line.split()
        before = processor_time()
        told = LOADS[kind](box, processor, int(seconds))
        told["cpu"] = processor_time() - before
        told["memory"] = memory()
        print(json.dumps(told), flush=True)


def main(front, key, folders, place, library=None):
    processors = sorted(os.sched_getaffinity(0))
    try:
        box = sandbox.Sandbox(fronts.FRONTS[front].server(key), folders.split(":"), place, library)
        os.sched_setaffinity(0, {processors[0]})
        box.start()
        if any("libsslharden.so" in names for names in box.mapped()) != bool(library):
            raise sandbox.Failed("the library is not where it should be")
        print("ready", flush=True)
        serve(box, processors[-1])
    except (sandbox.Failed, OSError, subprocess.SubprocessError) as fault:
        print(f"{front}: {type(fault).__name__}: {fault}", file=sys.stderr, flush=True)
        os._exit(1)
    os._exit(0)  # the namespace ends, and with it every process


if __name__ == "__main__":
    main(*sys.argv[1:])
