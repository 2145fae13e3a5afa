# SPDX-License-Identifier: MIT
"""docs/deploy/: each recipe's own lines, run; beside them the same without."""
import os
import re
import shutil
import unittest

import prometheus_client.openmetrics.parser
import prometheus_client.parser
import yaml

from recipes import COMMAND, PEER_WORDS, Case, floor, output, path, peer, recipe

# Writes two files into an /etc that the command sees alone: $1, a folder; $2, $3, the files.
WRITTEN = """
    mount -t tmpfs none "$1"
    mkdir "$1/upper" "$1/work"
    mount -t overlay -o "lowerdir=/etc,upperdir=$1/upper,workdir=$1/work" none /etc
    cp "$2" /etc/sslharden.conf
    cp "$3" /etc/ld.so.preload
    shift 3
    exec "$@" """


class Systemd(Case):
    def test_verified(self):
        """By systemd's own verdict; its twin with a misspelt setting has one too."""
        verify = ["systemd-analyze", "verify", "--man=no"]
        self.write("probe.service", f"[Service]\nExecStart={peer.PEER} new:TLS_server_method\n")
        unit = os.path.join(self.folder, "probe.service")
        self.write("probe.service.d/sslharden.conf", recipe("systemd.conf"))
        self.assertNotIn("sslharden.conf", output(*verify, unit))
        self.write("probe.service.d/sslharden.conf",
                   recipe("systemd.conf").replace("NoNewPrivileges", "NoNewPrivilege"))
        self.assertIn("NoNewPrivilege", output(*verify, unit))

    def test_what_it_sets(self):
        settings = [line.split("=", 1)[1] for line in recipe("systemd.conf").splitlines()
                    if line.startswith("Environment=")]
        self.assertLess(floor(peer.PEER), 0x304)
        self.assertEqual(floor("env", *settings, peer.PEER), 0x304)


class Metrics(Case):
    """The counts of a server, as node_exporter's textfile collector takes them."""

    PLACE = "/var/lib/prometheus/node-exporter"

    def lines(self):
        """Each recipe's shell line, with a folder in the place of the collector's."""
        service = re.search(r"^ExecStart=/bin/sh -c '(.*)'$", recipe("metrics.service"), re.M)
        cron = re.search(r"^\* \* \* \* \* root (.*)$", recipe("metrics.cron"), re.M)
        for line in (service.group(1).replace("$$", "$"), cron.group(1)):
            yield line.replace(self.PLACE, self.folder)

    def test_what_they_write(self):
        words = ["new:TLS_server_method", peer.ciphers_word(), f"cert:{peer.certificate()}"]
        env = {**os.environ, "PATH": f"{os.path.dirname(COMMAND)}:{os.environ['PATH']}"}
        written = os.path.join(self.folder, "sslharden.prom")
        with peer.Server(*words, count=2, shim=True) as server:
            peer.run(*peer.client_words("TLSv1.2"), f"connect:{server.port}")
            server.line()
            for line in self.lines():
                output("sh", "-c", line, env=env, ok=(0, 3))
                self.assertEqual([n for n in os.listdir(self.folder) if "new" in n], [])
                with open(written, encoding="utf-8") as file:
                    text = file.read()
                os.unlink(written)
                # The collector's format is the older one, of which this is nearly a part.
                for parser in (prometheus_client.openmetrics.parser, prometheus_client.parser):
                    samples = [sample for family in parser.text_string_to_metric_families(text)
                               for sample in family.samples]
                    counted, = [s for s in samples if s.name == "sslharden_handshakes_total"
                                and s.labels["pid"] == str(server.process.pid)]
                    self.assertEqual((counted.labels["version"], counted.value), ("TLSv1.2", 1))

    def test_the_units_are_well_formed(self):
        for kind in ("service", "timer"):
            unit = self.write(f"sslharden-metrics.{kind}", recipe(f"metrics.{kind}"))
            self.assertNotIn("sslharden-metrics",
                             output("systemd-analyze", "verify", "--man=no", unit, ok=(0, 1)))


