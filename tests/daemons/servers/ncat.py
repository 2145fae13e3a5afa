# SPDX-License-Identifier: MIT
import talk
from server import Server

SERVER = Server(
    title="ncat",
    packages="ncat",
    lax="--ssl-ciphers with every cipher",
    command="ncat --listen --keep-open --ssl --ssl-cert /srv/tls/cert.pem --ssl-key /srv/tls/key.pem"
            " --ssl-ciphers ALL:@SECLEVEL=0 --exec /bin/cat 127.0.0.1 4433",
    talk=talk.echo)
