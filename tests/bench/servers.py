# SPDX-License-Identifier: MIT
"""Whole servers under load, bare, preloaded, and behind what people put in front of them."""
import json
import pathlib
import subprocess
import sys
import tempfile

import setting as common

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "daemons"))
import fronts  # noqa: E402
import layers  # noqa: E402
import sandbox  # noqa: E402

TITLE = "Whole servers"
LIMIT = 0.998  # of what the bare server does
LIMIT_CPU = 1.002  # times its processor time
WHY = """\
two thousandths are less than what chance does here: see how far the quartiles lie apart, and what a
second bare nginx comes to beside the first. Counted instead of timed, the same connections keep the
bound ("A whole server, counted" above), and on kept ones no instruction is added ("16 KiB received
and sent" above)"""
LOADS = {"new-rsa": "new connections, RSA-2048", "new-ec": "new connections, ECDSA P-256",
         "kept-rsa": "requests on kept connections"}
BASE = layers.base("bookworm")
SELDOM = 5  # what stands in front of a plain server is measured each so many rounds


class Box:
    """A server in its sandbox, up until it is told to end."""

    def __init__(self, setting, front, way, key):
        self.place = tempfile.mkdtemp(dir=setting.folder)
        names = ["load", *fronts.FRONTS[front].layers, BASE]
        folders = ":".join(str(setting.layers.resolve() / name / "root") for name in names)
        words = [front, key, folders, self.place]
        if way == "preloaded":
            words.append(setting.library)
        self.process = subprocess.Popen(
            [*sandbox.UNSHARE, sys.executable, "-B",
             str(pathlib.Path(__file__).with_name("serve.py")), *words],
            text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"a server ended: exit {self.process.wait()}")
        return line

    def load(self, kind, seconds):
        self.process.stdin.write(f"{kind} {seconds}\n")
        self.process.stdin.flush()
        return json.loads(self.answer())

    def end(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


def reference(front, way):
    """What a server is held beside: bare, itself or one that sets the same options; or the nginx
    that needs nothing in front."""
    if way == "preloaded":
        return (fronts.FRONTS[front].beside or front, "bare")
    return (front if fronts.FRONTS[front].method and front != "ordered" else "nginx", "bare")


def variants():
    """Every server and way, what is compared closely first."""
    own = [name for name, front in fronts.FRONTS.items() if front.method]
    twins = {front.beside for front in fronts.FRONTS.values()}
    return [(name, way) for name in own for way in ("bare", "preloaded")
            if way == "bare" or name not in twins] + [("nginx", "again")] + \
           [(name, "in front") for name in fronts.FRONTS if name not in own]


def needed(setting):
    if setting.layers is None:
        raise common.Absent("scripts/fetch-daemons had not been run")
    names = {"load", BASE, *(layer for front in fronts.FRONTS.values() for layer in front.layers)}
    for name in sorted(names):
        if not (setting.layers / name / "complete").exists():
            raise common.Absent(f"{name} is not there (scripts/fetch-daemons makes it)")
    if not sandbox.possible():
        raise common.Absent("a sandbox needs root, and file systems mounted over others")


def in_turns(setting, boxes, loads):
    """{load: {(front, way): answers}}, one answer a round; None where it was not its turn."""
    found = {load: {variant: [] for variant in variants()} for load in loads}
    order = variants()
    for turn in range(setting.few(30, 1)):
        order.append(order.pop(0))
        for load in loads:
            kind, key = load.split("-")
            for front, way in order:
                due = way != "in front" or turn % SELDOM == 0
                found[load][front, way].append(
                    boxes[front, way, key].load(kind, 1) if due else None)
    return found


def summary(answers, others):
    """Of a server's answers, and of those in the same rounds of what it is held beside."""
    own = [one for one in answers if one]
    pairs = [(one, other) for one, other in zip(answers, others) if one and other]

    def cost(some):
        return sum(one["cpu"] for one in some) / sum(one["count"] for one in some)
    return {"rate": common.spread([one["rate"] for one in own]),
            "cpu": cost(own),
            "busy": sum(one["cpu"] for one in own) / sum(one["count"] / one["rate"] for one in own),
            "latency": {part: common.spread([one["latency"][part] for one in own])["median"]
                        for part in own[0]["latency"]},
            "memory": own[-1]["memory"],
            "beside": common.spread([one["rate"] / other["rate"] for one, other in pairs]),
            "beside_cpu": cost([one for one, _ in pairs]) / cost([other for _, other in pairs])}


def measure(setting):
    needed(setting)
    loads = setting.few(list(LOADS), ["new-rsa", "kept-rsa"])
    keys = sorted({load.split("-")[1] for load in loads})
    boxes = {}
    try:
        for front, way in variants():
            for key in keys:
                boxes[front, way, key] = Box(setting, front, way, key)
        for box in boxes.values():
            box.answer()  # ready
        answers = in_turns(setting, boxes, loads)
    finally:
        for box in boxes.values():
            box.end()
    return {load: {f"{front} {way}": summary(runs, answers[load][reference(front, way)])
                   for (front, way), runs in answers[load].items()} for load in loads}


def bounds(found):
    for load, servers in found.items():
        for name, one in servers.items():
            if not name.endswith("preloaded"):
                continue
            beside = one["beside"]
            yield common.Bound(
                f"{name.split()[0]}: {LOADS[load]}, beside bare", f"{LIMIT}",
                f"{beside['median']:.4f} ({beside['low']:.3f} to {beside['high']:.3f})",
                beside["median"] >= LIMIT, WHY)
            cpu = one["beside_cpu"]
            yield common.Bound(
                f"{name.split()[0]}: processor time of {LOADS[load]}, beside bare",
                f"{LIMIT_CPU}", f"{cpu:.4f}", cpu <= LIMIT_CPU, WHY)


def title(name):
    front, _, way = name.partition(" ")
    return fronts.FRONTS[front].title + {"in front": "", "again": ", bare again"}.get(way, f", {way}")


def rows(servers):
    for name, one in servers.items():
        rate, beside, latency, memory = (one[k] for k in ("rate", "beside", "latency", "memory"))
        yield (title(name), f"{rate['median']:,.0f} ({rate['low']:,.0f} to {rate['high']:,.0f})",
               f"{beside['median']:.3f} ({beside['low']:.3f} to {beside['high']:.3f})",
               f"{one['cpu'] * 1e6:,.1f}", f"{one['beside_cpu']:.3f}", f"{100 * one['busy']:.0f} %",
               " / ".join(f"{1000 * latency[part]:.2f}" for part in ("50", "90", "99")),
               f"{memory['resident'] / 2**20:.1f} / {memory['private'] / 2**20:.1f}")


def text(found):
    parts = ["""\
Debian's packages, one worker each, 16 connections, on loopback in a network of their own: the
server, and what stands in front of it, on one processor, the load on the other. New connections:
ab, each with a full handshake, one request, and its end. Kept ones: wrk. Rounds of a second, in
turns; medians and quartiles. "Beside" is the ratio within a round: preloaded beside bare, the
others beside bare nginx; a second bare nginx shows what chance alone does. Processor time is the
server's, all its processes and threads, for one connection or request: the steadier figure where
the machine has other work, or where the load and not the server is what is busy; it has the same
bound, turned over. Latency: 50, 90 and 99 of 100, in ms. Memory: resident and private, in MiB.
"""]
    if all("ordered bare" in servers for servers in found.values()):
        parts.append("""\
nginx, preloaded, is held beside one that is bare and sets the server's order itself, so that what
that order costs in libssl is not counted as the library's. (lighttpd sets it by default.)
""")
    for name, front in fronts.FRONTS.items():
        if front.method and name != "ordered":
            parts.append(f"{front.title} makes its contexts by {front.method}.")
    head = ["", "a second", "beside", "µs of processor", "beside", "busy", "latency", "memory"]
    for load, servers in found.items():
        name = LOADS[load][0].upper() + LOADS[load][1:]
        parts.append(f"\n{name}:\n\n{common.table(head, rows(servers))}")
    return "\n".join(parts)


def plots(found):
    def draw(figure):
        for axes, (load, servers) in zip(figure.subplots(1, len(found), sharey=True), found.items()):
            names = list(servers)[::-1]
            beside = [servers[name]["beside"] for name in names]
            middle = [one["median"] for one in beside]
            axes.barh(range(len(names)), middle,
                      xerr=[[m - one["low"] for m, one in zip(middle, beside)],
                            [one["high"] - m for m, one in zip(middle, beside)]],
                      color=["C0" if name.endswith("preloaded") else "0.7" for name in names])
            axes.plot([servers[name]["beside_cpu"] for name in names], range(len(names)), "k|",
                      markersize=12, label="processor time")
            axes.set_yticks(range(len(names)), [title(name) for name in names])
            axes.set_title(LOADS[load], fontsize=8)
            axes.set_xlabel("beside bare")
        axes.legend(fontsize=7)
    return {"servers": draw}
