# SPDX-License-Identifier: MIT
import talk
from server import Server

SERVER = Server(
    title="openssl s_server",
    packages="openssl",
    lax="its defaults, with every cipher",
    command="openssl s_server -accept 127.0.0.1:4433 -cert /srv/tls/cert.pem -key /srv/tls/key.pem"
            " -cipher ALL:@SECLEVEL=0 -Verify 1 -CAfile /srv/tls/client.pem -www -quiet",
    talk=talk.http(has="s_server"))
