# SPDX-License-Identifier: MIT
"""Whether time and memory stay flat: many contexts, many threads, several libssl."""
import os
import re
import shutil
import textwrap

import setting as common
from setting import WAYS

TITLE = "Growth"
BYTES = 64  # a context, beyond libssl's own
FLAT = 1.05  # how much larger the ratio to bare may be where there is much, not little
WHY = """\
`SSL_new` and `SSL_free` alone, of a context from anywhere: its entry in the table is one line of
memory more to fetch, which no cache has any more when there are that many; libssl fetches many of
its own, which is why the bare figure grows too. The instructions are the same ones"""
ROUNDS = 7
STEPS = [1, 10, 100, 1000, 10000, 100000]
THREADS = [1, 2, 4, 8, 16, 32, 64]


def environment(setting, way):
    folders = ":".join(os.path.dirname(path) for path in setting.images.values())
    return common.in_way(setting, way, **({"LD_LIBRARY_PATH": folders} if folders else {}))


def grown(setting, way, libraries, *words):
    return common.figures([setting.program("growth"), ",".join(libraries), *map(str, words)],
                          environment(setting, way))


def system_libssl(setting):
    """The libssl that the benchmark's own program is linked with."""
    lines = common.run(["ldd", setting.program("calls")], common.bare()).stdout
    return re.search(r"libssl\S* => (\S+)", lines).group(1)


def contexts(setting, libssl):
    steps = [step for step in STEPS if step <= setting.few(100000, 1000)]
    runs = {way: [] for way in WAYS}
    for _ in range(setting.few(ROUNDS, 1)):
        for way in WAYS:
            runs[way].append(grown(setting, way, [libssl], "contexts", *steps))
            common.prove(way, runs[way][-1][0]["options"])
    return {way: [{"contexts": step,
                   **{what: common.spread([int(one[i][what]) for one in runs[way]])
                      for what in ("nanoseconds", "bytes", "connection")}}
                  for i, step in enumerate(steps)] for way in WAYS}


