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
    sources: Debian's source packages with the tests, and which parts of each are put in
    /srv/NAME.
    command: shell lines that run it all, from /srv, and print a line `OUTCOME TEST WORD` for
    each test; only "ok" is good, and of many lines for one test the worst counts.
    least: how many tests pass bare, at the least.
    differences: each test with another outcome under the library, and the policy's why.
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


def names():
    return sorted(path.stem for path in FOLDER.glob("[a-z]*.py"))


def describe(name):
    """The description of a suite: the one that suites/NAME.py makes."""
    return importlib.import_module(f"suites.{name}").SUITE


def read(said):
    """Tests and their outcomes."""
    found = {}
    for test, outcome in re.findall(r"^OUTCOME (\S+) (.+)$", said, re.M):
        if found.get(test, "ok") == "ok":
            found[test] = outcome
    return found
