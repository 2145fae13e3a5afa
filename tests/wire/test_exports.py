# SPDX-License-Identifier: MIT
"""What the file itself promises: its exports and what it needs."""
import os
import re
import subprocess
import unittest

LIB = os.environ["SSLHARDEN_LIB"]
HOOKS = os.environ["SSLHARDEN_HOOKS"]


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


class Exports(unittest.TestCase):
    def test_only_the_wrapped_names(self):
        with open(HOOKS, encoding="ascii") as rows:
            names = set(re.findall(r"^HOOK\([^,]*, (\w+),", rows.read(), re.M))
        names |= {"dlclose", "dlsym", "dlvsym"}
        names |= {"la_version", "la_objopen", "la_objclose"}
        names |= {"la_symbind32" if "ELF32" in output("readelf", "-h", LIB) else "la_symbind64"}
        exported = {line.split()[-1] for line in
                    output("nm", "-D", "--defined-only", LIB).splitlines()}
        self.assertEqual(exported, names)
        self.assertIn("SSL_CTX_new", names)

    def test_no_version_node(self):
        """No named version node: it would silently stop interposition."""
        self.assertNotIn("VERDEF", output("readelf", "-d", LIB))


if __name__ == "__main__":
    unittest.main()
