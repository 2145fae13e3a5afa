# SPDX-License-Identifier: MIT
"""What it costs to start a program, and what other ways of loading something cost."""
import glob
import os
import time

import setting as common

TITLE = "Start-up"
PROGRAMS = {"true": ["/bin/true"], "sh": ["/bin/sh", "-c", ":"],
            "openssl": ["/usr/bin/openssl", "version"]}
WAYS = {"bare": "bare", "empty": "an empty library preloaded", "preloaded": "sslharden preloaded",
        "audit": "sslharden as `LD_AUDIT`", "both": "both", "eatmydata": "libeatmydata preloaded",
        "faketime": "libfaketime preloaded"}
LIMIT = 1.25  # times a start with the empty library
LIMIT_ADDED = 1.5  # times what the empty library adds
WHY = """\
the whole start keeps the bound; the time added by itself does not. Of the instructions that our
library has more than the empty one seven in ten are the loader's: it binds the 17 names of libc's
that are left, by name and version, before the program runs. To bind them at first use instead would
leave the table of their addresses writable in other people's processes (no full RELRO), and would
have the loader run on the stack of whoever calls first. The rest is one look through the
environment and for the settings file, a file of more pages, and what descriptor 2 is"""
AUDITS = ("audit", "both")  # valgrind's own libraries cannot be in an audit library's namespace


def installed(pattern, package):
    found = glob.glob(f"/usr/lib/*-linux-gnu/{pattern}")
    if not found:
        raise common.Absent(f"{pattern} (Debian's {package}) is not installed")
    return found[0]


def environments(setting):
    ours = {"LD_PRELOAD": setting.library}
    audit = {"LD_AUDIT": setting.library}
    return {"bare": {}, "empty": {"LD_PRELOAD": setting.empty_library}, "preloaded": ours,
            "audit": audit, "both": {**ours, **audit},
            "eatmydata": {"LD_PRELOAD": installed("libeatmydata.so", "libeatmydata1")},
            "faketime": {"LD_PRELOAD": installed("faketime/libfaketime.so.1", "libfaketime"),
                         "FAKETIME": "+0"}}


def live(command, environment):
    """Microseconds of a process's life, its processor time, and the pages that it touched."""
    begin = time.perf_counter()
    pid = os.posix_spawn(command[0], command, environment,
                         file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)])
    _, status, used = os.wait4(pid, 0)
    wall = time.perf_counter() - begin
    if status != 0:
        raise RuntimeError(f"{' '.join(command)}: status {status}")
    return {"wall": wall * 1e6, "cpu": (used.ru_utime + used.ru_stime) * 1e6,
            "faults": used.ru_minflt}


def in_turns(setting, command, ways):
    """Each way once a round, beginning with another one each time."""
    lives = {way: [] for way in ways}
    order = list(ways)
    for _ in range(setting.few(600, 3)):
        order.append(order.pop(0))
        for way in order:
            lives[way].append(live(command, common.bare(**ways[way])))
    return lives


def measure(setting):
    ways = environments(setting)
    for way, variables in ways.items():  # the loader goes on without what it cannot load
        said = common.run(PROGRAMS["true"], common.bare(**variables)).stderr
        if said:
            raise RuntimeError(f"{way}: {said}")
    found = {}
    for name, command in PROGRAMS.items():
        lives = in_turns(setting, command, ways)
        found[name] = {way: {what: common.spread([one[what] for one in lives[way]])
                             for what in ("wall", "cpu", "faults")} for way in ways}
        for way in ways:
            pairs = [[one["wall"], *(lives[other][i]["wall"] for other in ("bare", "empty"))]
                     for i, one in enumerate(lives[way])]
            found[name][way]["added"] = common.spread([one - bare for one, bare, _ in pairs])
            found[name][way]["beside"] = common.spread([one / empty for one, _, empty in pairs])
            if way not in AUDITS and not (setting.small and way != "preloaded"):
                dumps = common.callgrind(setting, command, common.bare(**ways[way]))
                found[name][way]["instructions"] = dumps["end"].count
    return found


def bounds(found):
    for name, command in PROGRAMS.items():
        start = f"start of `{' '.join(command)}`"
        beside = found[name]["preloaded"]["beside"]["median"]
        yield common.Bound(f"{start}: beside that with an empty library", f"{LIMIT}",
                           f"{beside:.3f}", beside <= LIMIT)
        ours, empty = (found[name][way]["added"]["median"] for way in ("preloaded", "empty"))
        yield common.Bound(f"{start}: time added, beside what an empty library adds", f"{LIMIT_ADDED}",
                           f"{ours:.0f} µs of {empty:.0f}" if empty <= 0 else
                           f"{ours / empty:.2f} ({ours:.0f} µs of {empty:.0f})",
                           ours <= LIMIT_ADDED * empty, WHY)


def rows(of):
    for way, text in WAYS.items():
        one = of[way]
        wall, more = one["wall"], one["added"]
        yield (text, f"{wall['median']:.0f} ({wall['low']:.0f} to {wall['high']:.0f})",
               f"{more['median']:.0f} ({more['low']:.0f} to {more['high']:.0f})",
               f"{one['beside']['median']:.3f}",
               f"{one['cpu']['median']:.0f}", f"{one['faults']['median']:.0f}",
               f"{one['instructions']:,}" if "instructions" in one else "")


def text(found):
    parts = ["""\
From `posix_spawn` to the process's end, in turns: microseconds (median, quartiles); those added to the
bare start of the same round; the ratio to the start with an empty library in the same round; then
processor time, page faults, and instructions in user mode (callgrind's, which cannot run an audit
library). What an empty library costs can be read in two ways, and both are held against the bound:
the whole start, and what is added to a bare one.
"""]
    head = ["", "µs", "added", "beside empty", "processor µs", "page faults", "instructions"]
    for name, command in PROGRAMS.items():
        parts.append(f"`{' '.join(command)}`:\n\n{common.table(head, rows(found[name]))}")
    return "\n".join(parts)


def plots(found):
    def draw(figure):
        for axes, (name, command) in zip(figure.subplots(1, len(PROGRAMS), sharey=True),
                                         PROGRAMS.items()):
            bare = found[name]["bare"]["wall"]["median"]
            ways = list(WAYS)[::-1]
            walls = [found[name][way]["wall"] for way in ways]
            middle = [wall["median"] / bare for wall in walls]
            axes.barh(range(len(ways)), middle,
                      xerr=[[m - w["low"] / bare for m, w in zip(middle, walls)],
                            [w["high"] / bare - m for m, w in zip(middle, walls)]],
                      color=["C0" if "sslharden" in WAYS[way] or way == "both" else "0.7"
                             for way in ways])
            axes.axvline(LIMIT * found[name]["empty"]["wall"]["median"] / bare, color="black")
            axes.set_yticks(range(len(ways)), [WAYS[way].replace("`", "") for way in ways])
            axes.set_title(os.path.basename(" ".join(command)))
            axes.set_xlabel("× bare; line: bound")
    return {"startup": draw}
