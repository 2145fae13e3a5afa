# SPDX-License-Identifier: MIT
"""README.md's lines, those and nothing else, on a clean Debian 12: from nothing to "active".

CLEAN_ROOT names the folder of scripts/fetch-root that has that system; it stays as it is.
"""
import os
import re
import shutil
import subprocess
import unittest

from recipes import ROOT, SOURCE, Case, system_over
from ports import free_port

# A server that is there before: what the reader has.  $1: a folder for what is changed; $2, the
# system; $3, the source; $4, README's lines; $5, a port that is free.
READER = system_over("$2") + """
    cp /etc/resolv.conf "$1/root/etc/"
    cp -r "$3" "$1/root/root/sslharden"
    cp "$4" "$1/root/root/lines"
    export DEBIAN_FRONTEND=noninteractive HOME=/root LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
    chroot "$1/root" sh -euc '
        apt-get update && apt-get install -y --no-install-recommends nginx-light openssl
        cd /etc/nginx
        openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=localhost -keyout key -out cert
        echo "server { listen 127.0.0.1:$1 ssl; ssl_certificate cert; ssl_certificate_key key; }" \
            >conf.d/tls.conf
        rm -f sites-enabled/default
    ' sh "$5" >"$1/prepared" 2>&1 || { cat "$1/prepared"; exit 77; }
    chroot "$1/root" sh -euc 'cd /root/sslharden; . /root/lines'
"""


def lines():
    """The commands of the first indented block below README's heading "Use"."""
    with open(os.path.join(SOURCE, "README.md"), encoding="utf-8") as file:
        use = file.read().split("\n## Use\n")[1]
    return "\n".join(re.search(r"\n\n((?:    .*\n)+)", use).group(1).split("\n    ")).strip()


class Readme(Case):
    PRIVILEGED = True

    def test_its_lines(self):
        if not os.path.exists(os.path.join(ROOT, "etc/debian_version")):
            self.skipTest("no clean Debian (scripts/fetch-root makes one)")
        source = shutil.copytree(SOURCE, os.path.join(self.folder, "source"), symlinks=True,
                                 ignore=shutil.ignore_patterns("build", ".git", "__pycache__"))
        os.mkdir(os.path.join(self.folder, "change"))
        script = self.write("lines", lines() + "\n")
        done = subprocess.run(["unshare", "-mpf", "--kill-child", "sh", "-c", READER, "sh",
                               os.path.join(self.folder, "change"), ROOT, source, script,
                               str(free_port())],
                              text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=1200, check=False)
        if done.returncode == 77:
            self.skipTest(f"a server cannot be installed there: {done.stdout[-500:]}")
        self.assertEqual(done.returncode, 0, done.stdout[-5000:])
        self.assertRegex(done.stdout, r"(?m)^hardened +yes$")
        self.assertRegex(done.stdout, r"(?m)^\d+ nginx: active$")
        self.assertNotIn("not loaded", done.stdout)
        self.assertRegex(done.stdout, r"(?m)^    bound    /usr/sbin/nginx calls SSL_\w+ of the library$")
        self.assertRegex(done.stdout, r"sslharden\[\d+\]: info: ")
        self.assertRegex(done.stdout, r"(?m)^lowest +the program's own, at least TLSv1$")


if __name__ == "__main__":
    unittest.main()
