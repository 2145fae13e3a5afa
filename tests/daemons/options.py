# SPDX-License-Identifier: MIT
"""options.py NAME LAYERS PLACE ONLOOKER [LIBRARY]: the option word in force on a server's
connections, as JSON; in a sandbox.

Started by matrix.py, once bare and once with the library, apart from what measure.py does:
the server that is judged has no onlooker in it.
"""
import functools
import operator
import sys

import client
import layers
import sandbox

# SSL_OP_*, as OpenSSL 1.1.1 to 3.6 have them (include/openssl/ssl.h): those that decide what is
# negotiated.  The others work around bugs or choose an interface.
NAMES = {
    0x00000400: "ALLOW_NO_DHE_KEX", 0x00004000: "NO_TICKET", 0x00020000: "NO_COMPRESSION",
    0x00040000: "ALLOW_UNSAFE_LEGACY_RENEGOTIATION", 0x00080000: "NO_ENCRYPT_THEN_MAC",
    0x00200000: "PRIORITIZE_CHACHA", 0x00400000: "CIPHER_SERVER_PREFERENCE",
    0x02000000: "NO_SSLv3", 0x04000000: "NO_TLSv1", 0x10000000: "NO_TLSv1_1",
    0x08000000: "NO_TLSv1_2", 0x20000000: "NO_TLSv1_3", 0x40000000: "NO_RENEGOTIATION"}
# What every server has with the library; single-use DH and ECDH keys are all that these
# versions have, and their options 0.
POLICY = 0x02000000 | 0x00400000 | 0x00020000


def names(word):
    return [name for bit, name in sorted(NAMES.items()) if word & bit]


def faults(before, after):
    """What of the policy is not in force, or what was lost."""
    if POLICY & ~after:
        yield f"not in force: {names(POLICY & ~after)} ({after:#x})"
    if before & ~after:
        yield f"no longer in force: {before & ~after:#x} of {before:#x}"


def measure(server, box):
    box.start()
    (server.client or client.Client)(server, box).talk()
    box.wait(box.told)
    return {"options": functools.reduce(operator.and_, box.told())}


def main(name, folders, place, onlooker, library=None):
    server = layers.describe(name)
    box = sandbox.Sandbox(server, folders.split(":"), place, library, onlooker)
    box.tells(lambda: measure(server, box))


if __name__ == "__main__":
    main(*sys.argv[1:])
