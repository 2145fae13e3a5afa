# SPDX-License-Identifier: MIT
"""The packages of scripts/package: their bytes, and what they do where they are installed."""
import atexit
import functools
import glob
import json
import os
import re
import shlex
import shutil
import tempfile
import unittest

from recipes import (COMMAND, INSTALLED, PEER_WORDS, PLACE, SOURCE, Case, client, floor, floors,
                     output, peer, recipe, system_over)
import logs  # of tests/wire, where recipes looks, too

# A system like this one to install into: its files are this machine's, what is changed
# lies in a folder that goes with the namespace.  $1: a folder; the rest runs in it by sh.
CHROOT = system_over("/") + """
    mkdir -p "$1/root/run/sslharden"
    cp $DEBS "$1/root/run/sslharden/"
    cp "$PEER" "$1/root/run/sslharden/peer"
    if [ -n "$SHARED" ]; then
        mkdir "$1/root/run/shared"
        mount --bind "$SHARED" "$1/root/run/shared"
    fi
    rm -f "$1/root/etc/ld.so.preload" "$1/root/etc/sslharden.conf"
    rm -f "$1/root/var/lib/man-db/auto-update" # which takes longer than all the rest
    exec chroot "$1/root" sh -euc "cd /run/sslharden; $2" """
SLOW = 600  # seconds; a hang guard for what builds and installs


@functools.lru_cache(None)
def build(name):
    """A folder with packages made from a copy of the source, whose files have other dates."""
    folder = tempfile.mkdtemp(prefix="sslharden-")
    atexit.register(shutil.rmtree, folder)
    root = os.path.join(folder, name)
    shutil.copytree(SOURCE, root, copy_function=shutil.copy,
                    ignore=shutil.ignore_patterns("build", ".git", "__pycache__"))
    output(os.path.join(root, "scripts/package"), timeout=SLOW,
           env={**os.environ, "SOURCE_DATE_EPOCH": "1400000000"})
    return os.path.join(root, "build/package/packages")


def packages(suffix, name="one"):
    return sorted(glob.glob(f"{build(name)}/*.{suffix}"))


def package(suffix):
    found, = packages(suffix)
    return found


def chroot(folder, script, shared=""):
    """The command that runs a script where the package can be installed."""
    return ["unshare", "-mnpf", "--kill-child", "env", f"DEBS={' '.join(packages('deb'))}",
            f"PEER={peer.PEER}", f"SHARED={shared}", "sh", "-c", CHROOT, "sh", folder, script]


class Unpacked(Case):
    PRIVILEGED = True

    def unpacked(self, *command, root):
        folder = os.path.join(self.folder, root)
        os.makedirs(folder)
        output(*command, cwd=folder)
        return folder


