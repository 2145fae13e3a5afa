# SPDX-License-Identifier: MIT
"""A Debian release's packages and sources, unpacked beside the build: an apt of its own.

Nothing is installed and no script of a package is run: packages may conflict with each
other and with what is here, and no service starts.  They come from the Debian mirrors that
apt is set up for.
"""
import functools
import os
import pathlib
import re
import shutil
import subprocess
import sys

KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
# What a release has beside its main suite: more of the mirror's, and of the security one's.
MORE = {"bookworm": (["bookworm-updates"], ["bookworm-security"]), "experimental": (["sid"], [])}
# The one source package whose packages are taken from it, where the rest comes from what it has beside.
ALONE = {"experimental": "openssl"}
PROGRAM = pathlib.Path(sys.argv[0]).name


def call(*words, **more):
    done = subprocess.run(words, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)
    if done.returncode != 0:
        raise SystemExit(f"{PROGRAM}: {' '.join(words)}: exit {done.returncode}\n{done.stderr}")
    return done.stdout


def mirrors():
    """The Debian mirrors that apt has lists of, those of security updates among them."""
    targets = ["apt-get", "indextargets", "--format", "$(LABEL)|$(REPO_URI)", "Created-By: Packages"]
    found = call(*targets)
    if "Debian" not in found:
        call(str(pathlib.Path(__file__).parent / "install-packages"), "--lists")
        found = call(*targets)
    lines = [line.split("|") for line in found.splitlines()]
    main = {uri for label, uri in lines if label == "Debian"}
    security = {uri for label, uri in lines if label == "Debian-Security"}
    if not main:
        raise SystemExit(f"{PROGRAM}: apt has no Debian mirror configured")
    return sorted(main), sorted(security)


class Apt:
    """An apt that knows one release and of no package that is installed."""

    def __init__(self, folder, release="bookworm", sources=False):
        """sources: those of packages, too; a mirror may lack the ones of security updates."""
        self.archives = folder / "archives"
        self.none = folder / "none"
        for name in ("lists/partial", "archives/partial", "none/partial", "etc"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        main, security = mirrors()
        updates, fixes = MORE.get(release, ([], []))
        lines = [f"{kind} [signed-by={KEYRING}] {uri} {suite} main"
                 for kind, suites, uris in (("deb", [release, *updates], main),
                                            ("deb", fixes, security),
                                            ("deb-src", [release], main if sources else ()))
                 for suite in suites for uri in uris]
        (folder / "etc/sources.list").write_text("\n".join(lines) + "\n", "utf-8")
        (folder / "etc/status").write_text("", "utf-8")  # apt's lock is beside it
        pin = f"Package: src:{ALONE.get(release)}\nPin: release a={release}\nPin-Priority: 990\n"
        (folder / "etc/preferences").write_text(pin if release in ALONE else "", "utf-8")
        settings = {"Dir::Etc::sourcelist": folder / "etc/sources.list",
                    "Dir::Etc::sourceparts": "/dev/null", "Dir::Etc::preferencesparts": "/dev/null",
                    "Dir::Etc::preferences": folder / "etc/preferences",
                    "Dir::State::lists": folder / "lists", "Dir::State::status": folder / "etc/status",
                    "Dir::Cache": folder, "Dir::Cache::archives": self.archives,
                    "APT::Sandbox::User": "root", "APT::Install-Recommends": "false"}
        self.command = ["apt-get", "-y", *(f"-o{k}={v}" for k, v in settings.items())]
        call(*self.command, "update")

    def closure(self, packages):
        """File names of packages and of all that they depend on; apt leaves out those that it
        has fetched, so it is asked where there are none."""
        out = call(*self.command, f"-oDir::Cache::archives={self.none}", "install", "--print-uris",
                   *packages)
        return re.findall(r"^'[^']+' (\S+\.deb) ", out, re.M)

    def unpack(self, packages, files, folder):
        """Unpacks files, of the closure of packages, into a folder."""
        stamp = folder / "complete"
        wanted = "\n".join(files) + "\n"
        if stamp.exists() and stamp.read_text("utf-8") == wanted:
            return
        shutil.rmtree(folder, ignore_errors=True)
        call(*self.command, "install", "--download-only", *packages)
        (folder / "root").mkdir(parents=True)
        for name in files:
            call("dpkg-deb", "-x", str(self.archives / name), str(folder / "root"))
        stamp.write_text(wanted, "utf-8")

    def versions(self, package):
        """Those of a source package, the newest first."""
        words = [self.command[0].replace("-get", "-cache"), *self.command[2:]]
        out = call(*words, "showsrc", "--only-source", package)
        found = set(re.findall(r"^Version: (\S+)$", out, re.M))

        def order(one, other):
            older = ["dpkg", "--compare-versions", one, "lt", other]
            return -1 if subprocess.run(older, check=False).returncode == 0 else 1
        return sorted(found, key=functools.cmp_to_key(order), reverse=True)

    def source(self, package, parts, folder):
        """Unpacks parts (["."]: all) of a package's source, with Debian's patches, as
        folder/root/srv/PACKAGE.  False if they are there already.  Of several versions it is the
        newest that the mirror has, which may list one before it comes."""
        for version in self.versions(package):
            named = f"{package}={version}"
            out = call(*self.command, "source", "--print-uris", named)
            files = re.findall(r"^'[^']+' (\S+) ", out, re.M)
            stamp = folder / "complete"
            wanted = "\n".join([*files, *parts]) + "\n"
            if stamp.exists() and stamp.read_text("utf-8") == wanted:
                return False
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            fetch = [*self.command, "source", "--download-only", named]
            if subprocess.run(fetch, cwd=folder, capture_output=True, check=False).returncode == 0:
                break
        else:
            raise SystemExit(f"{PROGRAM}: the sources of {package} could not be had")
        kept = folder / "root/srv" / package
        described = next(folder.glob("*.dsc"))
        call("dpkg-source", "--no-check", "-x", described.name, "whole", cwd=folder)
        for part in parts:
            (kept / part).parent.mkdir(parents=True, exist_ok=True)
            os.rename(os.path.normpath(folder / "whole" / part), os.path.normpath(kept / part))
        shutil.rmtree(folder / "whole", ignore_errors=True)
        for name in files:
            (folder / name).unlink()
        stamp.write_text(wanted, "utf-8")
        return True
