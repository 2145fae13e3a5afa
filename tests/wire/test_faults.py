# SPDX-License-Identifier: MIT
"""Each call that the library itself makes fails once, and from there on, under load."""
import os
import subprocess
import tempfile
import unittest

import peer

FAULTS = os.path.join(peer.BUILD, "libfaults.so")
LIVES = os.path.join(peer.DIR, "lives")
CONF = "[*]\nSSLHARDEN_CIPHERS = ECDHE-ECDSA-AES128-GCM-SHA256\nSSLHARDEN_STRICT = off\n"


class Faults(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="sslharden-faults-")
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.certificate = peer.certificate()
        # One that is for this program alone, so that its name has to be looked up.
        with open(os.path.join(self.folder, "conf"), "w", encoding="ascii") as file:
            file.write(CONF + f"[{os.path.realpath(LIVES)}]\nSSLHARDEN_GROUPS = P-256\n")

    def run_(self, load, shim, **variables):
        self.failed = os.path.join(self.folder, "failed")
        if os.path.exists(self.failed):
            os.remove(self.failed)
        env = peer.environment(shim, before=(FAULTS,) if shim else (), FAULT_FILE=self.failed,
                               SSLHARDEN_CONFIG=os.path.join(self.folder, "conf"),
                               SSLHARDEN_LOG=os.path.join(self.folder, "log"), **variables)
        done = subprocess.run(load(self), env=env, text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, check=False, timeout=peer.TIMEOUT)
        self.assertEqual(done.returncode, 0, (variables, done.stderr))
        return done.stdout.splitlines()[-1]

    def storm(self):
        """Contexts made and freed by half of the threads while the others shake hands."""
        return [LIVES, "storm", self.certificate, "8", "20"]

    def many(self):
        """Contexts of a certificate that the operator's list does not suit, by two threads."""
        return [peer.PEER, "new:TLS_server_method", "ciphers:ALL", f"cert:{self.certificate}",
                "stress:2:40:TLS_server_method"]

    def read(self, name):
        try:
            with open(os.path.join(self.folder, name), encoding="utf-8") as file:
                return file.read()
        except FileNotFoundError:
            return ""

    def each(self, load, **variables):
        """Every point at which something fails, until there are no more."""
        self.assertNotRegex(self.run_(load, False), "lost 0x0$")
        self.assertRegex(self.run_(load, True), "lost 0x0$")
        names = []
        while True:
            said = self.run_(load, True, FAULT_AT=str(len(names)), **variables)
            self.assertRegex(said, "lost 0x0$", (names, self.read("failed")))
            failed = self.read("failed").split()
            if not failed:
                return set(names)
            names.append(failed[0])

    def test_once(self):
        written = {"openat", "read", "readlinkat", "write"}
        self.assertLessEqual(written, self.each(Faults.storm))
        self.assertLessEqual({"mmap", "openat", "read", "readlinkat"}, self.each(Faults.many))

    def test_from_there_on(self):
        for load in (Faults.storm, Faults.many):
            self.assertLessEqual({"openat", "read"}, self.each(load, FAULT_FROM="1"))

    def test_settings_that_were_lost_are_missed(self):
        for at, name in enumerate(("openat", "mmap", "read")):
            with self.subTest(name=name):
                if os.path.exists(os.path.join(self.folder, "log")):
                    os.remove(os.path.join(self.folder, "log"))
                self.assertRegex(self.run_(Faults.many, True, FAULT_AT=str(at)), "lost 0x0$")
                self.assertEqual(self.read("failed"), f"{name}\n")
                self.assertRegex(self.read("log"), r"warning: .*/conf: not read: ")


if __name__ == "__main__":
    unittest.main()
