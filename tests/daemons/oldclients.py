# SPDX-License-Identifier: MIT
"""oldclients.py NAME LAYERS PLACE CLIENT [LIBRARY [NAME=VALUE...]]: how one server, configured for
SSL 3.0 and on a libssl that still speaks it, serves a client that speaks nothing newer, as JSON;
in a sandbox.

Started by sslv3.py, bare, with the library, and with the library's variables.  The environment
names what is old: SSLHARDEN_SSLV3, the prefix of scripts/build-sslv3; SSLHARDEN_OLD_NODE, the
program of scripts/fetch-node.
"""
import dataclasses
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys

import client
import layers
import sandbox
from server import OLD_CIPHERS, PORT, TLS

PREFIX = pathlib.Path(os.environ["SSLHARDEN_SSLV3"])
NODE = os.environ["SSLHARDEN_OLD_NODE"]
# Relays, as s_client -quiet does.  It has no name for the version, but a session does.
SCRIPT = """
var fs = require("fs");
var s = require("tls").connect(
  {host: "127.0.0.1", port: process.argv[1], secureProtocol: "SSLv3_method",
   rejectUnauthorized: false, cert: fs.readFileSync(process.argv[2]),
   key: fs.readFileSync(process.argv[3])},
  function () {
    console.error("session " + new Buffer(s.getSession(), "binary").toString("hex", 0, 16));
    s.pipe(process.stdout);
    process.stdin.pipe(s);
  });
s.on("error", function (e) { console.error(e.message); });
s.on("close", function () { process.exit(); });
"""


def openssl(server, certificate, key):
    starttls = ["-starttls", server.starttls] if server.starttls else []
    return [str(PREFIX / "bin/openssl"), "s_client", "-ssl3", "-cipher", OLD_CIPHERS, "-quiet",
            "-brief", *starttls, "-cert", certificate, "-key", key, "-connect", f"127.0.0.1:{PORT}"]


def node(_server, certificate, key):
    return [NODE, "--enable-ssl3", "-e", SCRIPT, str(PORT), certificate, key]


CLIENTS = {"openssl": openssl, "node": node}
# How each tells that it got SSL 3.0; the session is a SEQUENCE of 1, 0x300, ...
SSLV3 = {"openssl": r"^Protocol version: SSLv3$", "node": r"^session 30.{2,6}02010102020300"}


def allowing(server):
    """The server as its description lets it speak SSL 3.0."""
    files = dict(server.files)
    for old, new in server.sslv3:
        holding = [name for name, text in files.items() if old in text]
        if not holding:
            raise sandbox.Failed(f"no {old!r} in its files")
        files |= {name: files[name].replace(old, new) for name in holding}
    return dataclasses.replace(server, files=files)


def put_over(box):
    """This libssl for Debian's: the program stays as it is, and so does libcrypto."""
    theirs, = box.root.glob("usr/lib/*/libssl.so.1.1")
    shutil.copy(PREFIX / "lib/libssl.so.1.1", theirs)


def ask(name, server, box):
    """Whether it got in by SSL 3.0, what of the server's protocol failed, and its own words."""
    own = [str(box.path(f"{TLS}/{file}.pem")) for file in ("client", "clientkey")]
    ours, its = socket.socketpair()
    process = subprocess.Popen(CLIENTS[name](server, *own), stdin=its, stdout=its,
                               stderr=subprocess.PIPE, text=True,
                               env=os.environ | {"LD_LIBRARY_PATH": str(PREFIX / "lib")})
    its.close()
    fault = None
    with ours:
        ours.settimeout(client.GUARD)
        try:
            server.talk(ours)
        except (OSError, EOFError, ValueError) as error:
            fault = f"{type(error).__name__}: {error}"
    process.kill()  # s_client goes on until the server closes
    said = process.communicate()[1]
    return {"in": bool(re.search(SSLV3[name], said, re.M)), "fault": fault, "said": said}


def explained(box):
    """What the library's log says of those whom it refused, without their ports."""
    return [re.sub(r":\d+;", ";", line)
            for line in re.findall(r"refused a client .*", box.log())]


def measure(name, server, box, waits):
    put_over(box)
    box.start()
    told = ask(name, server, box)
    if waits and not told["in"]:
        box.wait_for_line(explained)  # the client may be done before the server is
    client.Client(server, box).talk()
    return told | {"log": explained(box)}


def main(name, folders, place, which, library=None, *variables):
    server = layers.describe(name)
    server = dataclasses.replace(
        server, environment=server.environment | dict(v.split("=", 1) for v in variables))
    server = allowing(server)
    box = sandbox.Sandbox(server, folders.split(":"), place, library)
    box.tells(lambda: measure(which, server, box, library and not variables))


if __name__ == "__main__":
    main(*sys.argv[1:])
