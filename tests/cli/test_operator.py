# SPDX-License-Identifier: MIT
"""docs/QUICKSTART.md's steps, as an operator takes them, with Debian's nginx."""
import os
import re
import subprocess
import unittest

from command import COMMAND, TIMEOUT, Case, call, document, environment

NGINX = "/usr/sbin/nginx"
CONF = """
daemon off;
error_log /dev/null;
pid {folder}/pid;
events {{ }}
http {{
    access_log off;
    server {{
        listen unix:{folder}/socket ssl;
        ssl_certificate {folder}/cert.pem;
        ssl_certificate_key {folder}/key.pem;
        ssl_protocols TLSv1.2 TLSv1.3;
        return 200 "a page";
    }}
}}
"""


class Operator(Case):
    def setUp(self):
        super().setUp()
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30",
                        "-subj", "/CN=localhost", "-keyout", self.path("key.pem"),
                        "-out", self.path("cert.pem")], check=True, stderr=subprocess.DEVNULL)
        self.conf = self.write("nginx.conf", CONF.format(folder=self.folder), 0o644)
        self.log = self.path("log")
        os.chmod(self.folder, 0o755)
        with open(self.log, "w", encoding="utf-8"):
            os.chmod(self.log, 0o666)  # the workers are somebody else

    def start(self, *command):
        process = subprocess.Popen([*command, NGINX, "-c", self.conf], env=environment(),
                                   stderr=subprocess.PIPE)

        def stop():
            process.terminate()
            process.communicate(timeout=TIMEOUT)
        self.addCleanup(stop)
        while not os.path.exists(self.path("socket")) or self.client("1_3") is None:
            self.assertIsNone(process.poll())
        return process, stop

    def client(self, version):
        """The version that it gets, or None."""
        done = subprocess.run(["openssl", "s_client", "-unix", self.path("socket"), "-brief",
                               f"-tls{version}"], input="", text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, env=environment(), timeout=TIMEOUT)
        found = re.search(r"^Protocol version: (\S+)", done.stdout, re.M)
        return found and found.group(1)

    def run_(self, *options):
        return self.start(COMMAND, "run", "--log", self.log, *options, "--")

    def text(self):
        with open(self.log, encoding="utf-8") as file:
            return file.read()

    def test_the_steps(self):
        # It can work; and bare, the old client gets in.
        self.assertEqual(document("check", "--json", NGINX)["hardened"], "yes")
        process, stop = self.start()
        self.assertEqual(self.client("1_2"), "TLSv1.2")
        call("status", str(process.pid), code=1)
        stop()
        # An audit says what would change, and changes nothing.
        process, stop = self.run_("--audit", "--min-protocol", "TLSv1.3")
        self.assertEqual(self.client("1_2"), "TLSv1.2")
        # nginx has written its title over its environment; the library knows its settings.
        self.assertIn("loaded, audit: changes nothing", call("status", str(process.pid), code=1)[0])
        stop()
        self.assertRegex(self.text(), r"sslharden\[\d+\]: info: .*would")
        # It is active, in the workers too; and somebody cannot connect.
        process, stop = self.run_("--min-protocol", "TLSv1.3")
        self.assertIsNone(self.client("1_2"))
        told = document("status", "--json", str(process.pid))["processes"]
        self.assertGreater(len(told), 1)
        self.assertEqual({p["state"] for p in told}, {"active"})
        for each in told:
            self.assertIn("SSLHARDEN_MIN_PROTOCOL=TLSv1.3", each["settings"])
        stop()
        # The log names the variable; with what it says the client gets in.
        line = re.search(r"warning: refused a client offering at most TLSv1\.2 .* (SSLHARDEN_\S+) "
                         r"admits it$", self.text(), re.M)
        self.assertIsNotNone(line, self.text())
        name, value = line.group(1).split("=")
        option = name.removeprefix("SSLHARDEN_").lower().replace("_", "-")
        process, stop = self.run_(f"--{option}", value)
        self.assertEqual(self.client("1_2"), "TLSv1.2")
        stop()


if __name__ == "__main__":
    unittest.main()
