# SPDX-License-Identifier: MIT
import talk
from server import Server

# Debian's is linked with GnuTLS: of it there is only what is said before the handshake, in compare.
SERVER = Server(
    title="OpenLDAP (slapd, STARTTLS)",
    packages="slapd",
    lax="",
    # By a shell: what cannot be protected is not compared.
    command="sh -c 'exec slapd -d 0 -h ldap://127.0.0.1:4433 -f /srv/slapd.conf'",
    prepare="mkdir -p /srv/db",
    starttls="ldap",
    talk=talk.ldap,
    files={"/srv/slapd.conf": """
include /etc/ldap/schema/core.schema
modulepath /usr/lib/ldap
moduleload back_mdb
TLSCertificateFile /srv/tls/cert.pem
TLSCertificateKeyFile /srv/tls/key.pem
TLSCipherSuite NORMAL:+VERS-TLS1.0:+VERS-TLS1.1
database mdb
suffix dc=localhost
directory /srv/db
"""})
