# SPDX-License-Identifier: MIT
"""Files that are damaged or mean ill: an answer or an error, never a crash."""
import os
import random
import shutil
import subprocess

from command import COMMAND, PEER, TIMEOUT, Case, call, environment

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

    def test_a_file_with_holes(self):
        """Of which nothing but what is written is read; of the rest, no more than a budget."""
        path = self.path("holes")
        with open(path, "wb") as file:
            file.write(self.image)
            file.truncate((2 << 30) - 1)
            file.seek(1 << 30)
            file.write(b"\0ssl/ssl_lib.c\0")
        os.chmod(path, 0o755)
        self.assertIn("linked statically inside", call("check", path)[0])
        self.assertLess(self.work("check", path).read, 64 << 20)

    def test_a_process_with_many_large_files(self):
        """Each a library with a hole, of which status reads nothing."""
        paths = [self.path(f"large{i}.so") for i in range(8)]
        for path in paths:
            with open(path, "wb") as file:
                file.write(self.image)
                file.truncate(1 << 31)
        source = (f"import mmap, os, sys\nmaps = [mmap.mmap(os.open(p, os.O_RDONLY), 4096, "
                  f"mmap.MAP_PRIVATE, mmap.PROT_READ | mmap.PROT_EXEC) for p in {paths!r}]\n"
                  "print('ready', flush=True); sys.stdin.read()")
        process = subprocess.Popen(["/usr/bin/python3", "-c", source], text=True,
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.addCleanup(process.communicate)
        self.assertEqual(process.stdout.readline(), "ready\n")
        self.assertLess(self.work("status", str(process.pid), code=1).read, 64 << 20)

    def test_a_device_is_not_opened(self):
        """A terminal's other side tells whether it was."""
        master, slave = os.openpty()
        name = os.ttyname(slave)
        os.close(slave)
        os.symlink(name, self.path("link.so"))
        words = ("check", "--plugins", name, "--plugins", self.path("link.so"), PEER)
        self.assertRegex(call(*words)[0], rf"(?m)^(note| {{4}})       {name}: not a regular file$")
        trace = self.path("trace")
        if shutil.which("strace") is not None:
            subprocess.run(["strace", "-f", "-o", trace, COMMAND, *words], check=False,
                           env=environment(), capture_output=True, timeout=TIMEOUT)
            with open(trace, encoding="utf-8") as file:
                opened = [line for line in file if "open" in line and
                          (name in line or "link.so" in line)]
            self.assertTrue(all("O_PATH" in line for line in opened), opened)
        os.close(master)

    def test_a_terminal_is_not_told_what_to_do(self):
        """A name may clear the screen, or write a line of its own."""
        lie = "lib\x1b[2J\nhardened   yes\x7f\u009b\udc9b.so"
        program = self.build("program", "-Wl,--no-as-needed", self.library(lie))
        os.remove(self.path(lie))
        out, err = call("check", program, code=1)
        self.assertIn(r"lib\x1b[2J\x0ahardened   yes\x7f\xc2\x9b\x9b.so, needed by ", out + err)
        for byte in "\x1b\x7f\u009b":
            self.assertNotIn(byte, out + err)
        self.assertEqual([line for line in out.splitlines() if line.startswith("hardened")],
                         ["hardened   no"])

    def test_text_in_a_name_is_not_obeyed(self):
        """JSON stays JSON, whatever bytes a path has."""
        path = os.fsencode(self.path("bad")) + b'"\\\n\x7f\xc2\x9b\xff\xc0\x80'
        with open(path, "wb") as file:
            file.write(self.image)
        os.chmod(path, 0o755)
        done = subprocess.run([COMMAND, "check", "--json", path], env=environment(), check=True,
                              stdout=subprocess.PIPE, timeout=TIMEOUT)
        self.assertIn(b'bad\\"\\\\\\u000a\\u007f\\u009b\\ufffd\\ufffd\\ufffd', done.stdout)
