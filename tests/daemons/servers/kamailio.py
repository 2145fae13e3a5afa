# SPDX-License-Identifier: MIT
import client
from server import Server

MESSAGE = """OPTIONS sip:localhost SIP/2.0
Via: SIP/2.0/TLS 127.0.0.1:5061;branch=z9hG4bK21013
From: <sip:a@localhost>;tag=1
To: <sip:b@localhost>
Call-ID: 21013
CSeq: 1 OPTIONS
Max-Forwards: 70
Content-Length: 0

"""


def options(s):
    s.sendall(MESSAGE.replace("\n", "\r\n").encode())
    client.expect(client.line(s), "SIP/2.0 200")


SERVER = Server(
    title="Kamailio (SIP over TLS)",
    packages="kamailio kamailio-tls-modules",
    lax="method TLSv1+, cipher_list ALL",
    command="kamailio -DD -E -m 16 -M 4 -f /srv/kamailio.cfg",
    prepare="mkdir -p /run/kamailio",
    reload="kamcmd -s unixs:/run/kamailio/ctl tls.reload",
    nameless=True,
    talk=options,
    files={"/srv/kamailio.cfg": """#!KAMAILIO
enable_tls=yes
listen=tls:127.0.0.1:4433
children=1
# One process serves all: each has a ticket key of its own.
tcp_children=1
log_stderror=yes
loadmodule "tls.so"
loadmodule "sl.so"
loadmodule "pv.so"
loadmodule "ctl.so"
modparam("ctl", "binrpc", "unixs:/run/kamailio/ctl")
modparam("tls", "config", "/srv/tls.cfg")
request_route {
    sl_send_reply("200", "OK");
}
""", "/srv/tls.cfg": """
[server:default]
method = TLSv1+
certificate = /srv/tls/cert.pem
private_key = /srv/tls/key.pem
ca_list = /srv/tls/client.pem
verify_certificate = yes
require_certificate = no
cipher_list = ALL:@SECLEVEL=0
"""})
