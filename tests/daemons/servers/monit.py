# SPDX-License-Identifier: MIT
import talk
from server import Server

SERVER = Server(
    title="monit",
    packages="monit",
    lax="version: auto, ciphers ALL",
    command="monit -I -c /srv/monitrc",
    prepare="chmod 600 /srv/monitrc; mkdir -p /var/lib/monit",
    lacks="fails where it asks for a client's certificate, bare too",
    reload="kill -HUP $PID",
    talk=talk.http(has="Monit"),
    files={"/srv/monitrc": """
set daemon 60
set log /dev/stderr
set idfile /run/monit.id
set statefile /run/monit.state
set pidfile /run/monit.pid
set httpd port 4433 use address 127.0.0.1
    with ssl { pemfile: /srv/tls/both.pem, version: auto, ciphers: "ALL:@SECLEVEL=0" }
    allow 127.0.0.1
"""})
