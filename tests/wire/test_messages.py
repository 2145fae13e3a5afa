# SPDX-License-Identifier: MIT
"""Messages go to the log, and never into something that is the program's own."""
import os
import socket
import tempfile
import unittest

import peer

# A descriptor that libc's syslog keeps is one that a daemon, closing all it has, gives away.
DAEMON = """
import os, socket, ssl, syslog
syslog.syslog("the daemon's own")
os.closerange(3, 100)
ours, theirs = socket.socketpair()
ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
theirs.setblocking(False)
try:
    print("the client got", theirs.recv(999))
except BlockingIOError:
    print("the client got nothing")
"""


@unittest.skipIf(os.geteuid() != 0 or peer.CROSS, "a /dev/log of its own needs root")
class Syslog(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="sslharden-dev-")
        self.addCleanup(folder.cleanup)
        self.log = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(self.log.close)
        self.log.bind(os.path.join(folder.name, "log"))
        self.log.setblocking(False)
        # The program sees that folder as /dev, in a mount namespace of its own.
        self.inside = ("unshare", "--mount", "sh", "-c",
                       f'mount --bind {folder.name} /dev && exec "$@"', "sh")

    def logged(self):
        lines = []
        try:
            while True:
                lines.append(self.log.recv(4096).decode())
        except BlockingIOError:
            return lines

    def test_target(self):
        words = [f"new:{peer.flexible('server')}", "options"]
        for shim, count in ((False, 0), (True, 1)):
            lines = peer.run(*words, program=(*self.inside, peer.PEER), shim=shim,
                             SSLHARDEN_LOG="syslog", SSLHARDEN_LOG_LEVEL="info")
            self.assertEqual(len(lines), 1)  # nothing on standard error
            logged = self.logged()
            self.assertEqual(len(logged), count)
        self.assertRegex(logged[0], r"^<30>sslharden\[\d+\]: peer: info: context ")

    def test_standard_error_is_a_client(self):
        """As under inetd: a socket of the Internet is no place for messages."""
        listener = socket.create_server(("127.0.0.1", 0))
        client = socket.create_connection(listener.getsockname())
        server, _ = listener.accept()
        process = os.posix_spawnp("unshare", [*self.inside, peer.PEER,
                                              f"new:{peer.flexible('server')}"],
                                  peer.environment(True, SSLHARDEN_LOG_LEVEL="info"),
                                  file_actions=[(os.POSIX_SPAWN_DUP2, server.fileno(), 2)])
        self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]), 0)
        for end in (server, listener):
            end.close()
        self.assertEqual(client.recv(999), b"")
        client.close()
        self.assertEqual(len(self.logged()), 1)

    def test_a_descriptor_that_libc_keeps(self):
        lines = peer.run("-c", DAEMON, program=(*self.inside, "/usr/bin/python3"), shim=True,
                         SSLHARDEN_LOG="syslog", SSLHARDEN_LOG_LEVEL="info",
                         ASAN_OPTIONS="detect_leaks=0")
        self.assertEqual(lines, ["the client got nothing"])
        logged = self.logged()
        self.assertEqual(len(logged), 2, logged)
        self.assertIn("the daemon's own", logged[0])
        self.assertIn("sslharden[", logged[1])


if __name__ == "__main__":
    unittest.main()
