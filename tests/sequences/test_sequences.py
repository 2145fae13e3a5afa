# SPDX-License-Identifier: MIT
"""What was found before, and random sequences of fixed seeds, on one libssl.

The environment (CMake sets it): SSLHARDEN_LIB, the library; SSLHARDEN_BUILD, the build tree;
SSLHARDEN_LIBSSL_NAME, which of its libssl; SSLHARDEN_PRELOAD_FIRST, a sanitizer's runtime.
"""
import glob
import os
import re
import unittest

import generate
import play
import run

SEEDS = range(1, 61)
CONFIG = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../shim/settings/variables.c")
# What no call can notice; and SSLHARDEN itself, which every sequence is played with.
ASIDE = {"_CONFIG", "_COUNTS_IN", "_LOG"}


def libssl():
    found = run.libssls(os.environ["SSLHARDEN_BUILD"], os.environ["SSLHARDEN_LIB"],
                        [os.environ["SSLHARDEN_LIBSSL_NAME"]])[0]
    found.first = os.environ.get("SSLHARDEN_PRELOAD_FIRST", "")
    return found


class Sequences(unittest.TestCase):
    def check(self, sequences):
        for sequence, findings in run.examine(libssl(), sequences):
            with self.subTest(sequence.name):
                self.assertFalse(findings, "\n".join([*map(str, findings), sequence.text()]))

    def test_found(self):
        self.check([play.read(path) for path in sorted(glob.glob("found/*.seq"))])

    def test_every_setting_is_played(self):
        with open(CONFIG, encoding="utf-8") as file:
            known = set(re.findall(r'PREFIX "(_\w+)"', file.read()))
        played = {name.removeprefix("SSLHARDEN")
                  for env in (*generate.SETTINGS, *generate.SELDOM) for name, _ in env}
        self.assertEqual(known - ASIDE, played)

    def test_random(self):
        self.check([generate.sequence(seed) for seed in SEEDS])
