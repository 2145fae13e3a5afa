# SPDX-License-Identifier: MIT
"""Man pages and shell completions: nothing forgotten, nothing that a shell does not take."""
import glob
import os
import re
import shutil
import subprocess
import unittest

from command import COMMAND, TIMEOUT, Case, call, document, environment

SOURCE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
COMPLETION = os.path.join(SOURCE, "shim/cli/completion")
NO_CLIENT_S = {"SSLHARDEN_LOG", "SSLHARDEN_LOG_LEVEL", "SSLHARDEN_CONFIG",
               "SSLHARDEN_COUNTS_IN"}  # none of them notices
VALUES = {"profile": "modern", "min-protocol": "TLSv1.2", "max-protocol": "TLSv1.3", "ciphers": "HIGH",
          "ciphersuites": "TLS_AES_128_GCM_SHA256", "groups": "P-256", "min-dh-bits": "3072",
          "forbid": "RC4,3DES", "counts-in": "/usr/sbin/xinetd", "log": "none", "log-level": "info"}


def text(*path):
    with open(os.path.join(SOURCE, *path), encoding="utf-8") as file:
        return file.read()


def needed(program):
    found = shutil.which(program)
    if found is None:
        raise unittest.SkipTest(f"{program} is not installed")
    return found


def output(*words, **more):
    path = f"{os.path.dirname(COMMAND)}:{os.environ['PATH']}"
    done = subprocess.run(words, env=environment(PATH=path), text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=True, timeout=TIMEOUT, **more)
    return done.stdout


def variables():
    """All that there are, as the library's table names them."""
    names = re.findall(r'PREFIX "(_\w+)"', text("shim/settings/variables.c"))
    return {"SSLHARDEN", *("SSLHARDEN" + name for name in names)}


def settings():
    """Of each its option, its variable and a value, as run --help has them."""
    rows = re.findall(r"^  --(\S+).*\n +\((SSLHARDEN_\w+)(?:=(1))?\)$", call("run", "--help")[0], re.M)
    return [(option, name, value or VALUES[option]) for option, name, value in rows if option != "config"]


class Manual(Case):
    def test_every_setting_is_told(self):
        """In a row or an entry of its own."""
        out = call("run", "--help")[0]
        names = set(re.findall(r"^  --\S+(?: [A-Z]+)? +\S.*\n +\((SSLHARDEN_\w+)", out, re.M))
        self.assertEqual(names, set(re.findall(r"\((SSLHARDEN_\w+)", out)), "no meaning in --help")
        self.assertEqual(names, variables() - {"SSLHARDEN"}, "--help")
        table = "".join(re.findall(r"^\| (`SSLHARDEN.*?`) \|", text("README.md"), re.M))
        entries = "".join(re.findall(r"^\.It Ev (SSLHARDEN\w* )", text("docs/sslharden.7"), re.M))
        for page, told in (("README.md", table), ("docs/sslharden.7", entries)):
            self.assertEqual(variables() - set(re.findall(r"SSLHARDEN\w*", told)), set(), page)
        told = {"SSLHARDEN" + name
                for name in re.findall(r"`(?:SSLHARDEN)?(_[A-Z0-9_]+)", text("docs/OPT-OUTS.md"))}
        self.assertEqual(names - told - NO_CLIENT_S, set(), "docs/OPT-OUTS.md")

    def test_every_setting_is_shown_by_policy(self):
        """Where it comes from: an option, the environment, the file."""
        self.assertGreater(len(settings()), 15)
        for option, name, value in settings():
            conf = self.write("conf", f"[*]\n{name} = {value}\n", 0o600)
            words = [f"--{option}"] + [value] * (value != "1")
            for place, words, variables in (("an option of this call", words, {}),
                                            ("the environment", [], {name: value}),
                                            (f"{conf}:2", [], {"SSLHARDEN_CONFIG": conf})):
                told = document("policy", "--json", *words, **variables)["settings"]
                self.assertIn((f"{name}={value}", place), [(s["setting"], s["from"]) for s in told])

    def test_every_command_and_option_is_told(self):
        page = text("docs/sslharden.1")
        for command in ("run", "check", "status", "policy", "compare", "report"):
            self.assertIn(f".It Cm {command}\n", page)
            out = call(command, "--help")[0]
            variables = {name.lower().replace("_", "-")
                         for name in re.findall(r"\(SSLHARDEN_([A-Z0-9_]+)", out)}
            for option in set(re.findall(r"^  --([a-z0-9-]+)", out, re.M)) - variables:
                self.assertIn(f"Fl -{option}", page)

    def test_their_footer_is_the_project_s(self):
        """And not the system's that they are read on."""
        version = call("--version")[0].strip()
        for page in ("sslharden.1", "sslharden.7"):
            self.assertIn(f".Os {version}\n", text("docs", page))

    def test_they_are_well_formed(self):
        for page in ("sslharden.1", "sslharden.7"):
            self.assertEqual(output(needed("mandoc"), "-T", "lint", "-W", "warning",
                                    os.path.join(SOURCE, "docs", page)), "")


