# SPDX-License-Identifier: MIT
"""sslharden policy, against snapshots that are checked in: a profile is a dated promise."""
import os
import re
import subprocess
import unittest

from command import COMMAND, Case, call, document, environment

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
            out = call("policy", SSLHARDEN_PROFILE=name)[0]
            self.assertEqual("".join(re.split("(?m)^from ", out)[:1]), text)
            self.assertEqual(call("policy", name, SSLHARDEN_MIN_PROTOCOL="TLSv1.1")[0], text)

    def test_the_environment(self):
        before = document("policy", "--json")
        self.assertIn("NO_SSLv3", before["options"])
        after = document("policy", "--json", SSLHARDEN_ALLOW_SSLV3="1",
                         SSLHARDEN_MIN_PROTOCOL="TLSv1.2", SSLHARDEN="audit")
        self.assertEqual(set(before["options"]) - set(after["options"]), {"NO_SSLv3"})
        self.assertEqual((before["min_protocol"], after["min_protocol"]), (None, "TLSv1.2"))
        self.assertEqual((before["mode"], after["mode"]), ("on", "audit"))

    def test_what_is_off_by_default(self):
        self.assertIn("NO_TICKET", document("policy", "--json", "--no-tickets")["options"])
        told = document("policy", "--json")
        self.assertNotIn("NO_TICKET", told["options"])
        self.assertIsNone(told["forbid"])
        self.assertFalse(told["no_client_renegotiation"])
        self.assertTrue(document("policy", "--json",
                                 "--no-client-renegotiation")["no_client_renegotiation"])
        self.assertEqual(told["min_dh_bits"], 0)
        self.assertEqual(document("policy", "--json", "--min-dh-bits", "3000")["min_dh_bits"], 3000)
        self.assertIn("of 3000 bits at the least", call("policy", SSLHARDEN_MIN_DH_BITS="3000")[0])
        self.assertEqual(document("policy", "--json", "--forbid", "3DES,RC4")["forbid"], "RC4,3DES")
        self.assertIn("none of RC4\n", call("policy", SSLHARDEN_FORBID="RC4")[0])

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
                      call("policy", "--for", "/nowhere", code=3)[1])
        self.assertIn("--for beside --check", call("policy", "--for", "true", "--check", code=2)[1])
        self.assertIn("a NAME beside --for", call("policy", "--for", "true", "modern", code=2)[1])

    def test_the_file(self):
        path = self.write("conf", "[*]\nSSLHARDEN_STRICT = yes\n", 0o644)
        self.assertTrue(document("policy", "--json", SSLHARDEN_CONFIG=path)["strict"])
        os.chmod(path, 0o666)
        out, err = call("policy", SSLHARDEN_CONFIG=path, code=1)
        self.assertIn("its group and others cannot write", err)
        self.assertIn("passed, and said", out)

    def test_a_name_that_no_libssl_knows(self):
        """Each passes over it, so that nobody else says so."""
        def said(ciphers, code, name="SSLHARDEN_CIPHERS"):
            conf = self.write("conf", f"[*]\n{name} = {ciphers}\n", 0o600)
            return call("policy", "--check", code=code, SSLHARDEN_CONFIG=conf)[1].replace(conf, "conf")
        good = "ECDHE-RSA-AES128-GCM-SHA256"
        for bad in ("ECDHE-RSA-AES128-GCM-SHA265", "!aNUL", "kECDHE+AESGMC", "@STRENGHT", "HIGH+", "EC"):
            for ciphers in (f"{good}:{bad}", f"{bad} {good}", f"{good},{bad}:{good}"):
                self.assertIn(f"conf:2: SSLHARDEN_CIPHERS: no OpenSSL knows '{bad}', and each passes "
                              "over it; accepted: ", said(ciphers, 1))
        for ciphers in (good, "HIGH:!aNULL:-kRSA:kECDHE+AESGCM+aRSA:@STRENGTH:@SECLEVEL=1",
                        "restricted", "DES-CBC3-MD5:EXP-RC4-MD5", "PROFILE=SYSTEM", "!SSLv2:+TLSv1.2",
                        "TLS_RSA_WITH_AES_128_CBC_SHA:DEFAULT"):
            self.assertEqual(said(ciphers, 0), "")
        self.assertIn("knows 'TLS_AES_128_GCM_SHA265'",
                      said("TLS_AES_128_GCM_SHA265:TLS_AES_128_GCM_SHA256", 1, "SSLHARDEN_CIPHERSUITES"))
        self.assertEqual(said("TLS_AES_128_GCM_SHA256", 0, "SSLHARDEN_CIPHERSUITES"), "")
        self.assertIn("the environment: SSLHARDEN_CIPHERS: no OpenSSL knows 'SHA265'",
                      call("policy", "--check", code=1, SSLHARDEN_CIPHERS="HIGH:SHA265")[1])

    def test_a_group_that_no_libssl_knows(self):
        """For one a libssl drops the whole list; of the syntax of 3.5 each mark is known."""
        def said(groups, code):
            return call("policy", "--check", code=code, SSLHARDEN_GROUPS=groups)[1]
        for groups in ("X25519:P-256", "DEFAULT:-P-521", "?*X25519MLKEM768 / ?*X25519:?secp256r1 / ?X448"):
            self.assertEqual(said(groups, 0), "")
        told = said("X25591:P256:?X448K", 1)
        for name, nearest, what in (("X25591", "X25519", "each drops the whole list"),
                                    ("P256", "P-256", "each drops the whole list"),
                                    ("?X448K", "X448", "each passes over it;")):
            self.assertIn("the environment: SSLHARDEN_GROUPS: no OpenSSL knows "
                          f"'{name}' (nearest: {nearest}), and {what}", told)
        self.assertIn("no OpenSSL knows 'P-256 P-384'", said("P-256 P-384", 1) + said("P-256,P-384", 1)
                      .replace(",", " "))
        told = document("policy", "--check", "--json", code=1, SSLHARDEN_CIPHERS="EC:HIGH:CE")
        self.assertEqual(len(told["complaints"]), 2)

    def test_where_each_comes_from(self):
        conf = self.write("conf", "[*]\nSSLHARDEN_PROFILE = intermediate\nSSLHARDEN_STRICT = 1\n"
                          "[/usr/bin/true]\nSSLHARDEN_MAX_PROTOCOL = TLSv1.3\n", 0o600)

        def sources(*words, **variables):
            told = document("policy", "--json", *words, SSLHARDEN_CONFIG=conf, **variables)
            return {each["setting"].split("=")[0].removeprefix("SSLHARDEN_"): each["from"]
                    for each in told["settings"]}
        told = sources("--for", "/usr/bin/true", "--log-level", "info", SSLHARDEN_GROUPS="P-256")
        whole = f"the profile intermediate, {conf}:2"
        self.assertEqual({k: told[k] for k in ("PROFILE", "MIN_PROTOCOL", "STRICT", "MAX_PROTOCOL",
                                               "LOG_LEVEL", "GROUPS", "CIPHERS")},
                         {"PROFILE": f"{conf}:2", "MIN_PROTOCOL": whole, "STRICT": f"{conf}:3",
                          "MAX_PROTOCOL": f"{conf}:5", "LOG_LEVEL": "an option of this call",
                          "GROUPS": "the environment", "CIPHERS": whole})
        told = sources(SSLHARDEN_PROFILE="modern")
        self.assertEqual((told["MIN_PROTOCOL"], told["PROFILE"], told["STRICT"]),
                         ("the profile modern", "the environment", f"{conf}:3"))
        self.assertIn(f"SSLHARDEN_STRICT=1 ({conf}:3)", call("policy", SSLHARDEN_CONFIG=conf)[0])
        out = call("policy", "--min-protocol", "1.2")[0]
        self.assertIn("from           SSLHARDEN_MIN_PROTOCOL=TLSv1.2 (an option of this call)", out)

    def test_the_whole_file(self):
        link = self.path("link")
        os.symlink("/usr/bin/true", link)
        conf = self.write("conf", f"[*]\nSSLHARDEN_MIN_PROTOCL = TLSv1.2\n[{link}]\n"
                          "SSLHARDEN_STRICT = 1\n[/nowhere/nginx]\nSSLHARDEN_STRICT = 2\n"
                          "[/usr/bin/true]\nSSLHARDEN_LOG = here\n", 0o600)
        out, err = call("policy", "--check", SSLHARDEN_CONFIG=conf, code=1)
        for said in (f"{conf}:2: SSLHARDEN_MIN_PROTOCL: unknown variable",
                     f"{conf}:3: [{link}] is a link: no process is called so; accepted: "
                     f"[{os.path.realpath(link)}]",
                     f"{conf}:5: [/nowhere/nginx]: No such file or directory",
                     f"{conf}:6: SSLHARDEN_STRICT: cannot read",
                     f"{conf}:8: SSLHARDEN_LOG: cannot read"):
            self.assertEqual(err.count(said), 1, err)
        told = document("policy", "--json", "--check", SSLHARDEN_CONFIG=conf, code=1)
        self.assertEqual((told["file"], len(told["complaints"])), (conf, 5))
        conf = self.write("conf", "[*]\nSSLHARDEN = off\n", 0o600)
        self.assertEqual(call("policy", "--check", SSLHARDEN_CONFIG=conf)[0],
                         f"SSLHARDEN=off: nothing of it is done\n{conf}: good\n")
        self.assertTrue(call("policy", SSLHARDEN_CONFIG=conf)[0].startswith("SSLHARDEN=off: nothing"))

    def test_what_is_set_again(self):
        """In one section the last line counts; a program's section is over that for all."""
        conf = self.write("conf", "[*]\nSSLHARDEN_STRICT = 1\nSSLHARDEN_MIN_PROTOCOL = TLSv1.2\n"
                          "SSLHARDEN_STRICT = 0\nSSLHARDEN_STRICT = 1\n[/usr/bin/true]\n"
                          "SSLHARDEN_MIN_PROTOCOL = TLSv1\n[/usr/bin/env]\nSSLHARDEN_LOG = syslog\n"
                          "SSLHARDEN_LOG = none\n", 0o600)
        told = document("policy", "--json", "--check", SSLHARDEN_CONFIG=conf, code=1)
        self.assertEqual(told["complaints"], [
            f"{conf}:2: SSLHARDEN_STRICT: not applied: line 4 sets it again",
            f"{conf}:4: SSLHARDEN_STRICT: not applied: line 5 sets it again",
            f"{conf}:9: SSLHARDEN_LOG: not applied: line 10 sets it again"])

    def test_what_a_file_has_that_is_no_setting(self):
        conf = self.write("conf", "[*]\nSSLHARDEN_STRICT yes ; really\n[nginx]\n", 0o600)
        err = call("policy", "--check", SSLHARDEN_CONFIG=conf, code=1)[1]
        self.assertIn(f'{conf}:2: cannot read "SSLHARDEN_STRICT yes', err)
        self.assertIn(f'{conf}:3: cannot read "[nginx]"; accepted: [*] or [/absolute/', err)

    @unittest.skipUnless(os.geteuid() == 0 and not os.path.lexists("/etc/sslharden.conf") and
                         subprocess.run(["unshare", "--mount", "true"], check=False,
                                        stderr=subprocess.DEVNULL).returncode == 0,
                         "needs root, and mounts")
    def test_a_file_that_is_a_link_to_nothing(self):
        line = ('mount -t tmpfs none /etc && ln -s /srv/lost.conf /etc/sslharden.conf && '
                'exec "$0" policy --check')
        done = subprocess.run(["unshare", "--mount", "sh", "-c", line, COMMAND], env=environment(),
                              text=True, capture_output=True, check=False)
        self.assertIn("/etc/sslharden.conf: a link to /srv/lost.conf, which is not there",
                      done.stderr)
        self.assertEqual(done.returncode, 1, done)

    def test_what_cannot_be_read(self):
        out, err = call("policy", SSLHARDEN_MIN_PROTOCOL="TLS1.4", SSLHARDEN_ALLOW_SSL3="1", code=1)
        self.assertIn('SSLHARDEN_MIN_PROTOCOL: cannot read "TLS1.4"; accepted: TLSv1 ', err)
        self.assertIn("nearest known name: SSLHARDEN_ALLOW_SSLV3", err)
        self.assertEqual(out, call("policy")[0])
        self.assertIn("accepted: default intermediate modern", call("policy", "old", code=2)[1])
        self.assertIn("policy: of a program: --for sh\n", call("policy", "sh", code=2)[1])


if __name__ == "__main__":
    unittest.main()
