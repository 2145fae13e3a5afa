# SPDX-License-Identifier: MIT
"""The description of another project's test suite."""
import dataclasses
import importlib
import pathlib
import re

FOLDER = pathlib.Path(__file__).parent / "suites"


@dataclasses.dataclass
class Suite:
    """What is run, how its answer is read, and what the policy changes in it.

    title: as in messages.  packages: what Debian calls what it needs to run.
    release: of Debian.
    sources: its source packages with the tests, and which parts of each are put in /srv/NAME.
    build: shell lines that make what is run from them, if anything; what they write under /srv is
    there when it runs.
    command: shell lines that run it all, from /srv, and print a line `OUTCOME TEST WORD` for
    each test; only "ok" is good, and of many lines for one test the worst counts.
    least: how many tests pass bare, at the least.
    differences: each test with another outcome under the library, and the policy's why.
    silent: what is set, by a name, for the library to change nothing in it.
    asked: it takes long, and is fetched and run only where it is asked for by its name.
    files, users, prepare: as a server's (tests/daemons/server.py).
    """
    title: str
    packages: str
    command: str
    least: int
    differences: dict
    sources: dict = dataclasses.field(default_factory=dict)
    files: dict = dataclasses.field(default_factory=dict)
    users: tuple = ()
    prepare: str = ""
    release: str = "bookworm"
    build: str = ""
    silent: dict = dataclasses.field(default_factory=dict)
    asked: bool = False


def names():
    return sorted(path.stem for path in FOLDER.glob("[a-z]*.py"))


def describe(name):
    """The description of a suite: the one that suites/NAME.py makes."""
    return importlib.import_module(f"suites.{name}").SUITE


def source_layer(source, described):
    """The folder of a source package, of the same one in many releases."""
    return f"source-{source}" + ("" if described.release == "bookworm" else f"-{described.release}")


def layers(name, described):
    """The folders that it is run from, the topmost first: what is built, of what, with what."""
    return [*([f"built-{name}"] if described.build else []),
            *(source_layer(source, described) for source in described.sources), name]


def read(said):
    """Tests and their outcomes."""
    found = {}
    for test, outcome in re.findall(r"^OUTCOME (\S+) (.+)$", said, re.M):
        if found.get(test, "ok") == "ok":
            found[test] = outcome
    return found
