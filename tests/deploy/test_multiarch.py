# SPDX-License-Identifier: MIT
"""The library's package for amd64 and for i386 on one system, and one line of /etc/ld.so.preload.

CLEAN_ROOT names the folder of scripts/fetch-root that has a clean system; it stays as it is.
I386 names scripts/fetch-libssl's folder for i386, which a package for that is built with.
"""
import os
import platform
import re
import shutil
import subprocess
import unittest

from recipes import ROOT, SOURCE, Case, output, system_over
from ports import free_port
from test_packages import SLOW, packages

I386 = os.environ.get("I386", "")
# $1: a folder for what is changed; $2, the system; $3, the packages; $4 and $5, ports that are free.
SYSTEM = system_over("$2") + """
    cp /etc/resolv.conf "$1/root/etc/"
    cp -r "$3" "$1/root/root/packages"
    export DEBIAN_FRONTEND=noninteractive HOME=/root LC_ALL=C PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
    chroot "$1/root" sh -euc '
        dpkg --add-architecture i386
        apt-get update
        apt-get install -y --no-install-recommends openssl libssl3:i386 libelf1
        cd /root
        apt-get download openssl:i386
        dpkg-deb -x openssl_*_i386.deb /opt
        openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=localhost -keyout key -out cert
    ' >"$1/prepared" 2>&1 || { cat "$1/prepared"; exit 77; }
    chroot "$1/root" sh -euc "$SCRIPT" sh "$4" "$5" 2>&1
"""
# What each program is called here, and what a client of TLS 1.2 gets of it.
SCRIPT = r"""
    cd /root
    serve() { # NAME PORT PROGRAM
        "$3" s_server -accept "127.0.0.1:$2" -cert cert -key key -quiet </dev/null >said 2>&1 &
        until openssl s_client -connect "127.0.0.1:$2" -tls1_3 -brief </dev/null >client 2>&1; do
            kill -0 $! || { cat said; exit 1; }
        done
        openssl s_client -connect "127.0.0.1:$2" -tls1_2 -brief </dev/null >client 2>&1 || :
        echo "$1: $(grep -oE "Protocol version: .*|alert protocol version" client | head -1)"
        echo "$1: $(grep -o "/usr/lib/[^/]*/libsslharden.so" /proc/$!/maps | sort -u)"
        if command -v sslharden >/dev/null; then
            echo "$1: $(sslharden status $! | head -1)"
        fi
        kill $!
        wait $! || :
    }
    both() { serve "$1 amd64" "$2" /usr/bin/openssl; serve "$1 i386" "$3" /opt/usr/bin/openssl; }
    both bare "$@"
    dpkg -i packages/*.deb >/dev/null
    echo "/usr/\$LIB/libsslharden.so" >/etc/ld.so.preload
    printf "[*]\nSSLHARDEN_MIN_PROTOCOL = TLSv1.3\n" >/etc/sslharden.conf
    echo "versions: $(dpkg-query -W -f "\${Architecture} " libsslharden)"
    both installed "$@"
    dpkg -r libsslharden:i386
    echo "line: $(cat /etc/ld.so.preload)"
    serve "half amd64" "$1" /usr/bin/openssl
    dpkg -r sslharden libsslharden:amd64
    hash -r
    test ! -e /etc/ld.so.preload
    both removed "$@"
"""
LOADER = "/lib/ld-linux.so.2"
FOLDERS = {"amd64": "x86_64-linux-gnu", "i386": "i386-linux-gnu"}


def runs_i386():
    try:
        return subprocess.run([LOADER, "--version"], check=False,
                              stdout=subprocess.DEVNULL).returncode == 0
    except OSError:  # ENOEXEC, ENOENT
        return False


class Multiarch(Case):
    PRIVILEGED = True

    def test_one_line_serves_both(self):
        if platform.machine() != "x86_64" or not os.path.exists(os.path.join(ROOT, "etc/debian_version")):
            self.skipTest("no clean Debian of amd64 (scripts/fetch-root makes one)")
        if not os.path.exists(os.path.join(I386, "usr/include/openssl")):
            self.skipTest("nothing to build for i386 with (scripts/fetch-libssl FOLDER i386)")
        if not runs_i386():
            self.skipTest("this kernel runs no program of i386 (ia32_emulation), or has no libc of it")
        source = shutil.copytree(SOURCE, os.path.join(self.folder, "source"), symlinks=True,
                                 ignore=shutil.ignore_patterns("build", ".git", "__pycache__"))
        os.makedirs(os.path.join(source, "build/libssl/debian12-i386"))
        os.symlink(I386, os.path.join(source, "build/libssl/debian12-i386/root"))
        made = os.path.join(self.folder, "made")
        output(os.path.join(source, "scripts/package"), "--preset", "i386", made, timeout=SLOW,
               env={**os.environ, "SOURCE_DATE_EPOCH": "1400000000"})
        folder = os.path.join(made, "packages")
        for file in packages("deb"):
            shutil.copy(file, folder)
        os.mkdir(os.path.join(self.folder, "change"))
        done = subprocess.run(["unshare", "-mpf", "--kill-child", "sh", "-c", SYSTEM, "sh",
                               os.path.join(self.folder, "change"), ROOT, folder,
                               str(free_port()), str(free_port())],
                              env={**os.environ, "SCRIPT": SCRIPT}, text=True, check=False,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=SLOW)
        if done.returncode == 77:
            self.skipTest(f"a server cannot be installed there: {done.stdout[-500:]}")
        self.assertEqual(done.returncode, 0, done.stdout[-5000:])
        self.found = re.findall(r"(?m)^(\w+ \w+|versions|line): (.*)$", done.stdout)
        for when in ("bare", "removed"):
            for name in FOLDERS:
                self.assertEqual(self.said(f"{when} {name}"), ["Protocol version: TLSv1.2", ""])
        self.assertEqual(self.said("versions"), ["amd64 i386 "])
        for name, lib in FOLDERS.items():
            *served, status = self.said(f"installed {name}")
            self.assertEqual(served, ["alert protocol version", f"/usr/lib/{lib}/libsslharden.so"])
            self.assertRegex(status, r"^\d+ openssl: active$")
        self.assertEqual(self.said("line"), ["/usr/$LIB/libsslharden.so"])
        self.assertIn("of i386 says that it cannot be loaded", done.stdout)
        self.assertEqual(self.said("half amd64")[0], "alert protocol version")
        self.assertNotIn("ERROR: ld.so", done.stdout)

    def said(self, name):
        return [text for who, text in self.found if who == name]


if __name__ == "__main__":
    unittest.main()
