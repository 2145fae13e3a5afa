#!/usr/bin/python3 -B
# SPDX-License-Identifier: MIT
"""coverage.py BUILD: writes docs/COVERAGE.md from what the tests of a coverage build reached."""
import itertools
import json
import os
import pathlib
import subprocess
import sys

SOURCE = pathlib.Path(__file__).resolve().parent.parent
HEAD = """\
# What the tests reach

Written by tests/coverage.py from a run of its own, never by hand: `cmake --preset coverage`, build,
`ctest --preset coverage`, and `cmake --build --preset coverage --target coverage`. That run has the
system's libssl, 1.0.1s, Debian 11's with SSLv3 and linked `-Bsymbolic`, and Debian 11's and 13's as
they are; BoringSSL too. It has no fault injection (who measures allocates in our name), no daemon
and none of other people's suites: what only those reach counts as missed. So does what a process
did that was killed, or that had no right to write its counters any more.

Lines are gcov's: statements that code was made for.

"""
MEMORY = "no memory, or a system call that fails: tests/harness/faults.c makes them fail, elsewhere"
FAMILY = "LibreSSL's, AWS-LC's or a 1.1.0's own calls: run by hand, with those in " \
         "SSLHARDEN_TEST_FAMILIES"
DAMAGED = "what a damaged file has: the fuzzers of tests/fuzz reach it, and cli/hostile by chance"
# Why, for each file that is not reached as a whole.
WHY = {
    "shim/apply.c": f"{MEMORY}; and a libcrypto without P-256",
    "shim/audit.c": "more libraries than there are places; glibc before 2.35",
    "shim/certificate.c": "certificates of kinds that are neither RSA, DSA nor ECDSA; " + FAMILY,
    "shim/cli/elf_dynamic.c": DAMAGED,
    "shim/cli/elf_file.c": DAMAGED,
    "shim/cli/inspect.c": "a library given as the program; a script of a script of a script; plugins "
                            "that cannot be read",
    "shim/cli/json.c": "characters that are almost UTF-8: cli/hostile has some",
    "shim/cli/library.c": "a command that cannot find itself; a library of another architecture",
    "shim/cli/policy.c": "a word that is no option",
    "shim/cli/process.c": "another user's process: the one that asks cannot write its counters",
    "shim/cli/run.c": "what is said when exec itself fails, or the environment has no room",
    "shim/cli/script.c": "a first line that unsets PATH or ends in blanks, a script that cannot be "
                         "read",
    "shim/cli/search.c": "names with a slash among what is needed",
    "shim/cli/settings.c": DAMAGED.replace("file", "memory"),
    "shim/cli/status.c": "where the settings in force cannot be read: another user's process, or "
                         "a library of another version; secure execution (deploy/recipes, whose "
                         "set-uid program is another's)",
    "shim/cli/text.c": MEMORY,
    "shim/cli/verdict.c": "a libssl that has its libcrypto inside; /etc/ld.so.preload "
                          "(deploy/recipes, in a root of its own)",
    "shim/config.c": f"{MEMORY}; two constructors that race",
    "shim/config_file.c": f"{MEMORY}; an interrupted read; a /proc that is not there",
    "shim/connection.c": MEMORY,
    "shim/dl.c": "a libc that has no dlvsym, or names that are not in it (musl: wire/musl, whose "
                 "library is another build)",
    "shim/elf_object.c": "another libc's and another loader's ways (wire/musl, LD_AUDIT in its own "
                         "namespace, a static TLS block); and " + MEMORY,
    "shim/explain.c": "a peer without an address: memory BIOs (the suites), and what is local",
    "shim/hello.c": "a hello of SSL 2.0's form: unit and fuzz",
    "shim/hooks.c": "the way out of each wrapper for an object that no libssl claims, or whose "
                    "libssl lacks the call: the same three lines in each, run where "
                    "libgnutls-openssl and the stand-ins have the call; " + FAMILY,
    "shim/learn.c": "a libssl of the future that has ranges",
    "shim/lists.c": f"{FAMILY}; {MEMORY}; more than 62 different lists",
    "shim/log.c": "a daemon's log after its rights are gone: it cannot write its counters either "
                  "(wire/test_ways sees the line)",
    "shim/observe.c": "an audit of a libssl that is not known",
    "shim/own_list.c": MEMORY,
    "shim/policy.c": "names of DTLS versions; options of a dialect that does not name them",
    "shim/range.c": FAMILY,
    "shim/resolve.c": "more than eight libssl at once; an unload seen by the audit library alone",
    "shim/serving.c": f"a libssl that is not known, in the middle of a connection's life; {MEMORY}",
    "shim/strict.c": "QUIC, and what is not known, under strict",
    "shim/table.c": f"{MEMORY}; two threads that add a chunk at one moment",
}


def gcovr(build):
    """Lines by file: {file: {number: how often}}."""
    done = subprocess.run(["gcovr", "--gcov-ignore-parse-errors", "--root", SOURCE, "--filter",
                           f"{SOURCE}/shim/", "--object-directory", build, "--json", "-", build],
                          stdout=subprocess.PIPE, check=True)
    return {file["file"]: {line["line_number"]: line["count"] for line in file["lines"]
                           if not line.get("gcovr/noncode")}
            for file in json.loads(done.stdout)["files"]}


def ranges(numbers):
    """[1, 2, 3, 7] as 1-3, 7."""
    for _, run in itertools.groupby(enumerate(sorted(numbers)), lambda pair: pair[1] - pair[0]):
        run = [number for _, number in run]
        yield f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0])


def page(files):
    parts = [HEAD, "| file | lines | reached | |\n| --- | ---: | ---: | ---: |\n"]
    total = [0, 0]
    for name, lines in files.items():
        reached = sum(1 for count in lines.values() if count)
        total = [total[0] + len(lines), total[1] + reached]
        parts.append(f"| {name} | {len(lines)} | {reached} | {100 * reached // len(lines)} % |\n")
    parts.append(f"| all | {total[0]} | {total[1]} | {100 * total[1] // total[0]} % |\n")
    parts.append("\n## What no test reaches here, and why\n\n")
    for name, lines in files.items():
        missed = [number for number, count in lines.items() if not count]
        if missed:
            why = WHY.get(name, "")
            parts.append(f"- {name}, {', '.join(ranges(missed))}{': ' + why if why else ''}.\n")
    return "".join(parts)


def main():
    if len(sys.argv) != 2 or not os.path.isdir(sys.argv[1]):
        raise SystemExit(__doc__)
    (SOURCE / "docs/COVERAGE.md").write_text(page(gcovr(sys.argv[1])), "utf-8")


if __name__ == "__main__":
    main()
