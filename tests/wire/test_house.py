# SPDX-License-Identifier: MIT
"""The house: a folder of shim/ uses those below it, and what is in it stays small."""
import pathlib
import re
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHIM = ROOT / "shim"
# From the street inwards; shim/cli is the command's.
FOLDERS = ["hooks", "harden", "messages", "loader", "settings", "memory", "policy"]
# include/sslharden is what library, command and tests share: whose each of its headers is.
SHARED = {"sslharden/config.h": "settings", "sslharden/dialect.h": "policy",
          "sslharden/names.h": "policy", "sslharden/policy.h": "policy",
          "sslharden/role.h": "policy", "sslharden/suites.h": "policy",
          "sslharden/versions.h": "policy"}
# Who includes what of above, and why.
EXCEPTIONS = {
    ("loader/audit.c", "messages/log.h"): "nobody else can say that glibc is too old for LD_AUDIT",
}
LINES_MAX = 50
HOOKS_MAX = 34
# What is wrapped of libc, and where.
LIBC = {"dlclose": "loader/dl.c", "dlsym": "loader/dlsym.S", "dlvsym": "loader/dlsym.S",
        "execv": "hooks/exec.c", "execve": "hooks/exec.c", "execvp": "hooks/exec.c"}


def files():
    return sorted(path for folder in FOLDERS for path in (SHIM / folder).glob("*.[ch]"))


def of_command():
    return sorted((SHIM / "cli").glob("*.[ch]"))


def name(path):
    return str(path.relative_to(SHIM))


def included(path):
    """The project's own files that one includes."""
    return re.findall(r'^#\s*include "([^"]+)"', path.read_text("utf-8"), re.M)


def upwards(path):
    """What a file includes of a folder above its own."""
    own = FOLDERS.index(path.parent.name)
    for used in included(path):
        folder = SHARED.get(used, used.split("/")[0])
        if folder not in FOLDERS or FOLDERS.index(folder) < own:
            yield name(path), used


def functions(path):
    """Its functions' first and last lines: a brace in the first column begins and ends one."""
    lines = path.read_text("utf-8").splitlines()
    begins = None
    for i, line in enumerate(lines, 1):
        if line == "{":
            begins = i
        elif line == "}" and begins:
            yield begins, i
            begins = None


class House(unittest.TestCase):
    def test_every_folder_is_known(self):
        found = {path.name for path in SHIM.iterdir() if path.is_dir()}
        self.assertEqual(found, {*FOLDERS, "cli"})

    def test_nothing_is_used_that_is_above(self):
        found = {use for path in files() for use in upwards(path)}
        self.assertEqual(sorted(found - set(EXCEPTIONS)), [])
        self.assertEqual(sorted(set(EXCEPTIONS) - found), [], "an exception that nobody needs")

    def test_the_picture_is_of_this_tree(self):
        drawn = subprocess.run([sys.executable, "-B", "-c", "import stages; print(stages.picture(), end='')"],
                               cwd=ROOT / "docs", text=True, stdout=subprocess.PIPE, check=True)
        self.assertEqual((ROOT / "docs/stages.svg").read_text("utf-8"), drawn.stdout,
                         "docs/stages.py draws it anew")

    def test_no_function_is_over_a_page(self):
        long = [f"{name(path)}:{first}: {last - first - 1} lines" for path in files() + of_command()
                for first, last in functions(path) if last - first - 1 > LINES_MAX]
        self.assertEqual(long, [])

    def test_a_stage_of_the_command_says_what_it_is(self):
        """Each header begins with its name, and what that means; each source has one, or is a command."""
        commands = set(re.findall(r"\bcli_(\w+)\(int argc", (SHIM / "cli/cli.h").read_text("utf-8")))
        for path in of_command():
            text = path.read_text("utf-8")
            if path.suffix == ".h":
                self.assertRegex(text, rf"\A/\* SPDX-License-Identifier: MIT\n \*\n \* {path.stem}: \w", name(path))
            elif path.stem not in commands | {"main"}:
                self.assertIn(f'#include "{path.stem}.h"\n', text, name(path))

    def test_a_stage_of_the_command_uses_those_below(self):
        """docs/DESIGN.md has a row for each kind, from the street inwards."""
        text = (ROOT / "docs/DESIGN.md").read_text("utf-8")
        told = re.search(r"^## The command\n(.*?)^## ", text, re.M | re.S).group(1)
        rows = [re.findall(r"`(\w+)`", row) for row in re.findall(r"^\|(.*)", told, re.M)[2:]]
        place = {stage: i for i, row in enumerate(rows) for stage in row}
        self.assertEqual(sorted(stage for row in rows for stage in row),
                         sorted({path.stem for path in of_command()}))
        self.assertEqual([(name(path), used) for path in of_command() for used in included(path) if "/" not in used
                          and place[used[:-2]] < place[path.stem]], [])

    def test_few_functions_are_wrapped(self):
        rows = re.findall(r"^HOOK\(", (SHIM / "loader/functions.def").read_text("utf-8"), re.M)
        self.assertTrue(0 < len(rows) <= HOOKS_MAX, len(rows))

    def test_what_is_wrapped_of_libc_stands_together(self):
        """Each exported name that is no row of the table has its file."""
        build = (SHIM / "CMakeLists.txt").read_text("utf-8")
        exported = re.search(r"\$\{exports\}([^\\]*?)la_\*;", build).group(1)
        self.assertEqual(sorted(re.findall(r"\w+", exported)), sorted(LIBC))
        for function, file in LIBC.items():
            wrapper = rf"^(EXPORT |.*\"default\".*).*\b{function}\(|\tFORWARD {function}$"
            text = (SHIM / file).read_text("utf-8")
            self.assertIsNotNone(re.search(wrapper, text, re.M), function)


if __name__ == "__main__":
    unittest.main()