class Preload(Case):
    PRIVILEGED = True

    def system_wide(self, library=peer.LIB):
        """What comes before a command for both files to be there."""
        os.mkdir(os.path.join(self.folder, "etc"))
        conf = self.write("conf", recipe("sslharden.conf").replace("LOG = syslog", "LOG = stderr"))
        preload = self.write("preload", recipe("ld.so.preload", library))
        return ["unshare", "-m", "sh", "-euc", WRITTEN, "sh", os.path.join(self.folder, "etc"),
                conf, preload]

    def test_every_program(self):
        self.assertLess(floor(peer.PEER), 0x304)
        self.assertEqual(floor(*self.system_wide(), peer.PEER), 0x304)

    def test_a_set_uid_program(self):
        """LD_PRELOAD does not reach it; the two files do."""
        program = shutil.copy(peer.PEER, self.folder)
        library = shutil.copy(peer.LIB, self.folder)
        user = ["setpriv", "--reuid=65534", "--clear-groups"]
        env = {**peer.environment(), "LD_PRELOAD": library, "SSLHARDEN_MIN_PROTOCOL": "TLSv1.3"}
        self.assertEqual(floor(*user, program, env=env), 0x304)
        os.chmod(program, 0o4755)
        self.assertLess(floor(*user, program, env=env), 0x304)
        self.assertEqual(floor(*self.system_wide(library), *user, program), 0x304)


class Needed(Case):
    def test_the_loader_refuses_a_start_without(self):
        library = shutil.copy(peer.LIB, self.folder)
        program = shutil.copy(peer.PEER, self.folder)
        script = self.write("add-needed", recipe("add-needed", library), 0o755)
        env = peer.environment(SSLHARDEN_MIN_PROTOCOL="TLSv1.3")
        self.assertLess(floor(program, env=env), 0x304)
        output(script, program)
        self.assertEqual(floor(program, env=env), 0x304)
        os.unlink(library)
        self.assertIn("cannot open shared object file",
                      output(program, *PEER_WORDS, ok=(127,), env=env))


class Containers(Case):
    """Files for engines that the suite does not have: what they say is taken and run."""

    def environment(self, variables, library):
        env = peer.environment(**{k: v.replace("TLSv1.2", "TLSv1.3") for k, v in variables.items()})
        self.assertEqual(env["LD_PRELOAD"], library)
        return {**env, "LD_PRELOAD": peer.LIB}

    def test_compose(self):
        with open(path("compose.yaml"), encoding="utf-8") as file:
            services = yaml.safe_load(file)["services"]
        mail = services["mail"]
        mounted = mail["volumes"][0].split(":")
        env = self.environment(mail["environment"], mounted[1])
        self.assertEqual(floor(peer.PEER, env=env), 0x304)
        for service in services.values():
            self.assertIn("no-new-privileges:true", service["security_opt"])

    def test_kubernetes(self):
        with open(path("kubernetes.yaml"), encoding="utf-8") as file:
            pod = yaml.safe_load(file)["spec"]["template"]["spec"]
        init, web = pod["initContainers"][0], pod["containers"][0]
        volume = pod["volumes"][0]["name"]
        places = {mount["name"]: mount["mountPath"]
                  for container in (init, web) for mount in container["volumeMounts"]}
        self.assertEqual(list(places), [volume])
        program, source, target = init["command"]
        output(program, source.replace("/usr/lib/x86_64-linux-gnu/libsslharden.so", peer.LIB),
               target.replace(places[volume], self.folder))
        variables = {entry["name"]: entry["value"] for entry in web["env"]}
        env = self.environment(variables, f"{places[volume]}/libsslharden.so")
        env["LD_PRELOAD"] = os.path.join(self.folder, "libsslharden.so")
        self.assertEqual(floor(peer.PEER, env=env), 0x304)


if __name__ == "__main__":
    unittest.main()
