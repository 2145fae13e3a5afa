# SPDX-License-Identifier: MIT
import talk
from server import Server

SERVER = Server(
    title="ProFTPD (mod_tls)",
    packages="proftpd-core proftpd-mod-crypto",
    lax="TLSProtocol from TLSv1, TLSServerCipherPreference off",
    command="proftpd -n -c /srv/proftpd.conf",
    users=("proftpd", "ftp"),
    starttls="ftp",
    prepare="mkdir -p /run/proftpd /var/lib/ftp /var/log/proftpd",
    reload="kill -HUP $PID",
    talk=talk.lines(("NOOP", "200"), ("USER anonymous", "331"), ("PASS x@example.org", "230"),
                    ("PWD", "257")),
    files={"/etc/shells": "/bin/sh\n", "/srv/proftpd.conf": """
ModulePath /usr/lib/proftpd
ModuleControlsACLs insmod,rmmod allow user root
LoadModule mod_tls.c
ServerType standalone
DefaultAddress 127.0.0.1
Port 4433
UseIPv6 off
User nobody
Group nogroup
WtmpLog off
TransferLog none
ScoreboardFile /run/proftpd/scoreboard
TLSEngine on
TLSLog none
TLSProtocol TLSv1 TLSv1.1 TLSv1.2 TLSv1.3
TLSCipherSuite ALL:@SECLEVEL=0
TLSServerCipherPreference off
TLSRSACertificateFile /srv/tls/cert.pem
TLSRSACertificateKeyFile /srv/tls/key.pem
TLSCACertificateFile /srv/tls/client.pem
TLSVerifyClient optional
<Anonymous ~ftp>
  User ftp
  UserAlias anonymous ftp
  RequireValidShell off
</Anonymous>
"""})
