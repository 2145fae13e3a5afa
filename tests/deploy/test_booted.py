# SPDX-License-Identifier: MIT
"""The systemd recipe under systemd as process 1, on a clean Debian 12 with the package.

CLEAN_ROOT names the folder of scripts/fetch-root that has that system; it stays as it is.
"""
import glob
import json
import os
import shutil
import subprocess
import unittest

from recipes import ROOT, Case, path, system_over
from test_packages import packages

# $1: a folder for what is changed; $2, the system; $3, what comes into its root.
BOOT = system_over("$2") + """
    cp /etc/resolv.conf "$1/root/etc/"
    cp -r "$3/." "$1/root/"
    export DEBIAN_FRONTEND=noninteractive LC_ALL=C PATH=/usr/sbin:/usr/bin:/sbin:/bin
    chroot "$1/root" sh -euc '
        apt-get update
        apt-get install -y --no-install-recommends systemd systemd-sysv openssl /root/*.deb
        cd /root
        openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=localhost -keyout key -out cert
        mkdir -p /srv/rooted/root
        cp -L --parents /usr/bin/openssl $(ldd /usr/bin/openssl | grep -o "/[^ ]*") /srv/rooted
        cp cert key /srv/rooted/root
        systemctl enable probe.service bare.service refused.service rooted.service \\
            families.service look.service
    ' >"$1/prepared" 2>&1 || { cat "$1/prepared"; exit 77; }
    umount -l "$1/root/proc" "$1/root/dev"
    # nspawn wants one hierarchy of control groups, and a /run that is its own.
    umount -R /sys/fs/cgroup || true
    mount -t cgroup2 none /sys/fs/cgroup || exit 77
    mount -t tmpfs none /run
    SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 timeout 120 systemd-nspawn --quiet --register=no --keep-unit --boot -D "$1/root" \\
        >"$1/booted" 2>&1 || true
    cat "$1/root/root/said" || { cat "$1/booted"; exit 77; }
"""
SERVER = """[Service]
ExecStart=/usr/bin/openssl s_server -accept {port} -cert /root/cert -key /root/key -www -cipher ALL:@SECLEVEL=0
StandardInput=null
[Install]
WantedBy=multi-user.target
"""
# Each unit's answer, as soon as it serves (s_server says ACCEPT), and what a client of TLS 1.1 meets.
LOOK = """#!/bin/sh
cd /root
# await PATTERN COMMAND...: the first match of what the command writes, which goes on writing.
await() {
    pattern=$1; shift
    mkfifo waiting
    "$@" >waiting 2>/dev/null &
    grep -oEm1 "$pattern" <waiting
    kill $!
    rm waiting
}
for unit in probe:8441 bare:8442 refused:8443 rooted:8444 families:8445; do
    name=${unit%:*} port=${unit#*:}
    await 'ACCEPT|exited' journalctl -f -n all -o cat -u $name
    echo | openssl s_client -connect 127.0.0.1:$port -brief >client.$name 2>&1
    sslharden status --json "$(systemctl show -P MainPID $name)" >$name.json
    echo "$?" >$name.code
done
openssl s_client -connect 127.0.0.1:8445 -tls1_1 -cipher ALL:@SECLEVEL=0 </dev/null >client 2>&1
await 'refused a client offering at most TLSv1.1' tail -f -n +1 /var/log/sslharden.log >log
for name in probe bare refused rooted families; do
    printf '%s\\n' "$name $(cat $name.code) $(tr -d '\\n' <$name.json)"
done >said.new
cat log >>said.new
mv said.new said
systemctl --no-block poweroff
"""
LOOKING = """[Unit]
After=probe.service bare.service refused.service rooted.service families.service
[Service]
Type=oneshot
ExecStart=/root/look
[Install]
WantedBy=multi-user.target
"""


class Booted(Case):
    PRIVILEGED = True

    def unit(self, name, text):
        self.write(f"add/etc/systemd/system/{name}", text)

    def test_the_recipe(self):
        if shutil.which("systemd-nspawn") is None or \
                not os.path.exists(os.path.join(ROOT, "etc/debian_version")):
            self.skipTest("no systemd-nspawn, or no clean Debian (scripts/fetch-root makes one)")
        with open(path("systemd.conf"), encoding="ascii") as file:
            recipe = file.read()
        for port, name in enumerate(("probe", "bare", "refused", "rooted", "families"), 8441):
            self.unit(f"{name}.service", SERVER.format(port=port))
            if name != "bare":
                self.unit(f"{name}.service.d/sslharden.conf", recipe)
        library, = glob.glob("/usr/lib/*/libc.so.6")
        folder = os.path.dirname(library)
        self.unit("refused.service.d/paths.conf",
                  f"[Service]\nNoExecPaths={folder}/libsslharden.so\n")
        self.unit("rooted.service.d/root.conf", "[Service]\nRootDirectory=/srv/rooted\n"
                  f"BindReadOnlyPaths={folder}/libsslharden.so\n")
        self.unit("families.service.d/families.conf", "[Service]\n"
                  "RestrictAddressFamilies=AF_INET AF_INET6\n"
                  "Environment=SSLHARDEN_LOG=/var/log/sslharden.log\n")
        self.unit("look.service", LOOKING)
        self.write("add/root/look", LOOK, 0o755)
        for file in packages("deb"):
            shutil.copy(file, os.path.join(self.folder, "add/root"))
        os.mkdir(os.path.join(self.folder, "change"))
        done = subprocess.run(["unshare", "-mpf", "--mount-proc", "--kill-child", "sh", "-c", BOOT, "sh",
                               os.path.join(self.folder, "change"), ROOT,
                               os.path.join(self.folder, "add")], text=True, check=False,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=600)
        if done.returncode == 77:
            self.skipTest(f"no system can be booted here: {done.stdout[-700:]}")
        self.assertEqual(done.returncode, 0, done.stdout)
        told = {}
        *lines, log = done.stdout.splitlines()
        self.assertEqual(log, "refused a client offering at most TLSv1.1")
        for line in lines:
            name, code, text = line.split(" ", 2)
            told[name] = (int(code), json.loads(text)["processes"][0])
        self.assertEqual({name: code for name, (code, _) in told.items()},
                         {"probe": 0, "bare": 1, "refused": 1, "rooted": 0, "families": 0}, told)
        self.assertEqual(told["probe"][1]["state"], "active")
        self.assertIn("SSLHARDEN_MIN_PROTOCOL=TLSv1.2", told["probe"][1]["settings"])
        self.assertIn("the loader refused it", told["refused"][1]["reason"])


if __name__ == "__main__":
    unittest.main()
