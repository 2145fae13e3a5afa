# SPDX-License-Identifier: MIT
"""The one built file under an older libc: Debian 11's glibc, with its own openssl."""
import glob
import os
import re
import subprocess
import tempfile
import unittest

import peer

OLD = os.environ["SSLHARDEN_LIBSSL"]  # the root of an older release


class OldGlibc(unittest.TestCase):
    """Debian 11: glibc 2.31, OpenSSL 1.1.1, and its own openssl as the server."""

    def served(self, mode):
        """What a client of this system, preferring the worse cipher, is given."""
        library_path = ":".join(os.path.join(OLD, d, os.path.basename(os.path.dirname(
            glob.glob(os.path.join(OLD, "usr/lib/*/libssl.so.1.1"))[0])))
            for d in ("lib", "usr/lib"))
        loader = glob.glob(os.path.join(OLD, "lib/*/ld-2.31.so"))[0]
        with tempfile.TemporaryDirectory() as folder:
            socket = os.path.join(folder, "socket")
            server = subprocess.Popen(
                [loader, "--library-path", library_path, os.path.join(OLD, "usr/bin/openssl"),
                 "s_server", "-unix", socket, "-cert", peer.certificate(), "-www",
                 "-cipher", "AES256-SHA:AES128-SHA:@SECLEVEL=0"],
                env=peer.environment(mode, SSLHARDEN_LOG_LEVEL="info"), text=True,
                stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            try:
                for line in server.stdout:  # readiness
                    if line.startswith("ACCEPT"):
                        break
                client = subprocess.run(
                    ["openssl", "s_client", "-unix", socket, "-brief", "-tls1_2",
                     "-cipher", "AES128-SHA:AES256-SHA:@SECLEVEL=0"], input="", text=True,
                    env=peer.environment(), timeout=peer.TIMEOUT,
                    stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            finally:
                server.kill()
                _, log = server.communicate()
        return re.search(r"^Ciphersuite: (\S+)", client.stdout, re.M).group(1), log

    def test_its_own_server(self):
        bare, log = self.served(False)
        self.assertEqual(bare, "AES128-SHA")
        self.assertNotIn("sslharden", log)
        hardened, log = self.served("preload")
        self.assertEqual(hardened, "AES256-SHA")
        self.assertRegex(log, r"sslharden\[\d+\]: info: context")


if __name__ == "__main__":
    unittest.main()
