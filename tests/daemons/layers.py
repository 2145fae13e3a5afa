# SPDX-License-Identifier: MIT
"""What is unpacked: a base that all stand on, a layer for each server, one of scanners."""
import importlib
import pathlib

from server import Server

# What maintainers' programs and start scripts take for granted.
BASE = ["base-files", "base-passwd", "bash", "coreutils", "dash", "libc-bin", "grep", "sed",
        "mawk", "hostname", "procps", "perl-base", "openssl", "ca-certificates"]
# What asks them, on a base of the same kind.
SCANNERS = Server(title="scanners", packages="sslscan testssl.sh nmap", command="", talk=None, lax="")
# What tests/bench has besides: another proxy, and what loads a server.
BENCH = {name: Server(title=name, packages=packages, command="", talk=None, lax="")
         for name, packages in {"hitch": "hitch", "load": "wrk apache2-utils"}.items()}
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
    """The layers of a server, the topmost first; one that has a path is no package's."""
    return [name, base(describe(name).release)] if "/" not in name else [base("bookworm")]


def version(stamps, packages):
    """Of the first package that is there, as the files tell that say what layers are made of."""
    files = [file for stamp in stamps for file in stamp.read_text("utf-8").split()]
    for package in packages:
        for file in files:
            if file.startswith(package + "_"):
                return file.split("_")[1].replace("%3a", ":")
    raise LookupError(packages)


def wanted(*only):
    """Every layer that stands on a base, by its name, or those named."""
    every = {"scanners": SCANNERS} | BENCH | {name: describe(name) for name in names()}
    return {name: every[name] for name in only or every}
