# SPDX-License-Identifier: MIT
"""What each way of loading costs: starting a program, and making contexts.

ways.py LIBRARY PEER [ROUNDS]: PEER is tests/harness/peer of this system's libssl.
Interleaved rounds, medians, each as a ratio to the bare program of the same run.
"""
import os
import statistics
import subprocess
import sys
import tempfile
import time

LIBRARY, PEER = map(os.path.abspath, sys.argv[1:3])
ROUNDS = int(sys.argv[3]) if len(sys.argv) > 3 else 200
CONTEXTS = 300
PROGRAMS = {
    "true": (["/bin/true"], ROUNDS),
    "openssl version": (["openssl", "version"], ROUNDS),
    f"{CONTEXTS} server contexts": ([PEER, f"stress:1:{CONTEXTS}:TLS_server_method"], ROUNDS // 10),
    f"{CONTEXTS} generic ones": ([PEER, f"stress:1:{CONTEXTS}:TLS_method"], ROUNDS // 10),
}


def empty_library(folder):
    path = os.path.join(folder, "empty.so")
    subprocess.run(["gcc", "-shared", "-o", path, "-x", "c", "/dev/null"], check=True)
    return path


def measure(command, environment):
    """Seconds of a process's life, from posix_spawn to its end."""
    begin = time.perf_counter()
    pid = os.posix_spawnp(command[0], command, environment,
                          file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)])
    os.waitpid(pid, 0)
    return time.perf_counter() - begin


def main():
    bare = {k: v for k, v in os.environ.items() if not k.startswith(("SSLHARDEN", "LD_"))}
    with tempfile.TemporaryDirectory() as folder:
        ways = {
            "bare": {},
            "empty library": {"LD_PRELOAD": empty_library(folder)},
            "LD_PRELOAD": {"LD_PRELOAD": LIBRARY},
            "LD_AUDIT": {"LD_AUDIT": LIBRARY},
            "both": {"LD_PRELOAD": LIBRARY, "LD_AUDIT": LIBRARY},
        }
        print(f"{'':24}" + "".join(f"{way:>16}" for way in ways))
        for name, (command, rounds) in PROGRAMS.items():
            times = {way: [] for way in ways}
            for _ in range(max(rounds, 3)):
                for way, variables in ways.items():
                    times[way].append(measure(command, {**bare, **variables}))
            medians = {way: statistics.median(values) for way, values in times.items()}
            print(f"{name:24}" + "".join(f"{m / medians['bare']:16.3f}" for m in medians.values())
                  + f"   bare {medians['bare'] * 1e6:.0f} us")


if __name__ == "__main__":
    main()
