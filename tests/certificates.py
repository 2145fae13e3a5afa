# SPDX-License-Identifier: MIT
"""Throw-away keys, and self-signed certificates for them.

To make a key of RSA takes longer than most tests do, so each that has a name here is made once a build,
by whoever needs it first.  The environment (CMake sets it): SSLHARDEN_KEYS, the folder where they are;
without it they go with the process that made them.
"""
import atexit
import functools
import os
import pathlib
import shutil
import subprocess
import tempfile

# How each is made.  PKCS #1, where RSA's is called so: 0.9.8 reads no other.
RSA = ["genrsa"]
KEYS = {"server": RSA, "client": RSA, "pkcs1": [*RSA, "-traditional"],
        "ec": ["ecparam", "-name", "prime256v1", "-genkey", "-noout"],
        "p224": ["ecparam", "-name", "secp224r1", "-genkey", "-noout"],
        "rsa3072": ["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:3072"],
        "p384": ["ecparam", "-name", "secp384r1", "-genkey", "-noout"],
        "p521": ["ecparam", "-name", "secp521r1", "-genkey", "-noout"],
        "ed25519": ["genpkey", "-algorithm", "ED25519"],
        "ed448": ["genpkey", "-algorithm", "ED448"],
        "k256": ["ecparam", "-name", "secp256k1", "-genkey", "-noout"],
        "pss": ["genpkey", "-algorithm", "RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048"]}


def openssl(*words):
    """Bare, whatever is preloaded here."""
    env = {name: value for name, value in os.environ.items() if name != "LD_PRELOAD"}
    subprocess.run(["openssl", *map(str, words)], check=True, stdin=subprocess.DEVNULL,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=env)


@functools.lru_cache(None)
def folder():
    path = os.environ.get("SSLHARDEN_KEYS")
    if path is None:
        path = tempfile.mkdtemp(prefix="sslharden-keys-")
        atexit.register(shutil.rmtree, path)
    os.makedirs(path, exist_ok=True)
    return pathlib.Path(path)


def key(name):
    """The file of one of KEYS."""
    path = folder() / f"{name}.pem"
    if not path.exists():
        with tempfile.NamedTemporaryFile(dir=folder()) as made:
            words = KEYS[name]
            openssl(words[0], "-out", made.name, *words[1:], *([2048] if words[0] == "genrsa" else []))
            try:
                os.link(made.name, path)
            except FileExistsError:  # another test was quicker
                pass
    return path


def certificate(path, name, *more, subject="/CN=localhost", days=30):
    """Makes one for a key, as a file; more: words of openssl req."""
    openssl("req", "-x509", "-key", key(name), "-sha256", "-days", days, "-subj", subject, *more,
            "-out", path)


def both(path, name, *more, **others):
    """Makes a certificate, as certificate() does, and its key in one file."""
    certificate(path, name, *more, **others)
    with open(path, "a", encoding="ascii") as file:
        file.write(key(name).read_text("ascii"))
