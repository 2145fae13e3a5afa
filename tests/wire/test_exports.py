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
            names = set(re.findall(r"^HOOK\([^,]*, (\w+),", rows.read(), re.M)) | {"dlclose"}
        exported = {line.split()[-1] for line in
                    output("nm", "-D", "--defined-only", LIB).splitlines()}
        self.assertEqual(exported, names)
        self.assertIn("SSL_CTX_new", names)

    def test_needs_libc_only(self):
        if os.environ.get("SSLHARDEN_PRELOAD_FIRST"):
            self.skipTest("a sanitizer's runtime is needed too")
        needed = re.findall(r"NEEDED.*\[(.*)\]", output("readelf", "-d", LIB))
        self.assertTrue(needed)
        self.assertLessEqual(set(needed), {"libc.so.6", "libdl.so.2"})

    def test_no_constructor_but_one(self):
        """No named version node: it would silently stop interposition."""
        self.assertNotIn("VERDEF", output("readelf", "-d", LIB))


if __name__ == "__main__":
    unittest.main()
