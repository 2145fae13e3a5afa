#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Plays sequences bare and hardened and tells what is wrong.

    run.py found/*.seq                    what is in these files
    run.py --seeds 1-200                  random ones; the seed is told with each finding
    run.py --minutes 5                    fresh seeds for so long
    run.py --show CLIENT found/01.seq     what the calls answer, bare and hardened

    --build DIR      the build tree that has the players (build/release)
    --lib FILE       the library ($SSLHARDEN_LIB, or the build's own)
    --libssl NAMES   which of its libssl, with commas (all)
    --keep DIR       writes each finding, minimised, to a file there
"""
import argparse
import collections
import os
import random
import sys
import time

import generate
import judge
import play

EXEMPTED = collections.Counter()  # how often what LIMITS admits was met
HERE = os.path.dirname(os.path.abspath(__file__))


def libssls(build, library, names):
    """Of the list that CMake wrote."""
    with open(os.path.join(build, "tests", "sequences", "libssl.txt"), encoding="utf-8") as file:
        rows = [line.rstrip("\n").split("|") for line in file if line.strip()]
    found = [play.Libssl(name, player, tuple(loader.split()), library)
             for name, player, loader in rows if not names or name in names]
    unbuilt = [one.name for one in found if not os.path.exists(one.player)]
    if unbuilt:
        sys.exit(f"not built (cmake --build ... -t player_NAME): {', '.join(unbuilt)}")
    missing = set(names) - {one.name for one in found}
    if missing:
        sys.exit(f"no such libssl in {build}: {', '.join(missing)}")
    return found


def examine(libssl, sequences, audit=True):
    """(sequence, findings) of each, in one batch for all that have the same settings."""
    groups = {}
    for sequence in sequences:
        groups.setdefault((sequence.env, sequence.cnf), []).append(sequence)
    out = []
    for (env, cnf), members in groups.items():
        plays = [(s, c) for s in members for c in s.clients()]
        calls = [s.calls(c) for s, c in plays]
        traces = {mode: libssl.play(calls, mode, env, cnf) for mode in ("bare", "hardened")}
        quiet = quiet_findings(libssl, plays, traces["bare"], env, cnf) if audit else {}
        for sequence in members:
            here = [i for i, (s, _) in enumerate(plays) if s is sequence]
            bare, hard = ({plays[i][1]: traces[mode][i] for i in here}
                          for mode in ("bare", "hardened"))
            present = [c for c in bare if c == "" or bare[c].absent != c]
            judged = judge.Judge(libssl, sequence, {c: bare[c] for c in present},
                                 {c: hard[c] for c in present})
            found = judged.findings()
            EXEMPTED.update(judged.used)
            if judge.in_range(libssl, sequence):
                found += judge.expected(sequence, bare, hard)
            for i in here:
                found += quiet.get(i, [])
            out.append((sequence, found))
    return out


def quiet_findings(libssl, plays, bare, env, cnf):
    """off and audit change nothing: asked with some of the clients."""
    chosen = [i for i, (_, client) in enumerate(plays)
              if client in ("", "tls1.2", "any", "tls1.1", "dtls") and not bare[i].crash]
    found = {}
    for mode in ("off", "audit"):
        traces = libssl.play([plays[i][0].calls(plays[i][1]) for i in chosen], mode, env, cnf)
        for i, trace in zip(chosen, traces):
            one, other = bare[i].text().splitlines(), trace.text().splitlines()
            if one != other and is_steady(libssl, plays[i], one, env, cnf):
                at = next((k for k, (a, b) in enumerate(zip(one, other)) if a != b),
                          min(len(one), len(other)))
                what = (other[at:] or ["nothing"])[0].strip()
                was = (one[at:] or ["nothing"])[0].strip()
                found.setdefault(i, []).append(
                    judge.Finding(mode, plays[i][1], f"{what}, bare {was}"))
    return found


def is_steady(libssl, play_of, text, env, cnf):
    """Whether it comes out alike once more: what a libssl makes of another's keys (a connection that
    was not cleared) depends on chance."""
    sequence, client = play_of
    return libssl.play([sequence.calls(client)], "bare", env, cnf)[0].text().splitlines() == text


# --- minimising -------------------------------------------------------------------------------

def minimise(libssl, sequence, finding):
    """The shortest sequence that still has a finding of the same rule."""
    size = max(1, len(sequence.lines) // 2)
    audit = finding.rule in ("off", "audit")
    while True:
        candidates = [without(sequence, at, size) for at in range(0, len(sequence.lines), size)]
        smaller = next((s for s, found in examine(libssl, candidates, audit)
                        if any(f.rule == finding.rule for f in found)), None)
        if smaller is not None and len(smaller.lines) < len(sequence.lines):
            sequence = smaller
            size = min(size, max(1, len(sequence.lines) // 2))
        elif size == 1:
            return sequence
        else:
            size = size // 2


def without(sequence, at, size):
    return play.Sequence(sequence.lines[:at] + sequence.lines[at + size:], sequence.env,
                         sequence.cnf, (), sequence.name)


# --- telling ----------------------------------------------------------------------------------

def tell(libssl, sequence, findings, arguments):
    """One of each rule, with what to play by hand."""
    for rule in dict.fromkeys(f.rule for f in findings):
        first = next(f for f in findings if f.rule == rule)
        least = sequence
        if arguments.minimise and not rule.startswith("expected"):
            least = minimise(libssl, sequence, first)
            found = examine(libssl, [least])[0][1]
            first = next((f for f in found if f.rule == rule), first)
        print(f"{libssl.name}: {sequence.name}: {first}"[:300])
        if arguments.minimise:
            print("".join("    " + line + "\n" for line in least.text().splitlines()), end="")
        if arguments.keep:
            keep(arguments.keep, libssl, least, first)
    sys.stdout.flush()


def keep(folder, libssl, sequence, finding):
    path = os.path.join(folder, f"{libssl.name}-{sequence.name}-{finding.rule}.seq")
    os.makedirs(folder, exist_ok=True)
    with open(path, "w", encoding="utf-8") as out:
        out.write(f"# {libssl.name}: {finding}\n{sequence.text()}")
    print(f"    run.py --libssl {libssl.name} {path}")


def show(libssl, sequence, client):
    for mode in ("bare", "hardened"):
        trace = libssl.play([sequence.calls(client)], mode, sequence.env, sequence.cnf)[0]
        print(f"{libssl.name}, {mode}:\n{trace.text()}")


def batch(libssl, sequences, arguments):
    bad = 0
    for sequence, findings in examine(libssl, sequences, not arguments.no_audit):
        if findings:
            bad += 1
            tell(libssl, sequence, findings, arguments)
    return bad


def forever(chosen, minutes, arguments):
    seed = random.SystemRandom().randrange(10 ** 9)
    until, bad, played = time.monotonic() + 60 * minutes, 0, 0
    while time.monotonic() < until:
        print(f"seeds {seed} to {seed + 49}", flush=True)
        for libssl in chosen:
            bad += batch(libssl, [generate.sequence(seed + i) for i in range(50)], arguments)
            played += 50
            if time.monotonic() >= until:
                break
        seed += 50
    print(f"{played} sequences")
    return bad


def seeds(text):
    first, _, last = text.partition("-")
    return range(int(first), int(last or first) + 1)


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*")
    parser.add_argument("--build", default=os.path.join(HERE, "..", "..", "build", "release"))
    parser.add_argument("--lib", default=os.environ.get("SSLHARDEN_LIB"))
    parser.add_argument("--libssl", default="", metavar="NAMES")
    parser.add_argument("--seeds", metavar="FIRST-LAST")
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--keep", metavar="DIR")
    parser.add_argument("--show", metavar="CLIENT")
    parser.add_argument("--print", action="store_true", help="print the sequences of the seeds")
    parser.add_argument("--no-audit", action="store_true", help="do not try off and audit")
    parser.add_argument("--no-minimise", dest="minimise", action="store_false")
    return parser.parse_args()


def main():
    arguments = parse_arguments()
    library = arguments.lib or os.path.join(arguments.build, "lib", "libsslharden.so")
    sequences = [play.read(path) for path in arguments.files]
    sequences += [generate.sequence(i) for i in seeds(arguments.seeds)] if arguments.seeds else []
    if arguments.print:
        print("\n".join(f"# {s.name}\n{s.text()}" for s in sequences))
        return 0
    chosen = libssls(arguments.build, os.path.abspath(library),
                     [n for n in arguments.libssl.split(",") if n])
    if arguments.show is not None:
        for libssl in chosen:
            for sequence in sequences:
                show(libssl, sequence, arguments.show)
        return 0
    bad = sum(batch(libssl, sequences, arguments) for libssl in chosen) if sequences else 0
    if arguments.minutes:
        bad += forever(chosen, arguments.minutes, arguments)
    if arguments.minutes:
        print("exempted: " + ", ".join(f"{n} {name}" for name, n in EXEMPTED.most_common()))
    print(f"{bad} sequences with findings" if bad else "nothing found")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
