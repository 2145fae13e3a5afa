# SPDX-License-Identifier: MIT
import talk
from server import Server

SERVER = Server(
    title="redis",
    packages="redis-server",
    lax="tls-protocols from TLSv1, tls-prefer-server-ciphers no",
    command="redis-server /srv/redis.conf",
    reload=talk.lines(("CONFIG SET tls-cert-file /srv/tls/cert.pem", "+OK")),
    talk=talk.lines(("PING", "+PONG")),
    files={"/srv/redis.conf": """
bind 127.0.0.1
port 0
tls-port 4433
save ""
tls-cert-file /srv/tls/cert.pem
tls-key-file /srv/tls/key.pem
tls-ca-cert-file /srv/tls/client.pem
tls-auth-clients optional
tls-protocols "TLSv1 TLSv1.1 TLSv1.2 TLSv1.3"
tls-ciphers ALL:@SECLEVEL=0
tls-prefer-server-ciphers no
"""})
