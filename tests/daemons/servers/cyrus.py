# SPDX-License-Identifier: MIT
import talk
from server import Server

SERVER = Server(
    title="Cyrus (IMAPS)",
    packages="cyrus-imapd",
    lax="tls_versions from tls1_0, tls_prefer_server_ciphers no",
    command="/usr/sbin/cyrmaster -C /srv/imapd.conf -M /srv/cyrus.conf",
    users=("cyrus", "mail"),
    reload="kill -HUP $PID",
    talk=talk.lines(("", "* OK"), ("a NOOP", "a OK"), ("b LOGOUT", "* BYE")),
    prepare="""
for folder in /srv/cyrus /srv/cyrus/proc /srv/cyrus/db /srv/cyrus/socket /srv/cyrus/log \
    /srv/cyrus/msg /srv/cyrus/spool /srv/cyrus/lock; do mkdir -p $folder; chown cyrus $folder; done
chown cyrus /srv/tls/key.pem /run
""",
    files={"/srv/cyrus.conf": """
START {
  recover cmd="/usr/sbin/cyrus ctl_cyrusdb -C /srv/imapd.conf -r"
}
SERVICES {
  # One process serves all: each has a ticket key of its own.
  imaps cmd="/usr/lib/cyrus/bin/imapd -s -C /srv/imapd.conf" listen="127.0.0.1:4433" prefork=1 maxchild=1
}
EVENTS { }
""", "/srv/imapd.conf": """
configdirectory: /srv/cyrus
partition-default: /srv/cyrus/spool
cyrus_user: cyrus
sasl_pwcheck_method: auxprop
tls_server_cert: /srv/tls/cert.pem
tls_server_key: /srv/tls/key.pem
tls_client_ca_file: /srv/tls/client.pem
tls_versions: tls1_0 tls1_1 tls1_2 tls1_3
tls_ciphers: ALL:@SECLEVEL=0
tls_prefer_server_ciphers: 0
tls_session_timeout: 30
"""})
