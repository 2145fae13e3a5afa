# SPDX-License-Identifier: MIT
"""What is counted and limited is so for the server as a whole, the children that it forks included."""
import ctypes.util
import re
import socket
import struct
import subprocess
import threading
import time
import unittest

import logs
import peer

CLIENTS = 100 if logs.SANITIZED else 1000

# Forks for each client, as vsftpd, NRPE and postgres do; the context is the parent's, or, as in
# vsftpd, each child's own.  First it says its port; the children say nothing.
SERVER = """
import os, socket, ssl, sys
def context():
    ctx = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ctx.minimum_version = ssl.TLSVersion.TLSv1
    ctx.set_ciphers("ALL:@SECLEVEL=0")
    ctx.load_cert_chain(sys.argv[1])
    return ctx
ctx = context() if sys.argv[2] == "parent" else None
listener = socket.create_server(("127.0.0.1", 0), backlog=100)
print(listener.getsockname()[1], flush=True)
while True:
    client, _ = listener.accept()
    if os.fork() == 0:
        listener.close()
        try:
            (ctx or context()).wrap_socket(client, server_side=True)
        except (ssl.SSLError, OSError):
            pass
        client.close()
        os._exit(0)
    client.close()
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass
"""

# A hello of TLS 1.0 with TLS_RSA_WITH_AES_128_CBC_SHA.
BODY = b"\x03\x01" + bytes(32) + b"\x00" + b"\x00\x02\x00\x2f" + b"\x01\x00"
HELLO = b"\x16\x03\x01" + struct.pack(">H", len(BODY) + 4) + b"\x01\x00" + \
    struct.pack(">H", len(BODY)) + BODY


class Forks(unittest.TestCase):
    def serve(self, whose, **env):
        self.server = subprocess.Popen(
            [logs.PYTHON, "-c", SERVER, peer.certificate(), whose], text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=peer.environment(True, ASAN_OPTIONS="detect_leaks=0",
                                 after=(ctypes.util.find_library("ssl"),),  # as if linked with it
                                 SSLHARDEN_MIN_PROTOCOL="TLSv1.2", **env))
        self.port = int(self.server.stdout.readline())
        self.lines = []
        self.reader = threading.Thread(target=lambda: self.lines.extend(self.server.stderr))
        self.reader.start()
        self.addCleanup(self.end)

    def end(self):
        self.server.kill()
        self.server.wait()
        self.reader.join()
        self.server.stdout.close()
        self.server.stderr.close()
        return self.refusals()

    def refusals(self):
        return [line for line in self.lines if "refused a client" in line]

    def refused(self, count):
        for _ in range(count):
            with socket.create_connection(("127.0.0.1", self.port), timeout=peer.TIMEOUT) as client:
                client.sendall(HELLO)
                self.assertEqual(client.recv(1)[:1], b"\x15")  # an alert
                while client.recv(99):  # its child has ended
                    pass

    def check(self, whose, clients):
        """So many clients, one line; and a minute later, another with the count of the rest."""
        self.serve(whose)
        began = time.monotonic()
        self.refused(clients)
        minutes = int(time.monotonic() - began) // 60
        self.assertLessEqual(len(self.refusals()), 1 + minutes)
        page = logs.Page(self.server.pid)
        (row, (last, waiting)), = page.limits().items()
        told = page.written("stderr")
        self.assertEqual(page.lost(), 0)
        if told == 1:
            self.assertEqual(waiting, clients - 1)
        page.set(page.LIMITS + 8 * row, last - 60)
        self.refused(1)
        lines = self.end()
        self.assertEqual(len(lines), told + 1, lines)
        self.assertIn(f" (and {waiting} more since the last line); ", lines[-1])

    def test_context_of_the_parent(self):
        self.check("parent", CLIENTS)

    @unittest.skipIf(peer.MODE == "audit", "an audit library is there before libssl is")
    def test_context_of_each_child(self):
        self.check("child", 50)

    def test_what_cannot_be_read_is_said_once(self):
        self.serve("child", SSLHARDEN_TYPO="1")
        self.refused(20)
        self.end()
        self.assertEqual(len(re.findall("SSLHARDEN_TYPO", "".join(self.lines))), 1)

    def test_what_a_child_writes_there_stops_no_line(self):
        """A child that was taken over can make the counts wrong, no more: a line is due, not never."""
        self.serve("parent")
        self.refused(1)
        page = logs.Page(self.server.pid)
        (row, (last, _)), = page.limits().items()
        page.set(page.LIMITS + 8 * row, last + 3600)
        self.refused(1)
        self.assertEqual(len(self.end()), 2)

    def test_who_has_no_libssl_has_no_page(self):
        process = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   env=peer.environment("preload", ASAN_OPTIONS="detect_leaks=0"))
        process.stdin.write(b"x")
        process.stdin.flush()
        self.assertEqual(process.stdout.read(1), b"x")
        with self.assertRaisesRegex(AssertionError, "it has no page"):
            logs.Page(process.pid)
        process.communicate()


if __name__ == "__main__":
    unittest.main()
