# SPDX-License-Identifier: MIT
"""What the tests of docs/deploy/ share.

SSLHARDEN_LIB and SSLHARDEN_PEER_DIR are as for tests/wire/peer.py, whose programs are used.
"""
import os
import re
import subprocess
import sys
import sysconfig
import tempfile
import unittest

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(SOURCE, "tests/wire"), os.path.join(SOURCE, "tests")]
import peer  # noqa: E402

COMMAND = os.environ["SSLHARDEN_COMMAND"]
for variable in [name for name in os.environ if name.startswith("SSLHARDEN")]:
    del os.environ[variable]  # the programs started here get them by the recipes alone

INSTALLED = "/usr/$LIB/libsslharden.so"  # as recipes have it
TRIPLET = sysconfig.get_config_var("MULTIARCH")
PLACE = f"/usr/lib/{TRIPLET}/libsslharden.so"  # where the .deb has it
ROOT = os.path.join(os.environ.get("CLEAN_ROOT", ""), "root")  # a clean Debian's
PEER_WORDS = ["new:TLS_server_method", "begun"]
# SSL_OP_NO_SSLv3 and so on (ssl.h), by the version that each forbids.
NO_VERSION = {0x300: 0x02000000, 0x301: 0x04000000, 0x302: 0x10000000, 0x303: 0x08000000}


def system_over(lower):
    """Shell lines: $1/root is the system in a folder, and what is changed of it lies in $1."""
    return f"""
    set -eu
    mount -t tmpfs none "$1"
    mkdir "$1/upper" "$1/work" "$1/root"
    mount -t overlay -o "lowerdir={lower},upperdir=$1/upper,workdir=$1/work" none "$1/root"
    mkdir -p "$1/root/proc" "$1/root/dev"
    mount -t proc none "$1/root/proc"
    mount --rbind /dev "$1/root/dev"
"""


def floors(text):
    """The lowest version that each server serves whose options were printed."""
    for found in re.findall(r"^begun 0x([0-9a-f]+)", text, re.M):
        yield next((v for v, option in NO_VERSION.items() if not int(found, 16) & option), 0x304)


def path(name):
    return os.path.join(SOURCE, "docs/deploy", name)


def recipe(name, library=peer.LIB):
    """A recipe's text, with the library that is tested in the place of the installed one.

    Its lowest version is raised to one that this system's own settings do not demand already.
    """
    with open(path(name), encoding="ascii") as file:
        text = file.read()
    assert INSTALLED in text or name.startswith(("Dockerfile", "sslharden.conf", "metrics.")), name
    return text.replace(f"'{INSTALLED}'", library).replace(INSTALLED, library).replace("TLSv1.2", "TLSv1.3")


def output(*command, ok=(0,), timeout=peer.TIMEOUT, **options):
    """Standard output and error of a command."""
    done = subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          timeout=timeout, **options)
    if done.returncode not in ok:
        raise AssertionError(f"{command}: exit {done.returncode}\n{done.stdout}")
    return done.stdout


def floor(*command, **options):
    """The lowest version that tests/harness/peer.c's server serves."""
    options.setdefault("env", peer.environment())
    text = output(*command, *PEER_WORDS, **options)
    return next(floors(text))


def client(*where, version="1_2"):
    """The version that openssl s_client gets, or None."""
    text = subprocess.run(["openssl", "s_client", *where, "-brief", f"-tls{version}"], input="",
                          text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          env=peer.environment(), timeout=peer.TIMEOUT).stdout
    found = re.search(r"^Protocol version: (\S+)", text, re.M)
    if not found and "alert protocol version" not in text:
        raise AssertionError(f"neither served nor refused: {text}")
    return found and found.group(1)


class Case(unittest.TestCase):
    """A test case with a folder of its own, and processes that end with it."""

    PRIVILEGED = False

    @classmethod
    def setUpClass(cls):
        probe = """mount -t tmpfs none /mnt && mkdir /mnt/upper /mnt/work &&
            mount -t overlay -o lowerdir=/,upperdir=/mnt/upper,workdir=/mnt/work none /mnt"""
        if cls.PRIVILEGED and subprocess.run(["unshare", "-mnpf", "sh", "-c", probe],
                                             capture_output=True).returncode != 0:
            raise unittest.SkipTest("needs the right to make mount, network and PID namespaces, "
                                    "and an overlay over this system's files")

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="sslharden-", ignore_cleanup_errors=True)
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        os.chmod(self.folder, 0o755)

    def write(self, name, text, mode=0o644):
        file_path = os.path.join(self.folder, name)
        os.makedirs(os.path.dirname(file_path), exist_ok=True)
        with open(file_path, "w", encoding="ascii") as file:
            file.write(text)
        os.chmod(file_path, mode)
        return file_path

    def start(self, *command, ready, **options):
        """Starts a process and waits for a line of its output."""
        options.setdefault("env", peer.environment())
        process = subprocess.Popen(command, text=True, stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT, **options)

        def stop():
            process.kill()
            process.communicate()
        self.addCleanup(stop)
        lines = []
        for line in process.stdout:
            lines.append(line)
            if ready in line:
                return process
        raise AssertionError(f"{command}: no '{ready}' in {lines}")
