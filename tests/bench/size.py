# SPDX-License-Identifier: MIT
"""How large the library is, and what a process has of it for itself alone."""
import os
import struct
import subprocess

import growth
import setting as common

TITLE = "Size"
FILE = 64 * 1024
PRIVATE = 16 * 1024
WHY_FILE = """\
what it is made of stands below, under "Size". `.eh_frame` are the tables by which a cancelled
thread, or a C++ exception, is unwound through us. What was tried, and what was gained by it, is in
[DESIGN.md](DESIGN.md), "Small\""""
WHY_PRIVATE = """\
the library's own mappings keep the bound; the whole process counts also what the loader writes
about one library more, of which an empty library comes by as much"""
PROGRAMS = {"cat": "`cat`, which has no libssl",
            "server": "a program with a server's context and a connection"}
WAYS = ("bare", "empty", "preloaded")
PAGE = os.sysconf("SC_PAGE_SIZE")
PRESENT, EXCLUSIVE = 1 << 63, 1 << 56  # of a word of /proc/PID/pagemap


def fixed_addresses():
    """A prefix that keeps addresses from being random, where that may be asked for: how many pages
    a heap or a table touches depends on them."""
    prefix = ["setarch", "--addr-no-randomize"]
    return prefix if subprocess.run([*prefix, "true"], stderr=subprocess.DEVNULL,
                                    check=False).returncode == 0 else []


class Held:
    """A process that stays until it is let go."""

    def __init__(self, words, env):
        self.process = subprocess.Popen([*fixed_addresses(), *words], env=env,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.process.stdin.write(b"ready\n")  # cat's answer; the other says it unasked
        self.process.stdin.flush()
        if self.process.stdout.readline() != b"ready\n":
            raise RuntimeError(f"{words}: it does not start")

    def whole(self):
        """Bytes that are this process's alone."""
        with open(f"/proc/{self.process.pid}/smaps_rollup", encoding="utf-8") as smaps:
            return 1024 * sum(int(line.split()[1]) for line in smaps
                              if line.startswith(("Private_Clean:", "Private_Dirty:")))

    def own(self, library):
        """Those of a library's image, its .bss among them: pages that no other process maps."""
        with open(f"/proc/{self.process.pid}/maps", encoding="utf-8") as maps:
            bases = [int(line.split("-")[0], 16) for line in maps if line.strip().endswith(library)]
        if not bases:
            raise RuntimeError(f"{library} is not in the process")
        pages = span(library) // PAGE
        with open(f"/proc/{self.process.pid}/pagemap", "rb") as pagemap:
            pagemap.seek(min(bases) // PAGE * 8)
            words = struct.unpack(f"<{pages}Q", pagemap.read(pages * 8))
        return PAGE * sum(1 for word in words if word & PRESENT and word & EXCLUSIVE)

    def end(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


def span(library):
    """From the first to the last byte of a library's image in memory, in whole pages."""
    lines = common.run(["readelf", "-lW", library], common.bare()).stdout.splitlines()
    loads = [line.split() for line in lines if line.split()[:1] == ["LOAD"]]
    return -(-max(int(load[2], 16) + int(load[5], 16) for load in loads) // PAGE) * PAGE


def private(words, library):
    """Of a second process of the same program: what two share counts for neither."""
    env = common.bare(**({"LD_PRELOAD": library} if library else {}))
    first, second = Held(words, env), Held(words, env)
    found = {"whole": second.whole(), "own": second.own(library) if library else 0}
    for held in (first, second):
        held.end()
    return found


def sections(path):
    """Bytes of the sections that are loaded from the file, the largest first."""
    lines = common.run(["size", "-A", "-d", path], common.bare()).stdout.splitlines()
    found = [(line.split()[0], int(line.split()[1])) for line in lines
             if line.startswith(".") and int(line.split()[2]) != 0 and "bss" not in line]
    return sorted(found, key=lambda one: -one[1])


def measure(setting):
    commands = {"cat": ["/bin/cat"],
                "server": [setting.program("growth"), growth.system_libssl(setting), "hold"]}
    libraries = {"bare": None, "empty": setting.empty_library, "preloaded": setting.library}
    found = {"file": os.path.getsize(setting.library), "sections": sections(setting.library),
             "private": {}}
    for name, command in commands.items():
        ways = found["private"][name] = {}
        for way in WAYS:
            runs = [private(command, libraries[way]) for _ in range(setting.few(9, 1))]
            ways[way] = {what: common.spread([one[what] for one in runs])
                         for what in ("whole", "own")}
    return found


def more(ways, way="preloaded"):
    """What a whole process has for itself beyond a bare one: mappings, heap, and the loader's."""
    return ways[way]["whole"]["median"] - ways["bare"]["whole"]["median"]


def kilobytes(count):
    return f"{count / 1024:.1f} KiB"


def bounds(found):
    yield common.Bound("the stripped library", kilobytes(FILE), kilobytes(found["file"]),
                       found["file"] <= FILE, WHY_FILE)
    for name, text in PROGRAMS.items():
        ways = found["private"][name]
        for count, what in ((ways["preloaded"]["own"]["median"], "the library's mappings"),
                            (more(ways), "the whole process, beyond a bare one")):
            yield common.Bound(f"private memory of {text}: {what}", kilobytes(PRIVATE),
                               kilobytes(count), count <= PRIVATE, WHY_PRIVATE)


def rows(found):
    for name, text in PROGRAMS.items():
        ways = found["private"][name]
        yield (text, *(kilobytes(ways[way]["own"]["median"]) for way in WAYS[1:]),
               *(kilobytes(more(ways, way)) for way in WAYS[1:]))


def text(found):
    largest = ", ".join(f"`{name}` {size:,}" for name, size in found["sections"][:8])
    return f"""\
The largest parts of the library, in bytes: {largest}.

Private memory of a process beside another one of the same program, so that what is shared counts
for neither: pages of the library's own image, its `.bss` among them, that no other process maps;
and what the whole process has (`Private_Clean` and `Private_Dirty` of `/proc/PID/smaps_rollup`)
beyond a bare one, in which the heap and what the loader wrote are included.

""" + common.table(["", "an empty library's mappings", "sslharden's mappings",
                    "whole process, empty library", "whole process, sslharden"], rows(found))


def plots(found):
    def draw(figure):
        axes = figure.subplots()
        left = 0
        for name, size in found["sections"][:8]:
            axes.barh("library", size / 1024, left=left / 1024, label=name)
            left += size
        axes.barh("library", (found["file"] - left) / 1024, left=left / 1024, label="the rest",
                  color="0.8")
        for name in PROGRAMS:
            axes.barh(f"private: {name}", more(found["private"][name]) / 1024, color="C0")
        axes.plot([FILE / 1024] * 2, [-0.5, 0.5], color="black", label="bound")
        axes.plot([PRIVATE / 1024] * 2, [0.5, 2.5], color="black")
        axes.set_xlabel("KiB")
        axes.legend(ncols=2, fontsize=7)
    return {"size": draw}
