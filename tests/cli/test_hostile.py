# SPDX-License-Identifier: MIT
"""Files that are damaged or mean ill: an answer or an error, never a crash."""
import os
import random
import subprocess

from command import COMMAND, TIMEOUT, Case, call, environment

FLIPS = 150  # of each file, from a fixed seed


class Hostile(Case):
    def setUp(self):
        super().setUp()
        source = "void *SSL_CTX_new(void *); int main(void) { return SSL_CTX_new(0) == 0; }"
        with open(self.build("good", "-lssl", source=source), "rb") as file:
            self.image = file.read()

    def answer(self, image):
        path = self.path("bad")
        with open(path, "wb") as file:
            file.write(image)
        os.chmod(path, 0o755)
        done = subprocess.run([COMMAND, "check", path], env=environment(), timeout=TIMEOUT,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
        self.assertIn(done.returncode, (0, 1), done.stderr)
        if not done.stdout:
            self.assertTrue(done.stderr.startswith(b"sslharden: check: "), done.stderr)
        return done.returncode

    def test_it_is_good_at_first(self):
        self.assertEqual(self.answer(self.image), 0)

    def test_cut_short(self):
        size = len(self.image)
        lengths = [*range(0, 70), *range(70, size, size // 60), size - 1]
        for length in lengths:
            self.answer(self.image[:length])
        self.assertEqual(self.answer(self.image[:60]), 1)

    def test_bytes_changed(self):
        chance = random.Random(21013)
        for _ in range(FLIPS):
            image = bytearray(self.image)
            for _ in range(chance.randrange(1, 8)):
                # Where the headers are, more often than anywhere.
                end = chance.choice((64, 1024, len(image)))
                start = chance.choice((0, len(image) - 2200))
                at = min(start + chance.randrange(end), len(image) - 1)
                image[at] = chance.choice((0, 0xff, 0x7f, 0x80, chance.randrange(256)))
            self.answer(image)

    def test_what_is_no_file(self):
        os.mkfifo(self.path("pipe"), 0o755)
        for path in (self.path("pipe"), "/dev/zero", self.folder):
            self.assertIn("sslharden: check: ", call("check", path, code=1)[1])

    def test_a_terminal_is_not_told_what_to_do(self):
        """A name may clear the screen, or write a line of its own."""
        lie = "lib\x1b[2J\nhardened   yes\x7f\u009b.so"
        program = self.build("program", "-Wl,--no-as-needed", self.library(lie))
        os.remove(self.path(lie))
        out, err = call("check", program, code=1)
        self.assertIn(r"lib\x1b[2J\x0ahardened   yes\x7f\xc2\x9b.so, needed by ", out + err)
        for byte in "\x1b\x7f\u009b":
            self.assertNotIn(byte, out + err)
        self.assertEqual([line for line in out.splitlines() if line.startswith("hardened")],
                         ["hardened   no"])

    def test_text_in_a_name_is_not_obeyed(self):
        """JSON stays JSON, whatever bytes a path has."""
        path = os.fsencode(self.path("bad")) + b'"\\\n\xff\xc0\x80'
        with open(path, "wb") as file:
            file.write(self.image)
        os.chmod(path, 0o755)
        done = subprocess.run([COMMAND, "check", "--json", path], env=environment(), check=True,
                              stdout=subprocess.PIPE, timeout=TIMEOUT)
        self.assertIn(b'bad\\"\\\\\\u000a\\ufffd\\ufffd\\ufffd', done.stdout)
