# SPDX-License-Identifier: MIT
"""A kernel of the time of RHEL 5, Linux 2.6.18: calls and flags that it does not know are done
without (logs.old_kernel)."""
import os
import socket
import subprocess
import tempfile
import unittest

import logs
import peer
import test_log_place

FAULTS = os.path.join(peer.BUILD, "libfaults.so")
here = unittest.skipUnless(os.path.exists(FAULTS), "not beside a sanitizer's runtime")


@here
class Handshakes(unittest.TestCase):
    def test_hardened_told_and_counted(self):
        words = [f"new:{peer.flexible('server')}", peer.ciphers_word(),
                 f"cert:{peer.certificate()}"]
        variables = {"before": (FAULTS,), "FAULT_KERNEL": "1", "SSLHARDEN_MIN_PROTOCOL": "TLSv1.2"}
        with peer.Server(*words, count=3, shim=True, prepare=logs.old_kernel,
                         **variables) as server:
            said = [peer.run(*peer.client_words(version), f"connect:{server.port}")[-1]
                    for version in ("TLSv1", "TLSv1.2")]
            while sum(line.startswith(("served", "refused")) for line in server.lines) < 2:
                server.line()
            counts = logs.Page(server.process.pid).counts()
            socket.create_connection(("127.0.0.1", server.port)).close()
            server.end()
        self.assertTrue(said[0].startswith("failed"), said)
        self.assertTrue(said[1].startswith("connected TLSv1.2"), said)
        self.assertEqual(sum(counts["served"].values()), 1)
        self.assertEqual(sum(counts["refused"].values()), 1)
        self.assertEqual(len(server.log), 1, server.log)
        self.assertRegex(server.log[0], "refused a client.* TLSv1 ")


# Two contexts, and the descriptor that is kept of the log: told by its name, and of another user.
SCRIPT = """
import fcntl, os, ssl, sys
ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
kept, = [int(n) for n in os.listdir("/proc/self/fd")
         if os.path.realpath("/proc/self/fd/" + n) == sys.argv[1]]
assert kept >= 100 and fcntl.fcntl(kept, fcntl.F_GETFD) == fcntl.FD_CLOEXEC
os.setgid(65534)
os.setuid(65534)
ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
"""


@logs.needs_root
@here
class Messages(unittest.TestCase):
    def setUp(self):
        self.machine = logs.Machine(self, old=True)
        folder = tempfile.TemporaryDirectory(prefix="sslharden-log-", dir="/var/tmp")
        self.addCleanup(folder.cleanup)
        self.log = os.path.join(folder.name, "log")

    def test_the_kept_log(self):
        """It is written to where the file system can tell that it is the same file."""
        self.machine.run(SCRIPT, self.log,
                         env=test_log_place.INFO | {"SSLHARDEN_LOG": self.log})
        with open(self.log, encoding="ascii") as file:
            there = 2 if logs.has_generations(file) else 1
            self.assertEqual(len(file.readlines()), there)
        self.assertEqual(len(self.machine.logged()), 2 - there)

    def test_a_fifo_that_nobody_reads(self):
        """To open it for reading would be to wait."""
        os.mkfifo(self.log)
        self.machine.run(test_log_place.CONTEXT, self.log,
                         env=test_log_place.INFO | {"SSLHARDEN_LOG": self.log})
        complaint, line = self.machine.logged()
        self.assertIn("SSLHARDEN_LOG", complaint)
        self.assertIn("info: context", line)

    def test_a_pipe_that_cannot_be_opened_anew(self):
        reader, writer = os.pipe()
        os.set_blocking(reader, False)
        self.addCleanup(os.close, reader)
        self.addCleanup(os.close, writer)
        script = "import os; os.setgid(65534); os.setuid(65534)\n" + test_log_place.CONTEXT
        process = self.machine.python(script, stdout=subprocess.DEVNULL, stderr=writer,
                                      env=test_log_place.INFO)
        self.assertEqual(process.wait(timeout=peer.TIMEOUT), 0)
        self.assertIn(b"info: context", os.read(reader, 4096))


@here
class Links(test_log_place.Links, unittest.TestCase):
    """The same links, looked at by their names."""

    def setUp(self):
        super().setUp()
        self.machine.old = True

    def test_links_of_the_operators_own(self):
        """One in a folder that others can write to may become another one meanwhile."""
        os.symlink("../own/victim", self.log)
        self.refused(self.log, "link")
        os.symlink(self.shared, os.path.join(self.own, "to"))
        self.there(os.path.join(self.own, "to", "new"), os.path.join(self.shared, "new"))


if __name__ == "__main__":
    unittest.main()