class Packages(Unpacked):
    def installed(self, script):
        return output(*chroot(self.folder, script), env=peer.environment(), timeout=SLOW)

    def test_same_bytes(self):
        for suffix, count in (("deb", 2), ("rpm", 1), ("tar.gz", 1)):
            pairs = list(zip(packages(suffix), packages(suffix, "another/folder")))
            self.assertEqual(len(pairs), count)
            for pair in pairs:
                with self.subTest(suffix=suffix), open(pair[0], "rb") as first, \
                        open(pair[1], "rb") as second:
                    self.assertEqual(first.read(), second.read())

    def test_deb(self):
        use = (f"for p in '' '{INSTALLED}' {PLACE}; do LD_PRELOAD=$p SSLHARDEN_MIN_PROTOCOL=TLSv1.3 "
               f"./peer {' '.join(PEER_WORDS)}; done; ")
        said = self.installed(
            f"dpkg -i *.deb; dpkg -V sslharden libsslharden; {use}"
            f"sslharden run --min-protocol TLSv1.3 -- ./peer {' '.join(PEER_WORDS)}; "
            "dpkg -r sslharden; ! command -v sslharden; "
            f"dpkg -r libsslharden; ! ls {PLACE} /usr/lib/sslharden; test -e /etc/sslharden.conf; "
            "dpkg -P libsslharden; ! ls /etc/sslharden.conf")
        bare, *hardened = floors(said)
        self.assertLess(bare, 0x304)
        self.assertEqual(hardened, [0x304, 0x304, 0x304])
        self.assertNotIn("was named", said)

    def test_deb_removed_while_it_is_preloaded(self):
        """Its own line goes, and what starts afterwards says nothing."""
        said = self.installed(f"dpkg -i lib*.deb; echo '{INSTALLED}' >/etc/ld.so.preload; "
                              "dpkg -r libsslharden; ! test -e /etc/ld.so.preload")
        self.assertIn("was named in /etc/ld.so.preload, and no longer is", said)
        self.assertNotIn("ERROR: ld.so", said)

    def left(self, lines, setting="", words="remove", query=""):
        """What is left of each line where the package is removed; None: no file.  query: for dpkg-query."""
        script = "".join(f"printf '%s\\n' {shlex.quote(line)} >/etc/ld.so.preload; {setting} sh "
                         f"/var/lib/dpkg/info/libsslharden*.prerm {words} 2>prerm; "
                         "mv /etc/ld.so.preload left 2>mv || echo None >left; "
                         "sed 's/.*/left: &./' left; " for line in lines)
        said = self.installed(f"dpkg -i lib*.deb; printf '%s' {shlex.quote(query)} >dpkg-query; "
                              f"chmod +x dpkg-query; {script}")
        return re.findall(r"(?m)^left: (.*)\.$", said)

    def test_what_names_it_for_the_loader(self):
        """However it is spelt, and how often; others' stay, and so do comments."""
        merged = PLACE.removeprefix("/usr")
        local = "/usr/local/lib/libsslharden.so"
        lines = {name: "None" for name in (
            INSTALLED, INSTALLED.replace("$LIB", "${LIB}"), INSTALLED.removeprefix("/usr"), PLACE,
            merged, "libsslharden.so", f"{PLACE} {INSTALLED}", f"{PLACE}:{PLACE}\t{merged} ",
            f"{INSTALLED} libsslharden.so:libsslharden.so")}
        lines |= {f"/opt/other.so:{PLACE}": "/opt/other.so:", f"{INSTALLED} {local}": f" {local}",
                  f"{PLACE} {PLACE} /opt/libsslharden.so": "  /opt/libsslharden.so",
                  f"/opt/other.so {PLACE}# not {PLACE}": f"/opt/other.so # not {PLACE}",
                  f"# {PLACE}": f"# {PLACE}", f"{PLACE}.1": f"{PLACE}.1"}
        self.assertEqual(dict(zip(lines, self.left(lines))), lines)
        kept = [PLACE, "libsslharden.so"]
        self.assertEqual(self.left(kept, words="upgrade 0.1.0-3"), kept)

    def test_what_names_it_for_another_architecture(self):
        """Whose package stays; and it may not be known what this one has."""
        other = os.path.dirname(PLACE).replace(os.uname().machine, "riscv64") + "/libsslharden.so"
        shared = [INSTALLED, "/$LIB/libsslharden.so", "libsslharden.so", other]
        for listed, lines in ((PLACE, {PLACE: "None", PLACE.removeprefix("/usr"): "None",
                                       f"{PLACE} {INSTALLED}": f" {INSTALLED}"}),
                              ("/usr/share/doc", {PLACE: PLACE})):
            lines |= {name: name for name in shared}
            query = ("#!/bin/sh\ncase $1 in -W) echo 'riscv64 installed' ;; "
                     f"*) echo {listed} ;; esac")
            with self.subTest(listed=listed):
                left = self.left(lines, "DPKG_MAINTSCRIPT_ARCH=this PATH=.:$PATH", query=query)
                self.assertEqual(dict(zip(lines, left)), lines)

    def test_deb_after_the_one_that_had_both(self):
        """The operator's settings stay, also when what had them before is purged."""
        said = self.installed(
            "mkdir -p old/DEBIAN; for deb in *.deb; do dpkg-deb -x $deb old; done; "
            "echo /etc/sslharden.conf >old/DEBIAN/conffiles; printf '%s\n' 'Package: sslharden' "
            "'Version: 0.1.0-1' \"Architecture: $(dpkg --print-architecture)\" "
            "'Maintainer: none <none@sslharden.invalid>' 'Description: both' >old/DEBIAN/control; "
            "dpkg-deb -b old old.deb; dpkg -i old.deb; echo '# mine' >>/etc/sslharden.conf; "
            "rm old.deb; dpkg -B -i *.deb; dpkg -V sslharden libsslharden || :; "
            f"dpkg -S {PLACE} /usr/bin/sslharden; dpkg -P sslharden; test -e {PLACE}; "
            "tail -n 1 /etc/sslharden.conf")
        self.assertRegex(said, rf"(?m)^libsslharden:\S+ {PLACE}$")
        self.assertRegex(said, r"(?m)^sslharden: /usr/bin/sslharden$")
        self.assertTrue(said.endswith("# mine\n"), said)

    def test_the_loader_s_own_folder(self):
        """$LIB is that; test_multiarch.py has two of them."""
        said = self.installed(f"dpkg -i *.deb; echo '{INSTALLED}' >/etc/ld.so.preload; "
                              f"sh -c 'sslharden status $$; :'; grep -c {PLACE} /proc/self/maps; "
                              f"SSLHARDEN_MIN_PROTOCOL=TLSv1.3 ./peer {' '.join(PEER_WORDS)}")
        self.assertNotIn("ERROR: ld.so", said)
        self.assertEqual(next(floors(said)), 0x304)

    def test_what_is_said_of_them(self):
        for words in (("lintian", "--allow-root", "--fail-on", "error,warning", *packages("deb")),
                      ("rpmlint", "-r", os.path.join(SOURCE, "packaging/rpmlintrc"),
                       package("rpm"))):
            if shutil.which(words[0]) is None:
                self.skipTest(f"{words[0]} is not installed")
            said = output(*words)
            self.assertNotRegex(said, r"(?m)^\S+: ?[EW]: |: [EW]: ")

    def test_without_rpm(self):
        """The others are made, and what is missing is said."""
        tools = os.path.join(self.folder, "tools")
        os.mkdir(tools)
        for folder in os.environ["PATH"].split(":"):
            for name in os.listdir(folder) if os.path.isdir(folder) else ():
                if not name.startswith("rpm") and not os.path.lexists(f"{tools}/{name}"):
                    os.symlink(os.path.join(folder, name), f"{tools}/{name}")
        said = output(os.path.join(SOURCE, "scripts/package"), os.path.join(self.folder, "made"),
                      env={**os.environ, "PATH": tools, "SOURCE_DATE_EPOCH": "1400000000"},
                      timeout=SLOW)
        self.assertIn("package: no .rpm is made, for there is no rpmbuild", said)
        self.assertEqual(sorted(name.rpartition(".")[2] for name in said.split()
                                if name.startswith(self.folder)), ["deb", "deb", "gz"])

    def assert_hardens(self, library):
        env = peer.environment(SSLHARDEN_MIN_PROTOCOL="TLSv1.3")
        self.assertLess(floor(peer.PEER, env=env), 0x304)
        self.assertEqual(floor(peer.PEER, env={**env, "LD_PRELOAD": library}), 0x304)

    def test_rpm(self):
        listed = output("rpm", "-qpl", package("rpm")).split()
        self.assertIn("/usr/lib64/libsslharden.so", listed)
        self.assertIn("/usr/lib/sslharden/entrypoint", listed)
        self.assertNotIn("/usr", listed)  # the file system's package has it
        needed = output("rpm", "-qp", "--requires", package("rpm"))
        self.assertEqual({line.split("(")[0] for line in needed.splitlines() if ".so" in line},
                         {"libc.so.6", "libelf.so.1"})
        root = self.unpacked("sh", "-c", 'rpm2cpio "$1" | cpio -idm --quiet', "sh",
                             package("rpm"), root="rpm")
        self.assert_hardens(root + "/usr/lib64/libsslharden.so")
        said = output(f"{root}/usr/lib/sslharden/entrypoint", "cat", "/proc/self/maps")
        self.assertIn(f"{root}/usr/lib64/libsslharden.so", said)
        self.assert_links_lead_somewhere(root + "/usr/share/doc/sslharden")

    def assert_links_lead_somewhere(self, folder):
        links = 0
        for page in glob.glob(f"{folder}/**/*.md", recursive=True):
            with open(page, encoding="utf-8") as file:
                for link in re.findall(r"\]\(([^)#]+)[^)]*\)", file.read()):
                    if "://" not in link:
                        target = os.path.join(os.path.dirname(page), link)
                        self.assertTrue(os.path.exists(target), f"{page}: {link}")
                        links += 1
        self.assertGreater(links, 20)

    def test_tar_wherever_it_lies(self):
        for place in ("here", "there/deeper"):
            folder = self.unpacked("tar", "-xzf", package("tar.gz"), "--strip-components=1",
                                   root=place)
            self.assert_hardens(f"{folder}/lib/libsslharden.so")
            said = output(f"{folder}/lib/sslharden/entrypoint", "cat", "/proc/self/maps")
            self.assertIn(f"{folder}/lib/libsslharden.so", said)


