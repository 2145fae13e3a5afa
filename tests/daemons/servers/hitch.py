# SPDX-License-Identifier: MIT
import talk
from server import Server

SERVER = Server(
    title="hitch",
    packages="hitch busybox",
    lax="tls-protos from TLSv1.0, prefer-server-ciphers off",
    command="/bin/sh /srv/start",
    users=("hitch",),
    prepare="mkdir -p /var/lib/hitch-ocsp",
    reload="kill -HUP $PID",
    talk=talk.http(has="a page"),
    files={"/srv/www/index.html": "a page\n", "/srv/start": """
busybox httpd -p 127.0.0.1:8080 -h /srv/www
exec hitch --config=/srv/hitch.conf
""", "/srv/hitch.conf": """
frontend = { host = "127.0.0.1" port = "4433" }
backend = "[127.0.0.1]:8080"
client-verify = optional
client-verify-ca = "/srv/tls/client.pem"
pem-file = "/srv/tls/both.pem"
tls-protos = TLSv1.0 TLSv1.1 TLSv1.2 TLSv1.3
ciphers = "ALL:@SECLEVEL=0"
prefer-server-ciphers = off
user = "hitch"
ocsp-dir = ""
daemon = off
"""})
