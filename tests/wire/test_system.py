# SPDX-License-Identifier: MIT
"""Programs of this system's packages."""
import os
import re
import shutil
import ssl
import socket
import subprocess
import unittest
import warnings

import peer

FLOOR = {"SSLHARDEN_MIN_PROTOCOL": "TLSv1.2"}


def node_shares_libssl():
    """Debian's does; its maker's own has one inside, which nothing preloaded reaches."""
    asks = "console.log(process.config.variables.node_shared_openssl)"
    return bool(shutil.which("node")) and "true" in subprocess.run(
        ["node", "-e", asks], text=True, stdout=subprocess.PIPE, check=False).stdout


CIVETWEB = os.path.join(peer.BUILD, "civetweb")


class Foreign(unittest.TestCase):
    """libgnutls-openssl's objects belong to no libssl."""

    PROGRAM = os.path.join(peer.BUILD, "foreign")

    @unittest.skipUnless(os.path.exists(PROGRAM), "needs libgnutls-openssl27")
    def test_passed_through(self):
        bare, shim = (peer.run(program=(self.PROGRAM,), shim=s, SSLHARDEN_LOG_LEVEL="debug")
                      for s in (False, True))
        self.assertIn("made 1 1", bare)
        self.assertEqual(bare, shim)


class Python(unittest.TestCase):
    """CPython's ssl: libssl comes in by a plugin opened RTLD_LOCAL, its methods are generic."""

    def python(self, script, shim):
        # An interpreter leaks at exit; that is not what a leak checker is here for.
        lines = peer.run("-c", "import ssl, warnings; warnings.simplefilter('ignore')\n" + script,
                         program=("/usr/bin/python3",), shim=shim, ASAN_OPTIONS="detect_leaks=0")
        return [int(line, 16) for line in lines]

    def served(self, protocol, shim):
        """Options, minimum version and negotiated version of a server's connection."""
        return self.python(f"""
server = ssl.SSLContext(ssl.{protocol})
server.options &= ~(ssl.OP_NO_SSLv3 | ssl.OP_CIPHER_SERVER_PREFERENCE | ssl.OP_NO_COMPRESSION)
server.set_ciphers('ALL:@SECLEVEL=0')
server.load_cert_chain({peer.certificate()!r})
client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
client.check_hostname, client.verify_mode = False, ssl.CERT_NONE
pipes = [ssl.MemoryBIO(), ssl.MemoryBIO()]
ends = [server.wrap_bio(*pipes, server_side=True), client.wrap_bio(*reversed(pipes))]
for _ in range(4):
    for end in ends:
        try:
            end.do_handshake()
        except ssl.SSLWantReadError:
            pass
print(hex(ends[0].context.options & 0xffffffff))
print(hex({{'TLSv1.2': 0x303, 'TLSv1.3': 0x304}}[ends[0].version()]))
""", shim)

    def test_a_pin_is_opened(self):
        self.assertEqual(self.served("PROTOCOL_TLSv1_2", False)[1], 0x303)
        self.assertEqual(self.served("PROTOCOL_TLSv1_2", True)[1], 0x304)

    def test_a_server_contexts_options_stay(self):
        script = """
c = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
c.options &= ~(ssl.OP_NO_SSLv3 | ssl.OP_CIPHER_SERVER_PREFERENCE | ssl.OP_NO_COMPRESSION)
print(hex(c.options & 0xffffffff))
"""
        wanted = 0x02420000
        self.assertEqual(self.python(script, False)[0] & wanted, 0)
        self.assertEqual(self.python(script, True)[0] & wanted, wanted)

    def test_a_clients_options_can_go(self):
        script = """
c = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
print(hex(c.options & 0xffffffff))
c.options &= ~ssl.OP_NO_SSLv3
print(hex(c.options & 0xffffffff))
"""
        self.assertEqual(self.python(script, False), self.python(script, True))


