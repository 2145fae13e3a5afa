# SPDX-License-Identifier: MIT
"""docs/QUICKSTART.md's steps, as an operator takes them, with Debian's nginx."""
import os
import re
import signal
import subprocess
import unittest

from command import COMMAND, TIMEOUT, Case, call, document, environment

NGINX = "/usr/sbin/nginx"
CONF = """
daemon off;
worker_processes {workers};
error_log /dev/null;
pid {folder}/pid;
events {{ }}
http {{
    access_log off;
    server {{
        listen unix:{folder}/socket ssl;
        ssl_certificate {folder}/cert.pem;
        ssl_certificate_key {folder}/key.pem;
        ssl_protocols {protocols};
        ssl_ciphers ALL:@SECLEVEL=0;
        return 200 "a page";
    }}
}}
"""


class Operator(Case):
    def setUp(self):
        super().setUp()
        self.certificate()
        self.configure()
        self.log = self.path("log")
        os.chmod(self.folder, 0o755)
        with open(self.log, "w", encoding="utf-8"):
            os.chmod(self.log, 0o666)  # the workers are somebody else

    def configure(self, workers=1, protocols="TLSv1.2 TLSv1.3"):
        self.conf = self.write("nginx.conf", CONF.format(folder=self.folder, workers=workers,
                                                         protocols=protocols), 0o644)

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

    def client(self, version, *words):
        """The version that it gets, or None."""
        done = subprocess.run(["openssl", "s_client", "-unix", self.path("socket"), "-brief",
                               "-cipher", "ALL:@SECLEVEL=0", f"-tls{version}", *words], input="", text=True, stdout=subprocess.PIPE,
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

    def report(self, process):
        told = document("report", "--json", str(process.pid))
        self.assertEqual(told["problems"], [])
        server, = told["servers"]
        versions = {}
        for row in server["served"]:
            versions[row["version"]] = versions.get(row["version"], 0) + row["handshakes"]
        return server, versions

    def test_four_workers_and_what_becomes_of_them(self):
        """Exactly what clients did: full and resumed, refused and not, before a reload and after
        it, when the workers that served have ended."""
        self.configure(4, "TLSv1 TLSv1.1 TLSv1.2 TLSv1.3")
        process, stop = self.run_("--min-protocol", "TLSv1.1")
        first = self.report(process)[1].get("TLSv1.3", 0)  # those that waited for it
        for version in ("1", "1_1", "1_1", "1_2", "1_2", "1_2", "1_3"):
            self.assertEqual(self.client(version) is None, version == "1")
        self.assertEqual(self.client("1_2", "-sess_out", self.path("session")), "TLSv1.2")
        self.assertEqual(self.client("1_2", "-sess_in", self.path("session")), "TLSv1.2")
        with open(f"/proc/{process.pid}/task/{process.pid}/children", encoding="ascii") as children:
            workers = children.read().split()
        self.assertEqual(len(workers), 4)
        server, versions = self.report(process)
        self.assertEqual((server["program"], server["processes"]), ("nginx", 5))
        self.assertEqual(versions, {"TLSv1.1": 2, "TLSv1.2": 5, "TLSv1.3": first + 1})
        self.assertEqual((server["resumed"], server["refused"]), (1, {"min_protocol": 1}))
        process.send_signal(signal.SIGHUP)
        while any(os.path.exists(f"/proc/{worker}") for worker in workers):
            self.assertIsNone(process.poll())
        self.assertIsNone(self.client("1"))
        self.assertEqual(self.client("1_2"), "TLSv1.2")
        server, versions = self.report(process)
        self.assertEqual(server["processes"], 5)
        self.assertEqual(versions, {"TLSv1.1": 2, "TLSv1.2": 6, "TLSv1.3": first + 1})
        self.assertEqual((server["resumed"], server["refused"]), (1, {"min_protocol": 2}))
        stop()

    def test_the_minimum_is_raised_as_far_as_nobody_minds(self):
        """The walk of the audit: a week of it, its report, and the setting that it leads to."""
        self.configure(2, "TLSv1 TLSv1.1 TLSv1.2 TLSv1.3")
        process, stop = self.run_("--audit")
        for version in ("1_1", "1_2", "1_3", "1_3"):
            self.assertIsNotNone(self.client(version))
        server, _ = self.report(process)
        refused = {row["setting"]: row["would_have_refused"] for row in server["stricter"]}
        self.assertIn(" (audit): ", call("report", str(process.pid))[0])
        self.assertIn("TLSv1.1 as minimum: would have refused nobody",
                      call("report", str(process.pid))[0])
        stop()
        nobody = [name for name, count in refused.items()
                  if "MIN_PROTOCOL" in name and count == 0]
        self.assertEqual(nobody, ["SSLHARDEN_MIN_PROTOCOL=TLSv1.1"])
        self.assertEqual(refused["SSLHARDEN_MIN_PROTOCOL=TLSv1.2"], 1)
        # What was said holds: nobody of those is refused by the one, and one of them by the next.
        for value, got in (("TLSv1.1", 4), ("TLSv1.2", 3)):
            process, stop = self.run_("--min-protocol", value)
            before = self.report(process)[0]["refused"]
            served = [self.client(version) for version in ("1_1", "1_2", "1_3", "1_3")]
            self.assertEqual(sum(version is not None for version in served), got)
            refusals = {} if got == 4 else {"min_protocol": 1}
            self.assertEqual((before, self.report(process)[0]["refused"]), ({}, refusals))
            stop()


if __name__ == "__main__":
    unittest.main()
