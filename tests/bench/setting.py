# SPDX-License-Identifier: MIT
"""Where a run finds things, how it starts programs, and what it makes of many figures."""
import dataclasses
import functools
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import certificates  # noqa: E402

GUARD = 900  # seconds against hanging, not an assertion
WAYS = ("bare", "preloaded")
PREFERENCE = 0x400000  # SSL_OP_CIPHER_SERVER_PREFERENCE: shows that the library was at work


class Absent(Exception):
    """What a section needs is not here; it says what."""


@dataclasses.dataclass
class Bound:
    """What was promised, what came out, whether that is enough, and if it is not, why."""
    what: str
    bound: str
    figure: str
    met: bool
    why: str = ""


@dataclasses.dataclass
class Setting:
    """library: as it is installed (stripped).  symbols: the same with its symbols.
    programs: the folder of calls and growth.  folder: an empty one.  small: for a smoke test.
    images: libssl files beside the system's, by name.  layers: of scripts/fetch-daemons.
    """
    library: str
    symbols: str
    programs: pathlib.Path
    folder: pathlib.Path
    small: bool = False
    images: dict = dataclasses.field(default_factory=dict)
    layers: pathlib.Path = None

    def few(self, full, small):
        return small if self.small else full

    def program(self, name):
        return str(self.programs / name)

    @functools.cached_property
    def empty_library(self):
        """A shared library with nothing in it."""
        path = self.folder / "empty.so"
        run(["gcc", "-shared", "-o", str(path), "-x", "c", "/dev/null"], bare())
        return str(path)

    def certificate(self, key):
        """A throw-away certificate with its key, "rsa" or "ec", in one file."""
        path = self.folder / f"{key}.pem"
        if not path.exists():
            certificates.both(path, {"rsa": "server"}.get(key, key), "-addext",
                              "subjectAltName=DNS:localhost")
        return str(path)


def bare(**variables):
    """The environment without what changes how programs are loaded, and with some variables."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("SSLHARDEN", "LD_"))}
    return {**env, **variables}


def in_way(setting, way, **variables):
    """The environment of a program that is bare or preloaded."""
    return bare(**({"LD_PRELOAD": setting.library} if way == "preloaded" else {}), **variables)


def prove(way, options):
    """That a server's options, in hexadecimal, are those of that way."""
    if (int(options, 16) & PREFERENCE != 0) != (way == "preloaded"):
        raise RuntimeError(f"{way}: the options are those of the other way")


def need(program, package):
    if shutil.which(program) is None:
        raise Absent(f"{program} (Debian's {package}) is not installed")


def run(words, env, **more):
    done = subprocess.run(words, env=env, text=True, timeout=GUARD, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False, **more)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(words)}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    return done


def figures(words, env):
    """What a program tells: a line of names and values for each thing that it measured."""
    return [dict(zip(line.split()[::2], line.split()[1::2]))
            for line in run(words, env).stdout.splitlines()]


@dataclasses.dataclass
class Dump:
    """What callgrind counted: instructions, and the named functions that ran, with their file."""
    count: int
    functions: set


def read_dump(text):
    """callgrind writes a name once, as (number) name, and then the number alone."""
    names = {"ob": {}, "fn": {}}
    file, functions = "", set()
    for kind, number, name in re.findall(r"^(c?ob|c?fn)=\((\d+)\)(?: (.*))?$", text, re.M):
        known = names[kind.lstrip("c")]
        known.setdefault(number, name)
        if kind == "ob":
            file = os.path.basename(known[number])
        elif kind == "fn" and not known[number].startswith("0x"):
            functions.add((file, re.split("['@]", known[number])[0]))
    return Dump(int(re.search(r"^(?:totals|summary): (\d+)", text, re.M).group(1)), functions)


def callgrind(setting, words, env, *options):
    """A program's dumps, by the names that it gives them itself; the last one is "end"."""
    need("valgrind", "valgrind")
    out = setting.folder / "callgrind"
    run(["valgrind", "--tool=callgrind", f"--callgrind-out-file={out}", *options, *words], env)
    dumps = {}
    for path in setting.folder.glob(f"{out.name}*"):
        text = path.read_text("utf-8", "replace")
        request = re.search(r"^desc: Trigger: Client Request: (.*)$", text, re.M)
        dumps[request.group(1) if request else "end"] = read_dump(text)
        path.unlink()
    return dumps


def spread(values):
    """Median and quartiles, and the least: what else the machine does only adds."""
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive") \
        if len(values) > 1 else values * 3
    return {"least": min(values), "median": middle, "low": low, "high": high}


def percent(ratio, digits=2):
    return f"{100 * ratio:.{digits}f} %"


def table(head, rows):
    """A table of Markdown: the first column is text, the others are figures."""
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines) + "\n"
