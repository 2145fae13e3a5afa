# SPDX-License-Identifier: MIT
"""The settings file: /etc/sslharden.conf, and what SSLHARDEN_CONFIG names."""
import os
import subprocess
import tempfile
import unittest

import peer


NO_VERSION = {0x300: 0x02000000, 0x301: 0x04000000, 0x302: 0x10000000, 0x303: 0x08000000}


def floor(lines):
    """The lowest version that a connection serves whose handshake has begun."""
    options = peer.options(lines, "begun")
    return next((v for v, option in NO_VERSION.items() if not options & option), 0x304)


def words():
    return [f"new:{peer.flexible('server')}", "begun"]


def section(program, version):
    return f"[{program}]\nSSLHARDEN_MIN_PROTOCOL = {version}\n"


class Named(unittest.TestCase):
    """By SSLHARDEN_CONFIG, in an ordinary process."""

    def setUp(self):
        if not peer.modern():
            self.skipTest("the options are those of 1.1.0 and later")
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = os.path.join(folder.name, "conf")

    def lines(self, text, mode=0o644, shim=True, **variables):
        with open(self.path, "wb") as file:
            file.write(text.encode())
        os.chmod(self.path, mode)
        return peer.run(*words(), shim=shim, SSLHARDEN_CONFIG=self.path, **variables)

    def test_for_all_and_for_this_program(self):
        every = section("*", "TLSv1.2")
        self.assertLess(floor(self.lines(every, shim=False)), 0x303)
        self.assertLess(floor(self.lines("")), 0x303)
        self.assertEqual(floor(self.lines(every)), 0x303)
        program = os.path.realpath(peer.PEER)
        if any("ld-linux" in word for word in peer.LOADER):
            program = os.path.realpath(peer.LOADER[0])  # the loader is what runs
        for text in (every + section(program, "TLSv1.3"), section(program, "TLSv1.3") + every):
            self.assertEqual(floor(self.lines(text)), 0x304)
        self.assertEqual(floor(self.lines(every + section("/usr/sbin/other", "TLSv1.3"))), 0x303)

    def test_the_environment_is_over_the_file(self):
        every = section("*", "TLSv1.2")
        self.assertEqual(floor(self.lines(every, SSLHARDEN_MIN_PROTOCOL="TLSv1.3")), 0x304)
        self.assertEqual(floor(self.lines(every, SSLHARDEN_MIN_PROTOCOL="TLSv1.1")), 0x302)
        self.assertEqual(floor(self.lines(every, SSLHARDEN_PROFILE="modern")), 0x304)

    def refused(self, why, **variables):
        lines = peer.run(*words(), shim=True, **variables)
        self.assertLess(floor(lines), 0x303)
        said = [line for line in lines if "not read: " in line]
        self.assertEqual(len(said), 1, lines)
        self.assertIn(why, said[0])
        self.assertIn("accepted: ", said[0])

    def test_who_can_write_it(self):
        text = section("*", "TLSv1.2")
        self.assertEqual(floor(self.lines(text, 0o600)), 0x303)
        for mode in (0o664, 0o646, 0o666):
            self.assertLess(floor(self.lines(text, mode)), 0x303)
            self.refused("writable by its group or others", SSLHARDEN_CONFIG=self.path)
        if os.geteuid() == 0:
            os.chmod(self.path, 0o644)
            os.chown(self.path, 65534, 65534)
            self.refused("owned by another user", SSLHARDEN_CONFIG=self.path)

    def test_what_it_is(self):
        self.refused("it is not there", SSLHARDEN_CONFIG=self.path)
        self.refused("no absolute path", SSLHARDEN_CONFIG="sslharden.conf")
        self.refused("no absolute path", SSLHARDEN_CONFIG="")
        self.refused("not a regular file", SSLHARDEN_CONFIG=os.path.dirname(self.path))
        os.mkfifo(self.path)
        self.refused("not a regular file", SSLHARDEN_CONFIG=self.path)
        os.unlink(self.path)
        for text, why in (("#" * 40000, "too long"), ("[*]\n\0", "NUL byte")):
            self.lines(text)
            self.refused(why, SSLHARDEN_CONFIG=self.path)

    def test_a_line_that_cannot_be_read(self):
        text = "[*]\nSSLHARDEN_MIN_PROTOCOL = TLSv1.2\nSSLHARDEN_MAX_PROTOCOL = new\x1best\n"
        lines = self.lines(text)
        self.assertEqual(floor(lines), 0x303)
        self.assertTrue(any(f'{self.path}:3: SSLHARDEN_MAX_PROTOCOL: cannot read "new\\x1best"; '
                            "accepted: TLSv1 TLSv1.1" in line for line in lines), lines)


