# SPDX-License-Identifier: MIT
"""run.py NAME LAYERS PLACE [LIBRARY]: one suite's outcomes, as JSON; in a sandbox.

Started by compare.py, once bare and once with the library.
"""
import re
import subprocess
import sys

import sandbox
import suite

GUARD = 400  # against hanging, not an assertion
# A context that was hardened, or will be where it serves, as the library's log tells it.
HARDENED = re.compile(r": context \w+: \w+, (?:.* added|each connection that serves is hardened)")


def outcomes(described, box):
    """What the suite printed, read; its own exit status says less than its lines."""
    variables = {"PATH": sandbox.PATH, "HOME": "/root", "LANG": "C.UTF-8", "TMPDIR": "/tmp"}
    if box.preloaded:
        variables |= {"LD_PRELOAD": sandbox.LIB, "SSLHARDEN_LOG": sandbox.LOG,
                      "SSLHARDEN_LOG_LEVEL": "info"}
    words = ["chroot", str(box.root), "/usr/bin/env", "-i", "-C", "/srv",
             *(f"{k}={v}" for k, v in variables.items()), "/bin/sh", "-c", described.command]
    with open(box.path(sandbox.OUTPUT), "w", encoding="utf-8") as said:
        subprocess.run(words, stdin=subprocess.DEVNULL, stdout=said, stderr=said, timeout=GUARD,
                       check=False)
    said = box.path(sandbox.OUTPUT).read_text("utf-8", "replace")
    return said, suite.read(said)


def run(described, box):
    said, found = outcomes(described, box)
    log = box.path(sandbox.LOG).read_text("utf-8", "replace")
    return {"outcomes": found, "said": said, "hardened": len(HARDENED.findall(log))}


def main(name, folders, place, library=None):
    described = suite.describe(name)
    box = sandbox.Sandbox(described, folders.split(":"), place, library)
    box.tells(lambda: run(described, box), subprocess.SubprocessError)


if __name__ == "__main__":
    main(*sys.argv[1:])
