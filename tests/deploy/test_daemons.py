# SPDX-License-Identifier: MIT
"""docs/deploy/: the recipes for daemons that choose their children's environment, on them."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "daemons"))
import layers  # noqa: E402
import sandbox  # noqa: E402

LAYERS = pathlib.Path(os.environ["SSLHARDEN_LAYERS"])
DAEMONS = ("apache", "postfix", "dovecot")


def setUpModule():
    sandbox.needed()
    for name in DAEMONS:
        if not (LAYERS / name / "complete").exists():
            sandbox.absent(f"{LAYERS / name} is not there (scripts/fetch-daemons makes it)")


class Daemons(unittest.TestCase):
    def versions(self, name, *library):
        folders = ":".join(str(LAYERS / layer / "root") for layer in layers.folders(name))
        with tempfile.TemporaryDirectory(prefix="sslharden-recipe-") as place:
            done = subprocess.run([*sandbox.UNSHARE, sys.executable, "-B", HERE / "in_sandbox.py",
                                   name, folders, place, *library], text=True, check=False,
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def check(self, name):
        """The recipes' SSLHARDEN_MIN_PROTOCOL is TLSv1.2."""
        self.assertEqual(self.versions(name), ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"])
        self.assertEqual(self.versions(name, os.environ["SSLHARDEN_LIB"]), ["TLSv1.2", "TLSv1.3"])

    def test_apache(self):
        self.check("apache")

    def test_postfix(self):
        self.check("postfix")

    def test_dovecot(self):
        self.check("dovecot")


if __name__ == "__main__":
    unittest.main()
