# SPDX-License-Identifier: MIT
"""forbidden.py NAME|PREFIX: does each word of SSLHARDEN_FORBID take from one server what it names, and
that alone?  A server of Debian 11, on its libssl built with the weak suites (scripts/build-sslv3), or
the s_server of an installed OpenSSL that is older.  The environment is matrix.py's, and SSLHARDEN_SSLV3,
the prefix of that libssl.

forbidden.py NAME|PREFIX LAYERS PLACE [LIBRARY [NAME=VALUE...]]: whom it serves, as JSON; in a sandbox.
"""
import dataclasses
import os
import pathlib
import re
import shutil
import subprocess
import sys

import layers
import matrix
import protections
import sandbox
from server import PORT, TLS, Server

# What a client has who has nothing better, by the word that takes it; and how suites are named.
WORDS = {"aNULL": ("ADH-AES128-SHA:AECDH-AES128-SHA", r"(EXP-)?A(EC)?DH-"),
         "eNULL": ("NULL-SHA", r".*NULL"),
         "EXPORT": ("EXP-RC4-MD5:EXP-DES-CBC-SHA", r"EXP-"),
         "RC4": ("RC4-SHA", r".*RC4"),
         "DES": ("DES-CBC-SHA", r".*DES-CBC-"),
         "3DES": ("DES-CBC3-SHA", r".*(DES-CBC3|3DES)"),
         "MD5": ("RC4-MD5", r".*-MD5$"),
         "CBC": ("DHE-RSA-AES128-SHA:ECDHE-RSA-AES128-SHA", r"(?!.*(GCM|CCM|POLY1305|RC4|NULL))"),
         "kRSA": ("AES128-SHA", r"(EXP-)?(AES|CAMELLIA|SEED|IDEA|RC[24]|DES|NULL|ARIA)")}
REMOVED = {"EXPORT", "DES"}  # from 1.1.0 on; before it, where libssl was built without weak suites
LACKS = {"postfix-11": {"aNULL"}, "stunnel-11": {"aNULL"}}  # what a server itself leaves out
AT_ONCE = 4
STAYS = "SSLHARDEN_FORBID names all that it can be sure to serve with"
ALL = "ALL:eNULL"
SIZE = "SSLHARDEN_MIN_DH_BITS=2048"
MODES = {"bare": [], "preloaded": [matrix.LIB], SIZE: [matrix.LIB, SIZE]} | {
    word: [matrix.LIB, f"SSLHARDEN_FORBID={word}"] for word in WORDS}


def old(name):
    """Whether it is the prefix of an old OpenSSL, and no server's name."""
    return "/" in name


def describe(name):
    if not old(name):
        server = layers.describe(name)
        weaker = {path: text.replace("ALL:", f"{ALL}:") for path, text in server.files.items()}
        if weaker == server.files:
            raise sandbox.Failed("its files have no list of ciphers")
        return dataclasses.replace(server, files=weaker)
    return Server(title=f"openssl s_server of {pathlib.Path(name).name}", packages="", talk=None, lax="",
                  command=f"/srv/prefix/bin/openssl s_server -accept {PORT} -cert {TLS}/cert.pem"
                          f" -key {TLS}/key.pem -cipher {ALL} -www",
                  environment={"LD_LIBRARY_PATH": "/srv/prefix/lib"})


def prefix(name):
    """Where its clients are, and its libssl."""
    return pathlib.Path(name if old(name) else os.environ["SSLHARDEN_SSLV3"])


def put(name, box):
    """Its libssl to where it finds it."""
    libraries = prefix(name).glob("lib/lib*.so*")
    if not old(name):
        theirs, = box.root.glob("usr/lib/*/libssl.so.1.1")
        shutil.copy(prefix(name) / "lib/libssl.so.1.1", theirs)
        return
    for file in (prefix(name) / "bin/openssl", *libraries):
        place = box.path("/srv/prefix") / file.relative_to(name)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, place)


def suite(name, server, offered):
    """What a client that offers so much, and no TLS 1.3, gets; None: it is refused."""
    where = prefix(name)
    words = [str(where / "bin/openssl"), "s_client", "-connect", f"127.0.0.1:{PORT}"]
    words += ["-cipher", offered] if old(name) else ["-no_tls1_3", "-cipher", f"{offered}:@SECLEVEL=0"]
    if server.starttls:
        words += ["-starttls", server.starttls]
    done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, timeout=sandbox.GUARD,
                          env=os.environ | {"LD_LIBRARY_PATH": str(where / "lib")}, check=False)
    found = re.search(rb"^New, .*, Cipher is ([^(\s]\S*)$", done.stdout, re.M)
    return found and found[1].decode()


def measure(name, server, box):
    put(name, box)
    box.start()
    probe = protections.Client(server, box)
    told = {"dh": probe.parameters(), "all": suite(name, server, ALL),
            "suites": {word: suite(name, server, offered) for word, (offered, _) in WORDS.items()}}
    told["stays"] = STAYS in box.log()
    if server.talk:
        probe.talk()
    return told


def inside(name, folders, place, library=None, *variables):
    server = protections.given(describe(name), variables)
    box = sandbox.Sandbox(server, folders.split(":"), place, library)
    box.tells(lambda: measure(name, server, box))


def left(word, offered):
    """Whether a client of these suites has one that the word does not take."""
    return any(not re.match(WORDS[word][1], name) for name in offered.split(":"))


def served(told):
    return {word for word, suite_of_it in told["suites"].items() if suite_of_it}


def unlike(word, bare, told):
    """How what is forbidden is served, or other things are not.  Without curves nobody knows whether
    forward secrecy would be left, so the list stays."""
    if word == "kRSA" and told["stays"] and "ECDHE" not in bare["all"]:
        return
    if told["all"] is None or re.match(WORDS[word][1], told["all"]):
        yield f"{word}: a client of every suite gets {told['all']}"
    for other in served(bare):
        offered = WORDS[other][0]
        if left(word, offered) != bool(told["suites"][other]):
            yield f"{word}: a client of {offered} gets {told['suites'][other]}"


def faults(name, modes):
    for mode, told in modes.items():
        if "failed" in told:
            yield f"{mode}: {told['failed']}"
            return
    bare = modes["bare"]
    lacks = set(WORDS) - served(bare)
    if lacks - REMOVED != LACKS.get(name, set()):
        yield f"bare, it serves nobody by {sorted(lacks)}"
    if served(modes["preloaded"]) != served(bare):
        yield f"another one without a setting: {bare}, {modes['preloaded']}"
    if bare["dh"] and modes[SIZE]["dh"] < 2048:
        yield f"DH parameters of {modes[SIZE]['dh']} bits"
    for word in WORDS:
        yield from unlike(word, bare, modes[word])


def version(name, server):
    return pathlib.Path(name).name if old(name) else matrix.version(name, server.packages)


def main(name):
    matrix.needed(layers.folders(name)[0])
    result = matrix.RESULTS / "forbidden" / f"{pathlib.Path(name).name}.json"
    result.unlink(missing_ok=True)
    server = describe(name)
    ways = list(MODES.values())
    told = [one for at in range(0, len(ways), AT_ONCE)
            for one in matrix.each(name, "forbidden.py", *ways[at:at + AT_ONCE])]
    modes = dict(zip(MODES, told))
    found = {"title": server.title, "version": version(name, server), "modes": modes}
    matrix.conclude(name, result, found, list(faults(name, modes)))


if __name__ == "__main__":
    main(sys.argv[1]) if len(sys.argv) == 2 else inside(*sys.argv[1:])
