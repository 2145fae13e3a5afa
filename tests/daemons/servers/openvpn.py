# SPDX-License-Identifier: MIT
import re

import client
import sandbox
from server import Server

COMMON = """
dev null
verb 3
tls-cert-profile insecure
connect-retry 1 1
"""
# It got what it came for, or was refused: by libssl's word, or, as the server ends the connection
# after its own error, by that (a reset before its first packet is the server, which starts anew).
REFUSED = "OpenSSL: error|Initial packet from.*Connection reset"
# Its own client stays connected: it is told to go once it has said what it got.
CONNECT = """
exec 3< <(exec openvpn --config /srv/client.conf {options} 2>&1)
CLIENT=$!
said=
while IFS= read -r line <&3; do
  echo "$line"
  said="$said $line"
  ! grep -qE '{done}' <<< "$said" || kill $CLIENT 2>/dev/null
done
:
"""


def number(version):
    return version.removeprefix("TLSv") if "." in version else "1.0"


class Tunnel(client.Client):
    """OpenVPN's TLS is in packets of a channel of its own: so its client is asked."""

    def __init__(self, server, box):
        super().__init__(server, box)
        self.box = box

    def handshake(self, lowest, highest, ciphers=()):
        options = f"--tls-version-min {number(lowest)} --tls-version-max {number(highest)}"
        if ciphers:
            options += f" --tls-cipher {':'.join(ciphers)}"
        said = self.box.shell(CONNECT.format(options=options, done=f"Control Channel:|{REFUSED}"))
        found = re.search(r"Control Channel: (TLSv[\d.]+), cipher \S+ ([\w-]+)", said)
        if found is None and not re.search(REFUSED, said, re.S):
            raise sandbox.Failed(said)
        if found is None:
            return None
        certificate = re.search(r"VERIFY OK: depth=0, (.*)", said)[1].encode()
        version = "TLSv1" if found[1] == "TLSv1.0" else found[1]
        return client.Handshake(version, found[2], certificate, True, False)

    def talk(self):
        """It is open once both ends have agreed on keys for what goes through it."""
        if self.handshake("TLSv1", "TLSv1.3") is None:
            raise sandbox.Failed("no tunnel")

    def resumes(self, version):
        return "has a client that never resumes"


SERVER = Server(
    title="OpenVPN (tls-server)",
    packages="openvpn",
    lax="tls-version-min 1.0, tls-cipher ALL, tls-cert-profile insecure",
    command="openvpn --config /srv/server.conf",
    client=Tunnel,
    nameless=True,
    reload="kill -HUP $PID",
    talk=None,
    files={"/srv/server.conf": COMMON + """
proto tcp-server
local 127.0.0.1
port 4433
tls-server
tls-version-min 1.0
tls-cipher ALL
dh none
ca /srv/tls/client.pem
cert /srv/tls/cert.pem
key /srv/tls/key.pem
""", "/srv/client.conf": COMMON + """
proto tcp-client
remote 127.0.0.1 4433
tls-client
connect-retry-max 30
ca /srv/tls/cert.pem
cert /srv/tls/client.pem
key /srv/tls/clientkey.pem
"""})
