# SPDX-License-Identifier: MIT
import talk
from server import Server

SERVER = Server(
    title="BIND (DNS over TLS)",
    packages="bind9",
    lax="ciphers ALL, prefer-server-ciphers no (it speaks TLS 1.2 at least)",
    command="named -f -c /srv/named.conf -u bind",
    users=("bind",),
    prepare="mkdir -p /run/named /var/cache/bind; chown bind /run/named /var/cache/bind /srv/tls/key.pem",
    reload="kill -HUP $PID",
    talk=talk.dns,
    nameless=True,
    files={"/srv/db.local": talk.ZONE, "/srv/named.conf": """
tls old {
  cert-file "/srv/tls/cert.pem"; key-file "/srv/tls/key.pem";
  ca-file "/srv/tls/client.pem";
  ciphers "ALL:@SECLEVEL=0"; prefer-server-ciphers no;
  protocols { TLSv1.2; TLSv1.3; };
};
options {
  directory "/var/cache/bind"; pid-file none; session-keyfile none;
  listen-on port 4433 tls old { 127.0.0.1; }; listen-on-v6 { none; };
  recursion no; dnssec-validation no;
};
controls { };
zone "localhost" { type primary; file "/srv/db.local"; };
"""})