def threads(setting, libssl):
    counts = [count for count in THREADS if count <= setting.few(64, 4)]
    work = setting.few(512, 8)  # contexts in all, whoever makes them
    found = []
    for count in counts:
        runs = {way: [] for way in WAYS}
        for _ in range(setting.few(15, 2)):
            for way in WAYS:
                runs[way].append(grown(setting, way, [libssl], "threads", count, work // count)[0])
        found.append({"threads": count,
                      **{way: {what: common.spread([int(one[what]) for one in runs[way]])
                               for what in ("cpu", "wall")} for way in WAYS}})
    return found


def futexes(setting, libssl):
    """How often threads waited for each other, or woke one: calls of futex(2)."""
    if shutil.which("strace") is None:
        return None
    count = setting.few(16, 4)
    found = {way: [] for way in WAYS}
    for _ in range(setting.few(7, 1)):
        for way in WAYS:
            env = environment(setting, way)
            words = [f"--env={name}={env.pop(name)}" for name in ("LD_PRELOAD",) if name in env]
            done = common.run(["strace", "-f", "-c", "-e", "trace=futex", *words,
                               setting.program("growth"), libssl, "threads", str(count),
                               str(setting.few(32, 2))], env)
            calls = re.search(r"(\d+)(?: +\d+)? futex$", done.stderr, re.M)
            found[way].append(int(calls.group(1)) if calls else 0)
    return {"threads": count, **{way: common.spread(found[way]) for way in WAYS}}


def images(setting, libssl):
    """Instructions of a context where one, two, three libssl are there: a run of some contexts
    taken from one of twice as many."""
    some = setting.few(30, 3)
    libraries = [("the system's", libssl), *setting.images.items()][:3]
    found = []
    for count in range(1, len(libraries) + 1):
        paths = [path for _, path in libraries[:count]]
        one = {"images": [name for name, _ in libraries[:count]]}
        for way in WAYS:
            totals = [common.callgrind(setting, [setting.program("growth"), ",".join(paths),
                                                 "contexts", str(number)],
                                       environment(setting, way))["end"].count
                      for number in (some, 2 * some)]
            one[way] = (totals[1] - totals[0]) / some
        found.append(one)
    return found


def measure(setting):
    libssl = system_libssl(setting)
    return {"contexts": contexts(setting, libssl), "threads": threads(setting, libssl),
            "futexes": futexes(setting, libssl), "images": images(setting, libssl)}


def ratios(found, what):
    """Preloaded over bare, at each number of contexts."""
    bare, shim = (found["contexts"][way] for way in WAYS)
    return [s[what]["least"] / b[what]["least"] for b, s in zip(bare, shim)]


def thread_ratio(one):
    return one["preloaded"]["cpu"]["least"] / one["bare"]["cpu"]["least"]


def bytes_added(found):
    """Bytes a context beyond libssl's own, at each number of contexts."""
    bare, shim = (found["contexts"][way] for way in WAYS)
    return [(s["bytes"]["median"] - b["bytes"]["median"]) / b["contexts"]
            for b, s in zip(bare, shim)]


def bounds(found):
    steps = [one["contexts"] for one in found["contexts"]["bare"]]
    few, many = steps.index(100), len(steps) - 1
    most = max(bytes_added(found)[i] for i, step in enumerate(steps) if step >= 1000)
    yield common.Bound("bytes a context beyond libssl's own, from 1,000 contexts on", f"{BYTES}",
                       f"{most:.0f}", most <= BYTES)
    for what, text in (("nanoseconds", "a context"), ("connection", "a connection")):
        times = ratios(found, what)
        yield common.Bound(
            f"flat: time of {text}, as a ratio to bare, with {steps[many]:,} contexts beside "
            f"that with {steps[few]}", f"{FLAT}",
            f"{times[many] / times[few]:.3f} ({times[many]:.3f} / {times[few]:.3f})",
            times[many] / times[few] <= FLAT, WHY)
    one, last = (thread_ratio(found["threads"][i]) for i in (0, -1))
    yield common.Bound(f"flat: processor time, as a ratio to bare, of "
                       f"{found['threads'][-1]['threads']} threads beside that of 1", f"{FLAT}",
                       f"{last / one:.3f} ({last:.3f} / {one:.3f})", last / one <= FLAT)
    if len(found["images"]) > 1:
        one, last = (part["preloaded"] - part["bare"]
                     for part in (found["images"][0], found["images"][-1]))
        part = 1 + (last - one) / found["images"][-1]["bare"]
        yield common.Bound(f"flat: instructions of a context with {len(found['images'])} libssl "
                           "beside that with 1", f"{FLAT}", f"{part:.4f}", part <= FLAT)


def context_rows(found):
    bare, shim = (found["contexts"][way] for way in WAYS)
    for b, s, more in zip(bare, shim, bytes_added(found)):
        yield (f"{b['contexts']:,}", f"{b['bytes']['median'] / b['contexts']:,.0f}", f"{more:.1f}",
               *(f"{one[what]['least']:,.0f}" for what in ("nanoseconds", "connection")
                 for one in (b, s)))


def thread_rows(found):
    for one in found["threads"]:
        bare, shim = (one[way]["cpu"] for way in WAYS)
        yield (one["threads"], *(f"{cpu['median'] / 1000:,.0f} ({cpu['low'] / 1000:,.0f} to "
                                 f"{cpu['high'] / 1000:,.0f})" for cpu in (bare, shim)),
               f"{thread_ratio(one):.3f}")


def image_rows(found):
    for one in found["images"]:
        yield (", ".join(one["images"]), f"{one['bare']:,.0f}",
               f"{one['preloaded'] - one['bare']:,.0f}")


def text(found):
    parts = ["""\
Contexts of `TLS_server_method`, kept: private memory beyond that of the first one; processor time
of making one; and that of a connection (`SSL_new`, `SSL_set_accept_state`, `SSL_free`) of contexts
taken from all over. The least of each in several runs, as what else the machine does only adds;
libssl's own memory no longer fits the caches, which is why bare figures grow.

""", common.table(["contexts", "bytes of libssl's", "bytes more", "ns a context, bare", "preloaded",
                   "ns a connection, bare", "preloaded"], context_rows(found)), """
Threads, the same work in all: each makes contexts, and connections of its own and of one shared by
all. Processor time of a context with its twenty connections, in µs (median, quartiles; the ratio is
that of the least).

""", common.table(["threads", "bare", "preloaded", "ratio"], thread_rows(found))]
    waits = found["futexes"]
    if waits:
        bare, shim = (f"{waits[way]['median']:.0f} ({waits[way]['low']:.0f} to "
                      f"{waits[way]['high']:.0f})" for way in WAYS)
        parts.append("\n" + textwrap.fill(
            f"System calls by which {waits['threads']} threads wait for each other (`futex`, counted "
            f"by strace, whose stops make them meet more often): bare {bare}, preloaded {shim}. "
            "libssl has locks of its own; which ones a preloaded program comes by besides is told "
            "above, by call.", 100) + "\n")
    parts += ["\nSeveral libssl in one process; instructions of a context (in turns, of each):\n\n",
              common.table(["libssl", "bare", "added"], image_rows(found))]
    if len(found["images"]) < 3:
        parts.append("\nFewer than three: scripts/fetch-libssl had not been run.\n")
    return "".join(parts)


def plots(found):
    def draw(figure):
        left, middle, right = figure.subplots(1, 3)
        steps = [one["contexts"] for one in found["contexts"]["bare"]]
        left.plot(steps, ratios(found, "nanoseconds"), "o-", label="a context")
        left.plot(steps, ratios(found, "connection"), "s-", label="a connection")
        left.set(xscale="log", xlabel="contexts", title="time, × bare", ylim=(0, None))
        left.legend()
        middle.plot(steps[2:], bytes_added(found)[2:], "o-")
        middle.axhline(BYTES, color="black")
        middle.set(xscale="log", xlabel="contexts", title="bytes a context, more", ylim=(0, None))
        counts = [one["threads"] for one in found["threads"]]
        right.plot(counts, [thread_ratio(one) for one in found["threads"]], "o-")
        right.set(xscale="log", xlabel="threads", title="processor time, × bare", ylim=(0, None))
    return {"growth": draw}
