# SPDX-License-Identifier: MIT
import talk
from server import Server

SERVER = Server(
    title="socat",
    packages="socat",
    lax="openssl-min-proto-version=TLS1.0",
    command="socat OPENSSL-LISTEN:4433,bind=127.0.0.1,reuseaddr,fork,cert=/srv/tls/both.pem,"
            "cafile=/srv/tls/client.pem,openssl-min-proto-version=TLS1.0,"
            "cipher=ALL:@SECLEVEL=0 EXEC:cat",
    talk=talk.echo)
