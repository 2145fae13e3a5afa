# SPDX-License-Identifier: MIT
"""build.py NAME LAYERS PLACE FOLDER: what is built of a suite's sources, as FOLDER/root; in a sandbox.

Started by scripts/fetch-suites.
"""
import os
import shutil
import sys

import run
import sandbox
import suite


def main(name, folders, place, folder):
    described = suite.describe(name)
    box = sandbox.Sandbox(described, folders.split(":"), place)
    status, said = run.shell(box, described.build)
    if status == 0:
        for source in described.sources:
            part = f"srv/{source}"
            shutil.copytree(f"{place}/upper/{part}", f"{folder}/root/{part}", symlinks=True)
    else:
        print(said[-10000:], file=sys.stderr)
    sys.stderr.flush()
    os._exit(status)  # the namespace ends, and what is mounted in it


if __name__ == "__main__":
    main(*sys.argv[1:])
