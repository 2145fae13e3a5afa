# SPDX-License-Identifier: MIT
"""What is unpacked: a base that every server stands on, and a layer for each."""
import importlib
import pathlib

# What maintainers' programs and start scripts take for granted.
BASE = ["base-files", "base-passwd", "bash", "coreutils", "dash", "libc-bin", "grep", "sed",
        "mawk", "hostname", "procps", "perl-base", "openssl", "ca-certificates"]
FOLDER = pathlib.Path(__file__).parent / "servers"


def names():
    return sorted(path.stem for path in FOLDER.glob("[a-z]*.py"))


def describe(name):
    """The description of a server: the one that servers/NAME.py makes."""
    return importlib.import_module(f"servers.{name}").SERVER


def base(release):
    """The layer under every server of a release."""
    return f"base-{release}"


def folders(name):
    """The layers of a server, the topmost first."""
    return [name, base(describe(name).release)]
