# SPDX-License-Identifier: MIT
import talk
from server import Server

SERVER = Server(
    title="Sendmail (STARTTLS)",
    packages="sendmail-bin sendmail-cf m4",
    lax="ServerSSLOptions and CipherList that forbid nothing",
    command="/usr/libexec/sendmail/sendmail -C/srv/sendmail.cf -bD",
    users=("smmta", "smmsp"),
    by_file=True,  # set-gid
    starttls="smtp",
    # Its own, of 512 bits, which OpenSSL 3 takes no more.
    small=(("define(`confLOG_LEVEL'", "define(`confDH_PARAMETERS', `5')dnl\ndefine(`confLOG_LEVEL'"),),
    reload="kill -HUP $PID",
    again=(("kill -HUP $(head -1 /run/sendmail.pid)", "true"),),  # which its reload is
    cleared=(("confLOG_LEVEL", "confLOG_LEVEL"),),
    talk=talk.lines(("NOOP", "250"), ("HELO client.test", "250"), ("MAIL FROM:<>", "250"),
                    ("QUIT", "221")),
    prepare="""
mkdir -p /var/spool/mqueue /etc/mail; chmod 700 /var/spool/mqueue
m4 /usr/share/sendmail/cf/m4/cf.m4 /srv/sendmail.mc > /srv/sendmail.cf
chgrp smmsp /usr/libexec/sendmail/sendmail; chmod 2755 /usr/libexec/sendmail/sendmail
chmod go-rwx /srv/tls/*.pem
""",
    files={"/etc/mail/local-host-names": "localhost\n", "/srv/sendmail.mc": """
divert(0)dnl
define(`_USE_ETC_MAIL_')dnl
OSTYPE(`debian')dnl
DOMAIN(`generic')dnl
FEATURE(`no_default_msa')dnl
DAEMON_OPTIONS(`Family=inet, Name=MTA, Port=4433, Addr=127.0.0.1')dnl
define(`confPID_FILE', `/run/sendmail.pid')dnl
define(`confSERVER_CERT', `/srv/tls/cert.pem')dnl
define(`confSERVER_KEY', `/srv/tls/key.pem')dnl
define(`confCACERT', `/srv/tls/client.pem')dnl
define(`confCACERT_PATH', `/srv/tls')dnl
define(`confSERVER_SSL_OPTIONS', `')dnl
define(`confCIPHER_LIST', `ALL:@SECLEVEL=0')dnl
define(`confLOG_LEVEL', `14')dnl
define(`confREFUSE_LA', `1000')dnl
define(`confQUEUE_LA', `1000')dnl
undefine(`ALIAS_FILE')dnl
MAILER(`local')dnl
MAILER(`smtp')dnl
"""})
