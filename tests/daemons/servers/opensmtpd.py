# SPDX-License-Identifier: MIT
import talk
from server import Server

# Debian 12's (6.8.0) fails its own handshakes with OpenSSL 3, without us too.
SERVER = Server(
    title="OpenSMTPD of Debian 13 (STARTTLS)",
    packages="opensmtpd",
    release="trixie",
    lax="protocols and ciphers: all (it serves from TLS 1.2 on all the same)",
    command="/usr/sbin/smtpd -dF",
    users=("opensmtpd", "opensmtpq"),
    starttls="smtp",
    prepare="""
mkdir -p /var/lib/opensmtpd/empty /var/spool/smtpd /var/empty
chmod 711 /var/spool/smtpd /var/lib/opensmtpd/empty
mkdir -p /etc/ssl/certs
cp /srv/tls/cert.pem /etc/ssl/certs/ca-certificates.crt
chmod 600 /srv/tls/key.pem
""",
    talk=talk.lines(("HELO localhost", "250"), ("MAIL FROM:<>", "250"), ("RCPT TO:<root@localhost>", "250"),
                    ("QUIT", "221")),
    files={"/etc/smtpd.conf": """
pki localhost cert "/srv/tls/cert.pem"
pki localhost key "/srv/tls/key.pem"
ca client cert "/srv/tls/client.pem"
table aliases file:/etc/aliases
listen on 127.0.0.1 port 4433 tls-require verify pki localhost protocols "all" ciphers "ALL:@SECLEVEL=0" ca client
action "local" maildir "/tmp/mail"
match from any for any action "local"
""", "/etc/aliases": "root: root\n"})
