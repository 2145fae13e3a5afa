# SPDX-License-Identifier: MIT
import talk
from server import Server

SERVER = Server(
    title="Postfix (smtpd, STARTTLS)",
    packages="postfix findutils",
    lax="smtpd_tls_protocols from TLSv1, tls_preempt_cipherlist no",
    command="/usr/lib/postfix/sbin/master -d",
    users=("postfix", "postdrop"),
    starttls="smtp",
    prepare="""
mkdir -p /var/lib/postfix /var/spool/postfix
chown postfix /var/lib/postfix
postfix check
""",
    reload="postfix reload",
    # master(8) wipes its children's environment but for these.
    environment={"SSLHARDEN_LOG": "stderr"},
    talk=talk.lines(("NOOP", "250"), ("MAIL FROM:<>", "250"), ("RCPT TO:<root@localhost>", "250"),
                    ("QUIT", "221")),
    files={"/etc/postfix/master.cf": """
127.0.0.1:4433 inet n - n - - smtpd
rewrite unix - - n - - trivial-rewrite
tlsmgr unix - - n 1000? 1 tlsmgr
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
error unix - - n - - error
anvil unix - - n - 1 anvil
local unix - n n - - local
proxymap unix - - n - - proxymap
postlog unix-dgram n - n - 1 postlogd
""", "/etc/postfix/main.cf": """
compatibility_level = 3.6
maillog_file = /dev/stdout
import_environment = MAIL_CONFIG LANG=C LD_PRELOAD SSLHARDEN_LOG SSLHARDEN_LOG_LEVEL
  SSLHARDEN_ALLOW_SSLV3 SSLHARDEN_MIN_PROTOCOL SSLHARDEN_CIPHERS SSLHARDEN_CIPHERSUITES
  SSLHARDEN_GROUPS SSLHARDEN_FORBID SSLHARDEN_PROFILE SSLHARDEN SSLHARDEN_COUNTS_IN OPENSSL_CONF
myhostname = localhost
mynetworks = 127.0.0.0/8
local_recipient_maps =
alias_maps =
smtpd_tls_cert_file = /srv/tls/cert.pem
smtpd_tls_key_file = /srv/tls/key.pem
smtpd_tls_CAfile = /srv/tls/client.pem
smtpd_tls_ask_ccert = yes
smtpd_tls_security_level = may
smtpd_tls_protocols = >=TLSv1
smtpd_tls_ciphers = low
smtpd_tls_exclude_ciphers =
tls_low_cipherlist = ALL:@SECLEVEL=0
tls_preempt_cipherlist = no
smtpd_tls_session_cache_database = btree:/var/lib/postfix/smtpd
"""})