# The .tar.gz, $2, in a Debian 11 of libc and openssl alone, whose server serves at a socket; $1: a folder.
OLDER = system_over("$OLD_SYSTEM") + """
    root="$1/root" command=/opt/bin/sslharden
    mkdir "$root/opt"
    tar -xzf "$2" -C "$root/opt" --strip-components=1
    cp "$COMMAND" "$root/opt/other"
    cp "$CERTIFICATE" "$root/both.pem"
    echo 'include /etc/ld.so.conf.d/*.conf' >"$root/etc/ld.so.conf" # of a package more
    chroot "$root" /opt/other --version || echo "the other: $?"
    chroot "$root" $command check /usr/bin/openssl
    chroot "$root" $command policy | head -n 1
    mkfifo "$1/out"
    chroot "$root" $command run --min-protocol TLSv1.2 -- /usr/bin/openssl s_server -unix /socket \\
        -cert /both.pem -cipher ALL:@SECLEVEL=0 -www >"$1/out" &
    exec 3<"$1/out"
    while read -r line <&3 && [ "${line%% *}" != ACCEPT ]; do :; done
    for version in 1_1 1_2; do
        echo | openssl s_client -unix "$root/socket" -brief -tls$version -cipher ALL:@SECLEVEL=0 || :
    done
    chroot "$root" $command status $!
    chroot "$root" $command report $!
    kill $!
"""


