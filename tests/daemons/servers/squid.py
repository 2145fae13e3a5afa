# SPDX-License-Identifier: MIT
import talk
from server import Server

SERVER = Server(
    title="Squid (https_port)",
    packages="squid-openssl",
    lax="cipher=ALL, no options",
    command="squid -N -f /srv/squid.conf",
    users=("proxy",),
    prepare="mkdir -p /var/log/squid; chown proxy /var/log/squid /run",
    reload="kill -HUP $PID",
    talk=talk.http("/squid-internal-mgr/info", has="Squid Object Cache"),
    files={"/srv/squid.conf": """
https_port 127.0.0.1:4433 accel defaultsite=localhost tls-cert=/srv/tls/cert.pem tls-key=/srv/tls/key.pem tls-clientca=/srv/tls/client.pem sslcontext=squid cipher=ALL:@SECLEVEL=0 tls-min-version=1.0
http_access allow all
access_log none
cache_log stdio:/dev/stderr
cache deny all
netdb_filename none
pinger_enable off
pid_filename none
"""})
