# SPDX-License-Identifier: MIT
"""scripts/entrypoint, under each shell that images have."""
import os
import shutil
import signal
import subprocess
import unittest

from recipes import SOURCE, Case, floor, output, peer

SHELLS = {"dash": ["dash"], "busybox": ["busybox", "sh"], "bash": ["bash", "--posix"]}
PROGRAM = """
import os, signal, sys
def leave(number, frame):
    sys.exit(7)
signal.signal(signal.SIGTERM, leave)
maps = open("/proc/self/maps").read()
print(os.getpid(), "libsslharden.so" in maps, flush=True)
while True:
    signal.pause()
"""


class Entrypoint(Case):
    def setUp(self):
        super().setUp()
        os.mkdir(os.path.join(self.folder, "image"))
        self.library = shutil.copy(peer.LIB, os.path.join(self.folder, "image"))
        self.script = shutil.copy(os.path.join(SOURCE, "scripts/entrypoint"),
                                  os.path.join(self.folder, "image"))

    def each_shell(self, check):
        for name, shell in SHELLS.items():
            with self.subTest(shell=name):
                check([*shell, self.script])

    def test_the_program_is_hardened(self):
        env = peer.environment(SSLHARDEN_MIN_PROTOCOL="TLSv1.3")
        self.assertLess(floor(peer.PEER, env=env), 0x304)
        self.each_shell(lambda start: self.assertEqual(floor(*start, peer.PEER, env=env), 0x304))

    def test_one_folder_up_as_installed(self):
        folder = os.path.join(self.folder, "image", "sslharden")
        os.mkdir(folder)
        self.script = shutil.move(self.script, folder)
        self.each_shell(lambda start: self.assertIn(
            self.library, output(*start, "/bin/cat", "/proc/self/maps")))

    def test_through_a_link(self):
        link = os.path.join(self.folder, "entrypoint")
        os.symlink(self.script, link)
        self.script = link
        self.each_shell(lambda start: self.assertIn(
            self.library, output(*start, "/bin/cat", "/proc/self/maps")))

    def test_a_place_that_cannot_be_preloaded_from(self):
        self.script = shutil.copytree(os.path.join(self.folder, "image"),
                                      os.path.join(self.folder, "my image")) + "/entrypoint"
        self.each_shell(lambda start: self.assertIn(
            "accepted: a path without a colon or a space", output(*start, "true", ok=(1,))))

    def test_arguments_and_status(self):
        def check(start):
            said = output(*start, "/usr/bin/printf", "<%s>", "a  b", "", "*")
            self.assertEqual(said, "<a  b><><*>")
            output(*start, "/bin/sh", "-c", "exit 9", ok=(9,))
            output(*start, "no-such-program", ok=(127,))
            output(*start, self.write("no-program", ""), ok=(126,))
        self.each_shell(check)

    def test_what_was_preloaded_stays_and_ours_is_first_once(self):
        def check(start):
            for before, after in (("", self.library), (peer.LIB, f"{self.library}:{peer.LIB}"),
                                  (self.library, self.library)):
                env = peer.environment(LD_PRELOAD=before) if before else peer.environment()
                text = output(*start, "/bin/sh", "-c", 'echo "$LD_PRELOAD"', env=env)
                self.assertEqual(text.strip(), after)
        self.each_shell(check)

    def test_a_first_word_that_shells_take_for_an_option(self):
        """Bare, bash's exec -c starts it without LD_PRELOAD; dash's knows no option."""
        self.assertEqual(output("bash", "-c", 'exec "$@"', "bash", "-c", "/usr/bin/env",
                                env=peer.environment(LD_PRELOAD=self.library)), "")

        def check(start):
            for word in ("-c", "-a", "-", "--"):
                text = output(*start, word, "/bin/echo", "ran", ok=(2,))
                self.assertIn(f"entrypoint: {word} is not started: ", text)
                self.assertNotIn("\nran", text)
        self.each_shell(check)

    def test_it_does_not_start_what_it_cannot_protect(self):
        def check(start):
            self.assertIn("usage: ", output(*start, ok=(2,)))
            self.assertEqual(output(*start, "/bin/echo", "ran"), "ran\n")
            os.rename(self.library, self.library + "-")
            self.assertIn("no libsslharden.so in", output(*start, "/bin/echo", "ran", ok=(1,)))
            self.write("image/libsslharden.so", "not a library")
            text = output(*start, "/bin/echo", "ran", ok=(1,))
            self.assertIn("cannot be loaded: ", text)
            self.assertNotIn("\nran", text)
            os.rename(self.library + "-", self.library)
        self.each_shell(check)


class FirstProcess(Case):
    """PID 1 of a PID namespace, as in a container: the program is it, and gets the signals."""

    PRIVILEGED = True

    def test_signals(self):
        for name, shell in SHELLS.items():
            with self.subTest(shell=name):
                library = os.path.join(self.folder, "libsslharden.so")
                shutil.copy(peer.LIB, library)
                script = shutil.copy(os.path.join(SOURCE, "scripts/entrypoint"), self.folder)
                process = subprocess.Popen(
                    ["unshare", "-pf", "--mount-proc", "--kill-child", *shell, script,
                     "/usr/bin/python3", "-c", PROGRAM],
                    env=peer.environment(), text=True, stdout=subprocess.PIPE)
                try:
                    self.assertEqual(process.stdout.readline(), "1 True\n")
                    with open(f"/proc/{process.pid}/task/{process.pid}/children") as children:
                        first = int(children.read())
                    os.kill(first, signal.SIGTERM)
                    self.assertEqual(process.wait(peer.TIMEOUT), 7)
                finally:
                    process.kill()
                    process.communicate()


if __name__ == "__main__":
    unittest.main()