class System(unittest.TestCase):
    """/etc/sslharden.conf and /etc/ld.so.preload, in a mount namespace with an /etc of its own."""

    SETUP = """
        set -eu
        folder=$1 conf=$2 mode=$3 owner=$4 identity=$5
        shift 5
        mount -t tmpfs -o mode=755 none "$folder"
        cp -a /etc "$folder"
        rm -f "$folder/etc/sslharden.conf" "$folder/etc/ld.so.preload"
        cp "$LIB" "$folder/libsslharden.so"
        cp "$PEER" "$folder/peer"
        mount --bind "$folder/etc" /etc
        if [ -n "$conf" ]; then
            printf %s "$conf" >/etc/sslharden.conf
            chmod "$mode" /etc/sslharden.conf
            chown "$owner" /etc/sslharden.conf
        fi
        [ "$identity" != set-uid ] || chmod u+s "$folder/peer"
        [ "$identity" = bare ] || echo "$folder/libsslharden.so" >/etc/ld.so.preload
        exec setpriv --reuid 65534 --regid 65534 --clear-groups "$folder/peer" "$@" """

    @classmethod
    def setUpClass(cls):
        if peer.CROSS or peer.LOADER or os.environ.get("SSLHARDEN_PRELOAD_FIRST"):
            raise unittest.SkipTest("this system's loader has to start the programs")
        if subprocess.run(["unshare", "-m", "true"], capture_output=True).returncode != 0:
            raise unittest.SkipTest("needs the right to make a mount namespace")

    def lines(self, conf="", identity="ordinary", mode="644", owner="root", **variables):
        with tempfile.TemporaryDirectory() as folder:
            os.chmod(folder, 0o755)
            env = {**peer.environment(), "LIB": peer.LIB, "PEER": peer.PEER, **variables}
            done = subprocess.run(["unshare", "-m", "sh", "-c", self.SETUP, "sh", folder,
                                   conf.replace("PEER", f"{folder}/peer"), mode, owner, identity,
                                   *words()],
                                  env=env, text=True, capture_output=True, timeout=peer.TIMEOUT)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.splitlines() + done.stderr.splitlines()

    def test_an_ordinary_process(self):
        conf = section("*", "TLSv1.2")
        self.assertLess(floor(self.lines(conf, "bare")), 0x303)
        self.assertLess(floor(self.lines()), 0x303)
        self.assertEqual(floor(self.lines(conf)), 0x303)
        self.assertEqual(floor(self.lines(conf + section("PEER", "TLSv1.3"))), 0x304)
        self.assertEqual(floor(self.lines(conf, SSLHARDEN_MIN_PROTOCOL="TLSv1.3")), 0x304)

    def test_a_secure_execution_process(self):
        """It reads the file, and nothing that its caller says."""
        conf = section("*", "TLSv1.2")
        asked = {"SSLHARDEN_MIN_PROTOCOL": "TLSv1.3", "SSLHARDEN_CONFIG": "/nowhere"}
        lines = self.lines(conf, **asked)
        self.assertEqual(floor(lines), 0x304)
        self.assertTrue(any("/nowhere: not read" in line for line in lines), lines)
        lines = self.lines(conf, "set-uid", **asked)
        self.assertEqual(floor(lines), 0x303)
        self.assertFalse(any("/nowhere" in line for line in lines), lines)
        self.assertLess(floor(self.lines("", "set-uid", **asked)), 0x303)
        self.assertEqual(floor(self.lines(section("PEER", "TLSv1.3"), "set-uid")), 0x304)

    def test_a_file_that_others_can_write(self):
        conf = section("*", "TLSv1.2")
        for identity in ("ordinary", "set-uid"):
            for refusal in ({"mode": "664"}, {"mode": "646"}, {"owner": "nobody"}):
                with self.subTest(identity=identity, **refusal):
                    lines = self.lines(conf, identity, **refusal)
                    self.assertLess(floor(lines), 0x303)
                    self.assertTrue(any("/etc/sslharden.conf: not read: " in line
                                        for line in lines), lines)

    def test_a_refused_name_leaves_the_systems_file(self):
        lines = self.lines(section("*", "TLSv1.2"), SSLHARDEN_CONFIG="/nowhere")
        self.assertEqual(floor(lines), 0x303)
        self.assertTrue(any("/nowhere: not read: it is not there" in line for line in lines))


if __name__ == "__main__":
    unittest.main()
