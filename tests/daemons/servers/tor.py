# SPDX-License-Identifier: MIT
import struct

import client
from server import Server


def versions(s):
    """A VERSIONS cell of a link, and the answer to it (tor-spec, "Negotiating versions")."""
    s.sendall(struct.pack(">HBH3H", 0, 7, 6, 3, 4, 5))
    _, command, size = struct.unpack(">HBH", client.exactly(s, 5))
    if command != 7 or size < 2:
        raise ValueError(f"cell {command} of {size} bytes")


SERVER = Server(
    title="tor (a relay's OR port)",
    packages="tor",
    lax="its own contexts, nothing to set",
    command="tor -f /srv/torrc",
    talk=versions,
    files={"/srv/torrc": """
ORPort 127.0.0.1:4433
Address 127.0.0.1
SocksPort 0
AssumeReachable 1
PublishServerDescriptor 0
DataDirectory /srv/data
Nickname test
ContactInfo nobody
ExitRelay 0
Log notice stderr
"""})