class Quotes(unittest.TestCase):
    """What documents quote of the command and of the log stands in their sources.  (Lines that are
    put together of parts: tests/wire/test_refusal.py.)"""

    STATE = r"^(?:not loaded|loaded, .*|active for .*)$"
    WORDS = r"it (?:leads|has|came)|the program is in|more since|no .*that serves|its list has"

    def literals(self):
        """Of all sources; those that the compiler puts together are one."""
        found = []
        for path in glob.glob(os.path.join(SOURCE, "shim/**/*.[ch]"), recursive=True):
            with open(path, encoding="utf-8") as file:
                found += re.findall(r'(?:"(?:[^"\\\n]|\\.)*"\s*)+', file.read())
        return "\n".join(re.sub(r'"\s*"', "", text).replace("\\\"", '"') for text in found)

    def test_they_are_in_the_program(self):
        there, checked = self.literals(), 0
        for page in ("README.md", "docs/OPT-OUTS.md", "docs/TROUBLESHOOTING.md", "docs/LIMITS.md",
                     "docs/LIMITS-RARE.md"):
            for quote in re.findall(r"`([^`]+)`", text(page)):
                if re.search(f"{self.STATE}|{self.WORDS}", quote):
                    parts = re.split(r"\.\.\.|\d+|%\w", " ".join(quote.split()))
                    with self.subTest(page=page, quote=quote):
                        self.assertEqual([part for part in parts if part not in there], [])
                    checked += 1
        self.assertGreater(checked, 10)

    def test_what_the_servers_order_decides(self):
        """Which of several certificates, TLS 1.3's groups, and forward secrecy."""
        row, = re.findall("^.*`SSLHARDEN_ALLOW_CLIENT_PREFERENCE`.*$", text("README.md"), re.M)
        for told in ("which of several certificates", "TLS 1.3's groups"):
            self.assertIn(told, row)
        words = " ".join(text("docs/OPT-OUTS.md").split())
        for told in ("decides which certificate a server with several presents",
                     "which group TLS 1.3's key exchange takes",
                     "its list has a cipher without forward secrecy before one with it",
                     "`SSLHARDEN_CIPHERS=restricted` mends it"):
            self.assertIn(told, words)


class Completion(Case):
    """What each shell offers for the beginning of a line."""

    LINES = {
        "sslharden ": {"run", "check", "status", "policy", "compare", "report", "help", "version"},
        "sslharden compare --starttls p": {"pop3", "postgres"},
        "sslharden compare --starttls=x": {"xmpp"},
        "sslharden compare --serv": {"--servername"},
        "sslharden run --min-protocol=TLSv1.": {"TLSv1.1", "TLSv1.2", "TLSv1.3"},
        "sslharden policy --profile=": {"default", "intermediate", "modern"},
        "sslharden run --allow-s": {"--allow-sslv3"},
        "sslharden run --min-protocol TLSv1.": {"TLSv1.1", "TLSv1.2", "TLSv1.3"},
        "sslharden policy m": {"modern"},
        "sslharden run --forbid k": {"kRSA"},
        "sslharden run --counts-in /bin/s": {"/bin/sh"},
        "sslharden run --min-dh-bits 20": {"2048"},
        "sslharden check --p": {"--plugins"},
        "sslharden report --open": {"--openmetrics"},
    }

    def each(self, offered):
        told = call("run", "--help")[0]
        words = re.search("suites that go: (.*)", told)[1].split()
        every = {"sslharden run --": {f"--{option}" for option, _, _ in settings()},
                 "sslharden run --forbid ": set(words)}
        for line, expected in (self.LINES | every).items():
            with self.subTest(line=line):
                words = {word.split("\t")[0] for word in offered(line).split("\n")}
                words |= {word.partition("=")[2] for word in words}  # fish has the option before it
                self.assertLessEqual(expected, words)
                if not line.endswith(" --"):
                    self.assertNotIn("--best-effort", words)

    def test_bash(self):
        script = ('. "$1"; line=$2; COMP_WORDS=($line); [[ $line == *" " ]] && COMP_WORDS+=(""); '
                  'COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _sslharden; printf "%s\\n" "${COMPREPLY[@]}"')
        self.each(lambda line: output(needed("bash"), "-c", script, "bash",
                                      f"{COMPLETION}/sslharden.bash", line))

    def test_bash_the_program_s_own(self):
        """And paths that may be folders, marked so by -o filenames."""
        script = ('compopt() { echo "compopt $*"; }; _command_offset() { echo "offset $1"; }; '
                  '. "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); '
                  '_sslharden; printf "%s\\n" "${COMPREPLY[@]}"')

        def said(*words):
            return output(needed("bash"), "-c", script, "bash", f"{COMPLETION}/sslharden.bash",
                          "sslharden", *words)
        self.assertEqual(said("run", "--", "nginx", "-").strip(), "offset 3")
        for option, _, value in settings():
            with self.subTest(option):
                words, at = ((f"--{option}",), 3) if value == "1" else ((f"--{option}", value), 4)
                self.assertEqual(said("run", *words, "nginx", "-").strip(), f"offset {at}")
        self.assertEqual(said("compare", "--port", "443", "nginx", "-").strip(), "offset 4")
        self.assertEqual(said("run", "--min-protocol", "=", "TLSv1.2", "nginx", "-").strip(),
                         "offset 5")
        with open(self.path("a b.so"), "w", encoding="ascii"):
            text = said("check", "--plugins", self.path("a"))
        self.assertEqual(text, f"compopt -o filenames\n{self.path('a b.so')}\n")

    def test_fish(self):
        self.each(lambda line: output(needed("fish"), "--no-config", "-c",
                                      "source $argv[1]; complete -C $argv[2]",
                                      f"{COMPLETION}/sslharden.fish", line))

    def test_zsh(self):
        """Its completion system needs a terminal: compadd is stood in for."""
        script = ('compadd() { shift; for w; do [[ $w == $words[CURRENT]* ]] && print -r -- $w; done; true }; '
                  '_files() { print -rl -- $words[CURRENT]*(N) }; '
                  'words=(${=2}); [[ $2 == *" " ]] && words+=(""); CURRENT=$#words; . $1')
        self.each(lambda line: output(needed("zsh"), "-fc", script, "zsh",
                                      f"{COMPLETION}/_sslharden", line))


if __name__ == "__main__":
    unittest.main()