class Static(Unpacked):
    """The command of the .tar.gz needs nothing of its system."""

    def test_an_older_system(self):
        older = os.environ["OLD_SYSTEM"]
        if not older:
            self.skipTest("no older system (SSLHARDEN_TEST_FOREIGN)")
        said = output("unshare", "-mnpf", "--kill-child", "env", f"OLD_SYSTEM={older}",
                      f"COMMAND={COMMAND}", f"CERTIFICATE={peer.certificate()}", "sh", "-c", OLDER, "sh",
                      self.folder, package("tar.gz"), env=peer.environment())
        self.assertRegex(said, r"(?m)^the other: [1-9]")
        self.assertRegex(said, r"(?m)^hardened +yes")
        self.assertRegex(said, r"(?m)^SSLHARDEN +on")
        self.assertRegex(said, "refused a client offering at most TLSv1.1 ")
        self.assertRegex(said, "Protocol version: TLSv1.2")
        self.assertRegex(said, r"(?m)^\d+ openssl: active")
        self.assertRegex(said, r"(?m)^openssl \d+: 1 handshake, 1 refused")

    def test_an_older_kernel(self):
        """By its name, and by what it does not know."""
        folder = self.unpacked("tar", "-xzf", package("tar.gz"), "--strip-components=1", root="here")
        command = f"{folder}/bin/sslharden"
        self.assertIn("sslharden 0.", output("setarch", "--uname-2.6", command, "--version"))
        for words in (("policy",), ("check", peer.PEER), ("status",)):
            self.assertNotEqual(output(command, *words, preexec_fn=logs.old_kernel, ok=(0, 1, 3)), "")
        said = output(command, "run", "--min-protocol", "TLSv1.3", "--", peer.PEER, *PEER_WORDS,
                      preexec_fn=logs.old_kernel, env=peer.environment())
        self.assertEqual(list(floors(said)), [0x304])

    def test_what_keeps_the_library_from_being_mapped(self):
        """It cannot open it itself, but the loader maps it as anybody does."""
        script = """set -eu; mount -t tmpfs -o noexec none "$1"
            tar -xzf "$2" -C "$1" --strip-components=1; cp "$1/bin/sslharden" "$3"
            exec "$3" run --library "$1/lib/libsslharden.so" -- "$4" """
        place = os.path.join(self.folder, "noexec")
        os.mkdir(place)
        said = output("unshare", "-m", "sh", "-c", script, "sh", place, package("tar.gz"),
                      os.path.join(self.folder, "command"), peer.PEER, ok=(1,))
        self.assertRegex(said, "libsslharden.so cannot be loaded: Operation not permitted")


