# SPDX-License-Identifier: MIT
"""protections.py NAME: one server, bare, preloaded, and with what is off by default: does each
setting do there what it says, and is nobody else shut out?  The environment is matrix.py's, and
SSLHARDEN_PEER, tests/harness/peer.c.

protections.py NAME LAYERS PLACE [LIBRARY [NAME=VALUE...]]: what it gives to whom, as JSON; in a
sandbox.
"""
import dataclasses
import os
import re
import subprocess
import sys

import client
import layers
import matrix
import sandbox
from server import PORT, TLS

# Each names no suite that the client of the other settings asks with.
SETTINGS = ["SSLHARDEN_MIN_DH_BITS=2048", "SSLHARDEN_FORBID=kRSA,3DES,RC4", "SSLHARDEN_NO_TICKETS=1",
            "SSLHARDEN_NO_CLIENT_RENEGOTIATION=1"]
MODES = {"bare": [], "preloaded": [matrix.LIB], "with": [matrix.LIB, *SETTINGS]}
DHE = ["DHE-RSA-AES256-GCM-SHA384", "DHE-RSA-AES256-SHA", "DHE-RSA-AES128-SHA"]
AGAIN = 3


class Client(client.Client):
    """One that sees what a server exchanges keys with."""
    exchange = b""

    def watch(self, connection, direction, version, content, message, data):
        super().watch(connection, direction, version, content, message, data)
        if getattr(message, "name", "") == "SERVER_KEY_EXCHANGE":
            self.exchange = data

    def parameters(self):
        """The size of the prime that a client gets which exchanges keys by DH alone; 0: refused."""
        self.exchange = b""
        self.handshake("TLSv1", "TLSv1.2", DHE)
        size = int.from_bytes(self.exchange[4:6], "big")  # after type and length of the message
        return int.from_bytes(self.exchange[6:6 + size], "big").bit_length()

    def ticket(self):
        s, _ = self.connect(self.context("TLSv1.2", "TLSv1.2"))
        with s:
            return s.session.has_ticket


def renegotiations(server):
    """How often a client may begin another handshake, of AGAIN; None: it does not say plain words."""
    if server.starttls:
        return None
    words = ["new:TLSv1_2_client_method", "ciphers:ALL:@SECLEVEL=0", f"again:{AGAIN}",
             f"connect:{PORT}"]
    with subprocess.Popen([os.environ["SSLHARDEN_PEER"], *words], text=True,
                          stdout=subprocess.PIPE) as peer:
        count = 0
        for line in peer.stdout:  # it may wait for an answer that the server owes it
            count += line.startswith("again ")
            if count == AGAIN or line.startswith("failed"):
                break
        peer.kill()
    return count


def measure(server, box):
    box.start()
    probe = Client(server, box)
    probe.talk()
    found = {"dh": probe.parameters(), "ticket": probe.ticket(),
             "krsa": probe.handshake("TLSv1", "TLSv1.2", ["AES128-SHA", "AES256-SHA"]) is not None,
             "again": renegotiations(server)}
    probe.talk()
    return found


def given(server, variables):
    """A server that is started with these variables: postfix hands its children but what is listed."""
    names = " ".join(v.split("=")[0] for v in variables)
    files = {path: text.replace("SSLHARDEN_ALLOW_SSLV3", names or "SSLHARDEN_ALLOW_SSLV3")
             for path, text in server.files.items()}
    return dataclasses.replace(server, files=files, environment=server.environment
                               | dict(v.split("=", 1) for v in variables))


def inside(name, folders, place, library=None, *variables):
    server = given(layers.describe(name), variables)
    files = server.files
    for old, new in server.small:
        files = {path: text.replace(old, new) for path, text in files.items()}
    server = dataclasses.replace(server, files=files)
    box = sandbox.Sandbox(server, folders.split(":"), place, library)
    if server.small:
        sandbox.run("openssl", "dhparam", "-dsaparam", "-out", str(box.path(f"{TLS}/dh.pem")), "1024")
    box.tells(lambda: measure(server, box))


def faults(modes):
    for mode, told in modes.items():
        if "failed" in told:
            yield f"{mode}: {told['failed']}"
            return
    bare, plain, told = modes.values()
    if plain != bare:
        yield f"another one without a setting: {bare}, {plain}"
    if 0 < told["dh"] < 2048:
        yield f"DH parameters of {told['dh']} bits"
    if bare["dh"] and not told["dh"] or told["dh"] < bare["dh"]:
        yield f"DH parameters of {bare['dh']} bits, and {told['dh']} now"
    if told["ticket"] or told["krsa"] or told["again"]:
        yield f"not as asked: {told}"


def main(name):
    matrix.needed(name)
    result = matrix.RESULTS / "protections" / f"{name}.json"
    result.unlink(missing_ok=True)
    server = layers.describe(name)
    modes = dict(zip(MODES, matrix.each(name, "protections.py", *MODES.values())))
    small = [line.strip() for old, new in server.small for line in re.split("[\n;]", new)
             if line.strip() and line.strip() not in old]
    found = {"title": server.title, "small": small, "version": matrix.version(name, server.packages), "modes": modes}
    matrix.conclude(name, result, found, list(faults(modes)))


if __name__ == "__main__":
    main(sys.argv[1]) if len(sys.argv) == 2 else inside(*sys.argv[1:])
