# SPDX-License-Identifier: MIT
"""Whether time and memory stay flat: connections at ever new addresses, threads, children."""
import setting as common
from setting import WAYS

TITLE = "Crowds"
FLAT = 1.05  # how much larger the ratio to bare may be where there is much, not little
BYTES = 4096  # a page: beyond bare, for ten million connections that have ended


def crowd(setting, way, what, count, rounds):
    return common.figures([setting.program("crowd"), setting.certificate("ec"), what, str(count),
                           str(rounds)], common.in_way(setting, way))


def addresses(setting):
    """Ten steps to ten million, several times, both ways in turns."""
    runs = {way: [] for way in WAYS}
    for _ in range(setting.few(3, 1)):
        for way in WAYS:
            runs[way].append(crowd(setting, way, "addresses", setting.few(1000000, 1000),
                                   setting.few(10, 2)))
            common.prove(way, runs[way][-1][-1]["options"])
    return [{"count": int(step["connections"]),
             **{way: {what: common.spread([int(run[i][what]) for run in runs[way]])
                      for what in ("nanoseconds", "bytes")} for way in WAYS}}
            for i, step in enumerate(runs["bare"][0])]


def many(setting, what, counts, handshakes):
    found = []
    for count in counts:
        runs = {way: [] for way in WAYS}
        for _ in range(setting.few(5, 1)):
            for way in WAYS:
                runs[way] += crowd(setting, way, what, count, max(handshakes // count, 1))
        found.append({"count": count,
                      **{way: {figure: common.spread([int(run[figure]) for run in runs[way]])
                               for figure in ("nanoseconds", "bytes")} for way in WAYS}})
    return found


def measure(setting):
    return {"addresses": addresses(setting),
            "threads": many(setting, "threads", setting.few((1, 8, 64), (1, 4)),
                            setting.few(2560, 8)),
            "children": many(setting, "children", setting.few((1, 50, 500), (1, 4)),
                             setting.few(5000, 8))}


def ratio(one):
    """Preloaded over bare, of the least of each: what else the machine does only adds."""
    bare, shim = (one[way]["nanoseconds"]["least"] for way in WAYS)
    return shim / bare


def flat(what, first, last):
    value = ratio(last) / ratio(first)
    return common.Bound(f"flat: processor time, as a ratio to bare, of {last['count']:,} {what} "
                        f"beside that of {first['count']:,}", f"{FLAT}",
                        f"{value:.3f} ({ratio(last):.3f} / {ratio(first):.3f})", value <= FLAT)


def bounds(found):
    steps = found["addresses"]
    more = max(step["preloaded"]["bytes"]["high"] - step["bare"]["bytes"]["low"] for step in steps)
    yield common.Bound(f"bytes that {steps[-1]['count'] - steps[0]['count']:,} connections at ever "
                       "new addresses leave, beyond bare", f"{BYTES}", f"{more:,}", more <= BYTES)
    yield flat("connections at ever new addresses", steps[0], steps[-1])
    yield flat("threads' handshakes", found["threads"][0], found["threads"][-1])
    yield flat("children's handshakes", found["children"][0], found["children"][-1])
    last = found["children"][-1]
    more = last["preloaded"]["bytes"]["median"] - last["bare"]["bytes"]["median"]
    yield common.Bound(f"private memory of each of {last['count']:,} children that served, beyond "
                       "bare", "16.0 KiB", f"{more / 1024:.1f} KiB", more <= 16384)


def step_rows(steps):
    for one in steps:
        yield (f"{one['count']:,}", *(f"{one[way][what][which]:,.0f}" for what, which in
                                      (("nanoseconds", "least"), ("bytes", "median"))
                                      for way in WAYS))


def many_rows(found):
    for one in found:
        bare, shim = (one[way] for way in WAYS)
        yield (f"{one['count']:,}",
               *(f"{way['nanoseconds']['median'] / 1000:,.0f} "
                 f"({way['nanoseconds']['low'] / 1000:,.0f} to "
                 f"{way['nanoseconds']['high'] / 1000:,.0f})" for way in (bare, shim)),
               f"{ratio(one):.3f}",
               *(f"{way['bytes']['median'] / 1024:,.0f}" for way in (bare, shim)))


def text(found):
    head = ["µs a handshake, bare", "preloaded", "ratio", "private KiB, bare", "preloaded"]
    return "".join(["""\
Connections (`SSL_new`, `SSL_set_accept_state`, `SSL_free`; each thousandth with a whole handshake)
of a program whose allocator never gives an address a second time: what is remembered of one has to
go with it. Processor time of one (the least of several runs), and private memory beyond that after
the first step.

""", common.table(["connections", "ns a connection, bare", "preloaded", "bytes more, bare",
                   "preloaded"], step_rows(found["addresses"])), """
Full handshakes (ECDSA P-256, both ends in one process) of many threads at once, the same number in
all: their counts are in one page. Processor time, median and quartiles; the ratio is that of the
least.

""", common.table(["threads", *head], many_rows(found["threads"])), """
The same of children that their server forked, and that live at one time; memory of a child.

""", common.table(["children", *head], many_rows(found["children"]))])


def plots(found):
    def draw(figure):
        left, right = figure.subplots(1, 2)
        steps = found["addresses"]
        left.plot([one["count"] for one in steps], [ratio(one) for one in steps], "o-")
        left.set(xlabel="connections at ever new addresses", title="time, × bare", ylim=(0, None))
        for what, marker in (("threads", "o-"), ("children", "s-")):
            right.plot([one["count"] for one in found[what]],
                       [ratio(one) for one in found[what]], marker, label=what)
        right.set(xscale="log", xlabel="at once", title="time of a handshake, × bare",
                  ylim=(0, None))
        right.legend()
    return {"crowds": draw}
