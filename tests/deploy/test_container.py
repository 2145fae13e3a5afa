# SPDX-License-Identifier: MIT
"""docs/deploy/Dockerfile under podman, with a clean Debian 12 in the place of its base image.

CLEAN_ROOT names the folder of scripts/fetch-root that has that system; it stays as it is.
"""
import os
import re
import shutil
import subprocess
import unittest

from recipes import ROOT, Case, peer, recipe
from ports import free_port
from test_packages import SLOW, packages

CONF = """ssl_certificate /tls/both.pem; ssl_certificate_key /tls/both.pem;
    server {{ listen 127.0.0.1:{port} ssl; ssl_protocols TLSv1.2 TLSv1.3; }}"""
# $1: the system; $2, a folder with what the image is built of; $3, one with what is mounted; $4, a
# port that is free; $5, a folder for podman.
ENGINE = r"""
    set -eu
    # crun wants one hierarchy of control groups, podman a /run that is its own.
    umount -R /sys/fs/cgroup || true
    mount -t cgroup2 none /sys/fs/cgroup || exit 77
    mount -t tmpfs none /run
    podman() {
        command podman --root "$folder/store" --runroot "$folder/run" --storage-driver vfs \
            --cgroup-manager cgroupfs --events-backend file --log-level error "$@"
    }
    limits="--ulimit nofile=1024:1024 --ulimit nproc=1024:1024" # no more than anyone may set
    start() { # NAME [OPTION...] -- [ARG...]
        name=$1; shift
        options=
        while [ "$1" != -- ]; do options="$options $1"; shift; done; shift
        podman run -d --name "$name" --network host --cgroups disabled $limits --pull never \
            --security-opt no-new-privileges -v "$shared:/tls:ro" \
            -v "$shared/tls.conf:/etc/nginx/conf.d/tls.conf:ro" $options hardened "$@" >/dev/null
        until ask 1_3 | grep -q "Protocol version: TLSv1.3"; do
            podman ps -q | grep -q . || { podman logs "$name"; exit 1; }
        done
        echo "$name: $(ask 1_2 | grep -oE "Protocol version: .*|alert protocol version" | head -1)"
    }
    ask() { openssl s_client -connect "127.0.0.1:$port" "-tls$1" -brief </dev/null 2>&1 || :; }
    system=$1 context=$2 shared=$3 port=$4 folder=$5
    {
        tar -C "$system" --exclude="./proc/*" -cf - . |
            podman import - docker.io/library/debian:12-slim &&
        podman run --rm --network host --cgroups disabled $limits --pull never debian:12-slim true &&
        podman build --layers=false --pull=never --network host --isolation chroot $limits \
            -t hardened "$context"
    } >"$folder/prepared" 2>&1 || { cat "$folder/prepared"; exit 77; }
    start bare --entrypoint nginx -- -g "daemon off; error_log stderr;"
    podman rm -f -t 5 bare >/dev/null
    start web --
    podman exec web sslharden status 1 || :
    podman logs web 2>&1
    podman stop -t 30 web
    echo "ended: $(podman inspect -f "{{.State.ExitCode}}" web)"
"""


class Container(Case):
    PRIVILEGED = True

    def test_the_recipe(self):
        """Built, started, looked into, asked, and stopped; beside it the same without entrypoint."""
        if shutil.which("podman") is None or \
                not os.path.exists(os.path.join(ROOT, "etc/debian_version")):
            self.skipTest("no podman, or no clean Debian (scripts/fetch-root makes one)")
        port = free_port()
        self.write("image/Dockerfile", recipe("Dockerfile"))
        for file in packages("deb"):
            shutil.copy(file, os.path.join(self.folder, "image"))
        self.write("shared/tls.conf", CONF.format(port=port))
        shutil.copy(peer.certificate(), os.path.join(self.folder, "shared/both.pem"))
        os.mkdir(os.path.join(self.folder, "podman"))
        done = subprocess.run(["unshare", "-mpf", "--mount-proc", "--kill-child", "sh", "-c", ENGINE,
                               "sh", ROOT, os.path.join(self.folder, "image"),
                               os.path.join(self.folder, "shared"), str(port),
                               os.path.join(self.folder, "podman")], text=True, check=False,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=SLOW)
        if done.returncode == 77:
            self.skipTest(f"no container can be run here: {done.stdout[-700:]}")
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertEqual(re.findall(r"(?m)^(?:bare|web): (.*)$", done.stdout),
                         ["Protocol version: TLSv1.2", "alert protocol version"])
        self.assertRegex(done.stdout, r"(?m)^1 nginx: active$")
        self.assertIn("setting  SSLHARDEN_MIN_PROTOCOL=TLSv1.3\n", done.stdout)
        self.assertRegex(done.stdout, r"sslharden\[\d+\]: warning: refused a client offering at most "
                         r"TLSv1\.2 from 127\.0\.0\.1:\d+; ")
        self.assertRegex(done.stdout, r"(?m)^ended: 0$")


if __name__ == "__main__":
    unittest.main()