class Image(Case):
    """docs/deploy/Dockerfile's steps, with this system in the place of its base image."""

    PRIVILEGED = True
    CONF = """ssl_certificate /run/shared/both.pem; ssl_certificate_key /run/shared/both.pem;
        server { listen unix:/run/shared/socket ssl; ssl_protocols TLSv1.2 TLSv1.3; }"""

    def script(self, start):
        """The steps as shell commands; start: the instructions that make the command line."""
        commands, words = [], []
        for line in recipe("Dockerfile").replace("\\\n", "").splitlines():
            step, _, rest = line.partition(" ")
            if step == "RUN" and ".deb" in rest:  # what apt-get would do, less its lists
                commands.append("dpkg -i /tmp/*sslharden_*.deb")
            elif step == "RUN" and "apt-get" in rest:  # this machine has done that
                commands += [f"dpkg -s {name} >/dev/null" for name in
                             re.search(r"recommends ([^&]*) &&", rest).group(1).split()]
            elif step == "RUN":
                commands.append(rest)
            elif step == "COPY":
                commands.append(f"cp {rest}")
            elif step == "ENV":
                commands.append(f"export {rest}")
            elif step in start:
                words += json.loads(rest)
            else:
                self.assertIn(step, ("", "#", "FROM", "ENTRYPOINT"))
        return "; ".join([*commands, "rm -f /etc/nginx/sites-enabled/*",
                          "cp /run/shared/tls.conf /etc/nginx/conf.d",
                          "cp /run/shared/log.conf /etc/nginx/modules-enabled",
                          f"exec {shlex.join(words)}"])

    def served(self, *start):
        shared = os.path.join(self.folder, "shared" + "".join(start))
        self.write(f"{shared}/tls.conf", self.CONF)
        self.write(f"{shared}/log.conf", "error_log /dev/stderr notice;")
        shutil.copy(peer.certificate(), os.path.join(shared, "both.pem"))
        os.mkdir(os.path.join(shared, "root"))
        self.start(*chroot(os.path.join(shared, "root"), self.script(start), shared),
                   ready="start worker process ")
        return [client("-unix", os.path.join(shared, "socket"), version=v) for v in ("1_2", "1_3")]

    def test_steps(self):
        self.assertEqual(self.served("CMD"), ["TLSv1.2", "TLSv1.3"])
        self.assertEqual(self.served("ENTRYPOINT", "CMD"), [None, "TLSv1.3"])


if __name__ == "__main__":
    unittest.main()