class ReadDrives(unittest.TestCase):
    """Real servers whose SSL_read or BIO_read drives the handshake: their refused clients are
    explained, and admitted by who does what the line says."""

    NODE = """
        const fs = require("fs"), tls = require("tls"), pem = fs.readFileSync(process.argv[1]);
        const server = tls.createServer({cert: pem, key: pem, minVersion: "TLSv1",
                                         ciphers: "ALL:@SECLEVEL=0"},
                                        s => s.on("error", () => {}).end("served"));
        server.on("tlsClientError", () => {});
        server.listen(0, "127.0.0.1", () => console.log("port " + server.address().port));
        process.stdin.on("end", () => process.exit()).resume();"""

    def serve(self, command, shim, client, **variables):
        """Whether a client of TLS 1.0 is served, and what the library said."""
        server = subprocess.Popen(command, env=peer.environment(shim, **variables), text=True,
                                  stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE)
        try:
            port = None
            while not port:
                port = re.match(r"(?:port|ACCEPT .*:)\s*(\d+)$", server.stdout.readline())
            served = client(int(port.group(1)))
            said = self.line(server) if FLOOR.items() <= variables.items() else ""
        finally:
            if command[0] != "node":
                server.terminate()
            _, rest = server.communicate(timeout=peer.TIMEOUT)
        return served, [line for line in (said + rest).splitlines() if "a client offering" in line]

    @staticmethod
    def line(server):
        """The client may be done before it is there."""
        while (line := server.stderr.readline()) and "a client offering" not in line:
            pass
        return line

    @staticmethod
    def connect(port):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        context.set_ciphers("ALL:@SECLEVEL=0")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1
        with socket.create_connection(("127.0.0.1", port), peer.TIMEOUT) as tcp:
            try:
                with context.wrap_socket(tcp) as tls:
                    tls.sendall(b"GET / HTTP/1.0\r\n\r\n")
                    return bool(tls.recv(4096))
            except OSError:
                return False

    def check(self, command):
        self.assertEqual(self.serve(command, False, self.connect), (True, []))
        for mode in peer.MODES:
            with self.subTest(mode=mode):
                served, (line,) = self.serve(command, mode, self.connect, **FLOOR)
                self.assertFalse(served)
                self.assertRegex(line, r"warning: refused a client offering at most TLSv1 from ")
                name, value = re.search(r"(SSLHARDEN_\w+)=(\S+) admits it", line).groups()
                self.assertEqual(self.serve(command, mode, self.connect, **{name: value}),
                                 (True, []))
                served, (line,) = self.serve(command, mode, self.connect, SSLHARDEN="audit",
                                             **FLOOR)
                self.assertTrue(served)
                self.assertIn("audit: would refuse a client offering at most TLSv1", line)
                self.assertIn("SSLHARDEN_MIN_PROTOCOL=TLSv1 admits it", line)

    @unittest.skipUnless(node_shares_libssl(), "no node here that has not a libssl inside")
    @unittest.skipIf(os.environ.get("SSLHARDEN_PRELOAD_FIRST"), "node is too large for a sanitizer")
    def test_node(self):
        self.check(["node", "-e", self.NODE, peer.certificate()])

    def test_s_server(self):
        self.check(["/usr/bin/openssl", "s_server", "-www", "-accept", "127.0.0.1:0", "-cert",
                    peer.certificate(), "-cipher", "ALL:@SECLEVEL=0"])


    def test_datagrams(self):
        """One socket for all of them, connected to none: who sent it says its BIO."""
        def dial(port):
            done = subprocess.run(["/usr/bin/openssl", "s_client", "-dtls1", "-connect",
                                   f"127.0.0.1:{port}", "-cipher", "ALL:@SECLEVEL=0"],
                                  input="", text=True, timeout=peer.TIMEOUT,
                                  env=peer.environment(), stdout=subprocess.PIPE,
                                  stderr=subprocess.DEVNULL)
            return "Cipher is (NONE)" not in done.stdout
        command = ["/usr/bin/openssl", "s_server", "-dtls", "-accept", "127.0.0.1:0", "-cert",
                   peer.certificate(), "-cipher", "ALL:@SECLEVEL=0"]
        self.assertEqual(self.serve(command, False, dial), (True, []))
        served, (line,) = self.serve(command, True, dial, **FLOOR)
        self.assertFalse(served)
        self.assertRegex(line, r"at most TLSv1\.1 from 127\.0\.0\.1:\d+; .*"
                               r"SSLHARDEN_MIN_PROTOCOL=TLSv1\.1 admits it$")
        self.assertEqual(self.serve(command, True, dial, SSLHARDEN_MIN_PROTOCOL="TLSv1.1"),
                         (True, []))


@unittest.skipUnless(os.path.exists(CIVETWEB), "needs libcivetweb-dev")
class CivetWeb(unittest.TestCase):
    """A real server that opens libssl itself."""

    def ask(self, mode, *flags, **variables):
        """The server's options, and the version that openssl s_client gets, or None."""
        server = subprocess.Popen([CIVETWEB, peer.certificate()], text=True,
                                  env=peer.environment(mode, **variables), stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        try:
            mask = int(server.stdout.readline().split()[1], 16)
            port = server.stdout.readline().split()[1]
            client = subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{port}",
                                     "-brief", "-cipher", "ALL:@SECLEVEL=0", *flags],
                                    input="GET / HTTP/1.0\r\n\r\n", text=True, timeout=peer.TIMEOUT,
                                    stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                    env=peer.environment())
        finally:
            server.communicate("", timeout=peer.TIMEOUT)
        version = re.search(r"^Protocol version: (\S+)", client.stdout, re.M)
        return mask, version and version.group(1)

    def test_hardened(self):
        no_sslv3 = 0x02000000
        mask, version = self.ask(False, "-tls1_2", SSLHARDEN_MIN_PROTOCOL="TLSv1.3")
        self.assertEqual((mask & no_sslv3, version), (0, "TLSv1.2"))
        for mode in peer.MODES:
            with self.subTest(mode=mode):
                mask, version = self.ask(mode, "-tls1_2")
                self.assertEqual((mask & no_sslv3, version), (no_sslv3, "TLSv1.2"))
                _, version = self.ask(mode, "-tls1_2", SSLHARDEN_MIN_PROTOCOL="TLSv1.3")
                self.assertIsNone(version)


if __name__ == "__main__":
    unittest.main()
