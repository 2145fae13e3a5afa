# SPDX-License-Identifier: MIT
"""What the file itself promises: its exports and what it needs."""
import os
import re
import subprocess
import tempfile
import unittest

import test_house

LIB = os.environ["SSLHARDEN_LIB"]
HOOKS = os.environ["SSLHARDEN_HOOKS"]
CHECK = os.path.join(os.path.dirname(os.environ["SSLHARDEN_HOOKS"]), "../../scripts/check-symbols")


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


class Exports(unittest.TestCase):
    def test_only_the_wrapped_names(self):
        with open(HOOKS, encoding="ascii") as rows:
            names = set(re.findall(r"^HOOK\([^,]*, (\w+),", rows.read(), re.M))
        names |= set(test_house.LIBC)
        names |= {"la_version", "la_objopen", "la_objclose"}
        names |= {"la_symbind32" if "ELF32" in output("readelf", "-h", LIB) else "la_symbind64"}
        exported = {line.split()[-1] for line in
                    output("nm", "-D", "--defined-only", LIB).splitlines()}
        self.assertEqual(exported, names)
        self.assertIn("SSL_CTX_new", names)

    def test_no_version_node(self):
        """No named version node: it would silently stop interposition."""
        self.assertNotIn("VERDEF", output("readelf", "-d", LIB))

    def test_the_builds_own_check_notices(self):
        """dlsym and fstat moved in glibc 2.34 and 2.33, getauxval came with 2.16; printf's checked
        form is not in musl."""
        source = """#define _FORTIFY_SOURCE 2
            #include <dlfcn.h>
            #include <stdio.h>
            #include <sys/auxv.h>
            #include <sys/stat.h>
            int f(char *s) { struct stat st; return printf(s) + fstat(1, &st) + !dlsym(0, s) + (int)getauxval(23); }"""
        with tempfile.TemporaryDirectory() as folder:
            bad = os.path.join(folder, "bad.so")
            subprocess.run(["gcc", "-O2", "-w", "-shared", "-fPIC", "-o", bad, "-x", "c", "-", "-lm"],
                           input=source, text=True, check=True)
            done = subprocess.run([CHECK, bad], capture_output=True, text=True)
        self.assertEqual(done.returncode, 1)
        for word in ("GLIBC_2.34", "GLIBC_2.33", "GLIBC_2.16", "__printf_chk", "DT_HASH"):
            self.assertIn(word, done.stderr)


if __name__ == "__main__":
    unittest.main()
