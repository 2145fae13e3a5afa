# SPDX-License-Identifier: MIT
"""in_sandbox.py NAME LAYERS PLACE [LIBRARY]: which versions a daemon of tests/daemons speaks.

With LIBRARY it lies where the recipes say, and the recipe of docs/deploy/ is added to the
daemon's settings, which is all that the daemon has of it.  In a sandbox, as measure.py.
"""
import dataclasses
import json
import os
import pathlib
import re
import sys

DEPLOY = pathlib.Path(__file__).parent
sys.path.insert(0, str(DEPLOY.parent / "daemons"))
import client  # noqa: E402
import layers  # noqa: E402
import measure  # noqa: E402
import sandbox  # noqa: E402

DOCS = DEPLOY.parent.parent / "docs/deploy"
IMPORTS = "sed -i /^import_environment/d {0}; cat /srv/recipe >> {0}"
# The recipe, and how it comes into the settings: a shell line.
RECIPES = {
    "apache": ("apache-envvars", "cat /srv/recipe >> /etc/apache2/envvars"),
    "postfix": ("postfix.cf", IMPORTS.format("/etc/postfix/main.cf")),
    "dovecot": ("dovecot.conf", IMPORTS.format("/srv/dovecot.conf")),
}
COMMANDS = {"apache": "apachectl -D FOREGROUND -f /srv/apache.conf"}  # which reads envvars


class Sandbox(sandbox.Sandbox):
    def preload(self):
        """Nothing: that is the recipe's."""
        return {}


def main(name, folders, place, library=None):
    server = layers.describe(name)
    file, add = RECIPES[name]
    server = dataclasses.replace(server, command=COMMANDS.get(name, server.command), environment={})
    if library:
        server = dataclasses.replace(
            server, prepare=f"{add}\n{server.prepare}",
            files={**server.files, "/srv/recipe": re.sub(  # as it lies in the sandbox
                r"/usr/[^ '\n]*/libsslharden\.so", sandbox.LIB, (DOCS / file).read_text("utf-8"))})
    box = Sandbox(server, folders.split(":"), place, library)
    box.start()
    print(json.dumps(measure.versions(client.Client(server, box))))
    sys.stdout.flush()
    os._exit(0)  # the namespace ends, and with it every process


if __name__ == "__main__":
    main(*sys.argv[1:])
