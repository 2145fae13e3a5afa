# SPDX-License-Identifier: MIT
import client
from server import Server


def version(s):
    """The first message is its version: a type, and a length."""
    client.expect(client.exactly(s, 6).hex(), "0000000000")


SERVER = Server(
    title="Mumble (Qt)",
    packages="mumble-server",
    nameless=True,
    lax="sslCiphers ALL",
    command="murmurd -fg -ini /srv/murmur.ini",
    reload="kill -USR1 $PID",
    talk=version,
    files={"/srv/murmur.ini": """
host=127.0.0.1
port=4433
database=/srv/murmur.sqlite
sslCert=/srv/tls/cert.pem
sslKey=/srv/tls/key.pem
sslCiphers=ALL:@SECLEVEL=0
autobanAttempts=0
bonjour=false
uname=
"""})
