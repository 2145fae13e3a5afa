# SPDX-License-Identifier: MIT
import talk
from server import Server

SERVER = Server(
    title="memcached",
    packages="memcached",
    lax="ssl_ciphers with every cipher",
    command="memcached -u www -l 127.0.0.1 -p 4433 -Z -o ssl_chain_cert=/srv/tls/both.pem"
            " -o ssl_key=/srv/tls/both.pem -o ssl_ca_cert=/srv/tls/client.pem -o ssl_verify_mode=1"
            " -o ssl_ciphers=ALL:@SECLEVEL=0",
    users=("www",),
    prepare="chown www /srv/tls/both.pem",
    reload=talk.lines(("refresh_certs", "OK")),
    talk=talk.lines(("version", "VERSION ")))
