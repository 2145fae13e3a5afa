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
    lax="tls_method TLSv1+, cipher_list ALL",
    command="kamailio -DD -E -m 16 -M 4 -f /srv/kamailio.cfg",
    prepare="mkdir -p /run/kamailio",
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
modparam("tls", "tls_method", "TLSv1+")
modparam("tls", "certificate", "/srv/tls/cert.pem")
modparam("tls", "private_key", "/srv/tls/key.pem")
modparam("tls", "ca_list", "/srv/tls/client.pem")
modparam("tls", "verify_certificate", 1)
modparam("tls", "require_certificate", 0)
modparam("tls", "cipher_list", "ALL:@SECLEVEL=0")
request_route {
    sl_send_reply("200", "OK");
}
"""})
