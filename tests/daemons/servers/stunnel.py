# SPDX-License-Identifier: MIT
import talk
from server import Server

SERVER = Server(
    title="stunnel",
    packages="stunnel4",
    lax="sslVersionMin = TLSv1, options without CIPHER_SERVER_PREFERENCE",
    command="stunnel4 /srv/stunnel.conf",
    reload="kill -HUP $PID",
    again=(("kill -HUP $(cat /run/stunnel.pid)", "true"),),  # it goes on as the same process
    cleared=(("pid =", "pid = /run/stunnel.pid"),),
    talk=talk.echo,
    files={"/srv/stunnel.conf": """
foreground = yes
pid =
[echo]
accept = 127.0.0.1:4433
exec = /bin/cat
cert = /srv/tls/cert.pem
key = /srv/tls/key.pem
CAfile = /srv/tls/client.pem
verifyChain = yes
sslVersionMin = TLSv1
ciphers = ALL:@SECLEVEL=0
options = -CIPHER_SERVER_PREFERENCE
"""})
