# SPDX-License-Identifier: MIT
import re

import client
from server import Server

# What it has of the ciphers that clients ask others with.
CIPHERS = {"AES128-SHA": "PSK-AES128-CBC-SHA", "ECDHE-RSA-AES128-SHA": "ECDHE-PSK-AES128-CBC-SHA",
           "ECDHE-RSA-CHACHA20-POLY1305": "ECDHE-PSK-CHACHA20-POLY1305"}


class KeyHolder(client.Client):
    """Neither end has a certificate: who it is each proves by a key that both have."""

    def __init__(self, server, box):
        super().__init__(server, box)
        self.box = box

    def handshake(self, lowest, highest, ciphers=()):
        names = [CIPHERS[name] for name in ciphers if name in CIPHERS]
        if ciphers and not names:
            return None
        said = self.box.shell("openssl s_client -brief -connect 127.0.0.1:4433 -psk 6b6579 "
                              f"-min_protocol {lowest} -max_protocol {highest} -psk_identity me "
                              f"-cipher {':'.join(names or ['PSK'])}:@SECLEVEL=0 2>&1; :")
        found = re.search(r"Protocol version: (\S+)\nCiphersuite: (\S+)", said)
        if found is None:
            return None
        return client.Handshake(found[1], found[2], b"", False, False)

    def talk(self):
        self.box.shell("printf 'host\\tservice\\t0\\twell\\n' | send_nsca -c /srv/send_nsca.cfg")

    def resumes(self, version):
        return "is not asked for its sessions"


SERVER = Server(
    title="NSCA-ng (keys, no certificate)",
    packages="nsca-ng-server nsca-ng-client",
    lax="tls_ciphers with all of PSK, the worst first",
    # What it is told it writes where Nagios would read.
    command="sh -c 'while cat /srv/commands; do :; done >/dev/null & exec nsca-ng -F -c /srv/nsca-ng.cfg'",
    prepare="mkfifo /srv/commands",
    client=KeyHolder,
    talk=None,
    files={"/srv/nsca-ng.cfg": """
listen = "127.0.0.1:4433"
command_file = "/srv/commands"
tls_ciphers = "PSK-AES128-CBC-SHA:PSK:@SECLEVEL=0"
log_level = 2
authorize "*" {
  password = "key"
  hosts = ".*"
  services = ".*"
}
""",
           "/srv/send_nsca.cfg": """
identity = "me"
password = "key"
server = "127.0.0.1"
port = 4433
tls_ciphers = "PSK:@SECLEVEL=0"
"""})
