# SPDX-License-Identifier: MIT
import struct
import time

import client
from server import Server


def answer(s):
    """To a question for the address of localhost (RFC 1035), its length first (RFC 7858)."""
    question = (struct.pack(">6H", 21013, 0, 1, 0, 0, 0) + b"\x09localhost\0"
                + struct.pack(">2H", 1, 1))
    s.sendall(struct.pack(">H", len(question)) + question)
    size, = struct.unpack(">H", client.exactly(s, 2))
    return client.exactly(s, size)


def ask(s):
    """Again while its zone is not loaded: it listens before that, and while it reloads."""
    end = time.monotonic() + client.GUARD
    while (said := answer(s))[3] & 0xf != 0 and time.monotonic() < end:
        pass
    if b"\x7f\0\0\x01" not in said:
        raise ValueError(f"no 127.0.0.1 in {said!r}")


SERVER = Server(
    title="BIND (DNS over TLS)",
    packages="bind9",
    lax="ciphers ALL, prefer-server-ciphers no (it speaks TLS 1.2 at least)",
    command="named -f -c /srv/named.conf -u bind",
    users=("bind",),
    prepare="mkdir -p /run/named /var/cache/bind; chown bind /run/named /var/cache/bind /srv/tls/key.pem",
    reload="kill -HUP $PID",
    talk=ask,
    nameless=True,
    files={"/srv/db.local": """
$TTL 60
@ IN SOA localhost. root.localhost. 1 60 60 60 60
@ IN NS localhost.
@ IN A 127.0.0.1
""", "/srv/named.conf": """
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
