# SPDX-License-Identifier: MIT
"""Debian 11's OpenSSL 1.1.1, from its source package, built with other options than Debian's."""
import os
import pathlib
import shutil

import debian


def prefix(folder, name, options, built, target, **variables):
    """Where it is installed: built in FOLDER, unless it is there of this source and these options.

    built, target: make's names of what of it is built, and installed; variables: of the
    environment (CC).
    """
    folder = pathlib.Path(folder).resolve()
    debian.Apt(folder / "apt", "bullseye", sources=True).source("openssl", ["."], folder / "source")
    source, installed = folder / "source/root/srv/openssl", folder / name
    made_of = (folder / "source/complete").read_text("utf-8") + " ".join(options)
    stamp = installed / "made-of"
    if stamp.exists() and stamp.read_text("utf-8") == made_of:
        return installed
    shutil.rmtree(installed, ignore_errors=True)
    os.chmod(source / "config", 0o755)  # a source package need not keep it
    debian.call("./config", f"--prefix={installed}", "--libdir=lib", "shared", *options, cwd=source,
                env={**os.environ, **variables})
    debian.call("make", "-s", "clean", cwd=source)  # of other options
    debian.call("make", "-s", f"-j{os.cpu_count()}", built, cwd=source)
    debian.call("make", "-s", target, cwd=source)
    stamp.write_text(made_of, "utf-8")
    return installed
