# SPDX-License-Identifier: MIT
"""What is unpacked: a base that every server stands on, and a layer for each."""
import importlib
import pathlib

# What maintainers' programs and start scripts take for granted.
BASE = ["base-files", "base-passwd", "bash", "coreutils", "dash", "libc-bin", "grep", "sed",
        "mawk", "hostname", "procps", "perl-base", "libssl3", "openssl", "ca-certificates"]
FOLDER = pathlib.Path(__file__).parent / "servers"


def names():
    return sorted(path.stem for path in FOLDER.glob("[a-z]*.py"))


def describe(name):
    """The description of a server: the one that servers/NAME.py makes."""
    return importlib.import_module(f"servers.{name}").SERVER


def wanted():
    """Layers and their packages."""
    return {name: describe(name).packages.split() for name in names()}
