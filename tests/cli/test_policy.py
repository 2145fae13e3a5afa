# SPDX-License-Identifier: MIT
"""sslharden policy, against snapshots that are checked in: a profile is a dated promise."""
import os
import unittest

from command import COMMAND, Case, call, document

SNAPSHOTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "policy")


class Policy(Case):
    def test_profiles(self):
        self.maxDiff = None
        names = sorted(name.removesuffix(".txt") for name in os.listdir(SNAPSHOTS))
        self.assertEqual(names, ["default", "intermediate", "modern"])
        for name in names:
            with open(os.path.join(SNAPSHOTS, f"{name}.txt"), encoding="utf-8") as file:
                text = file.read()
            self.assertEqual(call("policy", name)[0], text)
            # The same by the environment; which a named profile does not look at.
            self.assertEqual(call("policy", SSLHARDEN_PROFILE=name)[0], text)
            self.assertEqual(call("policy", name, SSLHARDEN_MIN_PROTOCOL="TLSv1.1")[0], text)

    def test_the_environment(self):
        before = document("policy", "--json")
        self.assertIn("NO_SSLv3", before["options"])
        after = document("policy", "--json", SSLHARDEN_ALLOW_SSLV3="1",
                         SSLHARDEN_MIN_PROTOCOL="TLSv1.2", SSLHARDEN="audit")
        self.assertEqual(set(before["options"]) - set(after["options"]), {"NO_SSLv3"})
        self.assertEqual((before["min_protocol"], after["min_protocol"]), (None, "TLSv1.2"))
        self.assertEqual((before["mode"], after["mode"]), ("on", "audit"))

    def test_the_file_for_a_program(self):
        """Its own section's name does not count for the command itself."""
        conf = self.write("conf", "[/usr/bin/true]\nSSLHARDEN_MIN_PROTOCOL = TLSv1.2\n"
                          f"[{os.path.realpath(COMMAND)}]\nSSLHARDEN_STRICT = 1\n", 0o600)
        link = self.path("link")
        os.symlink("/usr/bin/true", link)
        for words, lowest in (([], None), (["--for", "true"], "TLSv1.2"),
                              (["--for", link], "TLSv1.2"), (["--for", "/usr/bin/false"], None)):
            told = document("policy", "--json", *words, SSLHARDEN_CONFIG=conf)
            self.assertEqual((told["min_protocol"], told["strict"]), (lowest, False))
        self.assertIn("--for /nowhere: No such file or directory; accepted: a program",
                      call("policy", "--for", "/nowhere", code=1)[1])
        self.assertIn("a NAME beside --for", call("policy", "--for", "true", "modern", code=2)[1])

    def test_the_file(self):
        path = self.write("conf", "[*]\nSSLHARDEN_STRICT = yes\n", 0o644)
        self.assertTrue(document("policy", "--json", SSLHARDEN_CONFIG=path)["strict"])
        os.chmod(path, 0o666)
        out, err = call("policy", SSLHARDEN_CONFIG=path, code=1)
        self.assertIn("its group and others cannot write", err)
        self.assertIn("passed, and said", out)

    def test_what_cannot_be_read(self):
        out, err = call("policy", SSLHARDEN_MIN_PROTOCOL="TLS1.2", SSLHARDEN_ALLOW_SSL3="1", code=1)
        self.assertIn('SSLHARDEN_MIN_PROTOCOL: cannot read "TLS1.2"; accepted: TLSv1 ', err)
        self.assertIn("nearest known name: SSLHARDEN_ALLOW_SSLV3", err)
        self.assertEqual(out, call("policy")[0])
        self.assertIn("accepted: default intermediate modern", call("policy", "old", code=2)[1])


if __name__ == "__main__":
    unittest.main()
