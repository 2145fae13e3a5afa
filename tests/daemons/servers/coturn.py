# SPDX-License-Identifier: MIT
import client
from server import Server


def binding(s):
    """A request for the address that it is seen with, and its success (RFC 8489)."""
    s.sendall(bytes.fromhex("0001 0000 2112a442") + b"transaction.")
    client.expect(client.exactly(s, 2).hex(), "0101")


SERVER = Server(
    title="coturn (TURN over TLS)",
    packages="coturn",
    lax="cipher-list ALL; it chooses among pinned contexts by the client's first bytes",
    command="turnserver -c /srv/turnserver.conf -l stdout",
    prepare="mkdir -p /var/lib/turn",
    reload="kill -USR2 $PID",
    talk=binding,
    files={"/srv/turnserver.conf": """
listening-ip=127.0.0.1
relay-ip=127.0.0.1
tls-listening-port=4433
cert=/srv/tls/cert.pem
pkey=/srv/tls/key.pem
CA-file=/srv/tls/client.pem
cipher-list=ALL:@SECLEVEL=0
userdb=/var/lib/turn/turndb
pidfile=/run/turnserver.pid
realm=localhost
no-cli
"""})
