# SPDX-License-Identifier: MIT
"""run.py NAME LAYERS PLACE [LIBRARY [SETTING=VALUE...]]: one suite's outcomes, as JSON; in a sandbox.

Started by compare.py, once bare and then with the library.
"""
import re
import subprocess
import sys

import sandbox
import suite

GUARD = 3600  # against hanging, not an assertion
# A context that was hardened, or will be where it serves, as the library's log tells it; or would be.
HARDENED = re.compile(r": context \w+: \w+(?:, (?:.* added|each connection that serves is hardened)|"
                      r": (?:would add|its connections that serve would get))")


def shell(box, lines, settings=()):
    """The exit status of shell lines in /srv, and what they printed."""
    variables = [f"PATH={sandbox.PATH}", "HOME=/root", "LANG=C.UTF-8", "TMPDIR=/tmp"]
    if box.preloaded:
        variables += [f"LD_PRELOAD={sandbox.LIB}", f"SSLHARDEN_LOG={sandbox.LOG}",
                      "SSLHARDEN_LOG_LEVEL=info", *settings]
    words = ["chroot", str(box.root), "/usr/bin/env", "-i", "-C", "/srv", *variables,
             "/bin/sh", "-c", lines]
    with open(box.path(sandbox.OUTPUT), "w", encoding="utf-8") as said:
        status = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=said, stderr=said,
                                timeout=GUARD, check=False).returncode
    return status, box.path(sandbox.OUTPUT).read_text("utf-8", "replace")


def run(described, box, settings):
    """What the suite printed, read; its own exit status says less than its lines."""
    _status, said = shell(box, described.command, settings)
    log = box.path(sandbox.LOG).read_text("utf-8", "replace")
    return {"outcomes": suite.read(said), "said": said, "hardened": len(HARDENED.findall(log))}


def main(name, folders, place, library=None, *settings):
    described = suite.describe(name)
    box = sandbox.Sandbox(described, folders.split(":"), place, library)
    box.tells(lambda: run(described, box, settings), subprocess.SubprocessError)


if __name__ == "__main__":
    main(*sys.argv[1:])
