# SPDX-License-Identifier: MIT
import talk
from server import Server

SERVER = Server(
    title="dovecot (IMAPS)",
    packages="dovecot-imapd",
    nameless=True,
    lax="ssl_min_protocol TLSv1, ssl_prefer_server_ciphers no",
    command="dovecot -F -c /srv/dovecot.conf",
    users=("dovecot", "dovenull"),
    prepare="mkdir -p /run/dovecot /var/lib/dovecot",
    # Its login processes are in a root of their own, and their standard error is its log.
    environment={"SSLHARDEN_LOG": "stderr"},
    reload="kill -HUP $PID",
    talk=talk.lines(("", "* OK"), ("a NOOP", "a OK"), ("b LOGOUT", "* BYE")),
    files={"/srv/dovecot.conf": """
protocols = imap
listen = 127.0.0.1
base_dir = /run/dovecot
log_path = /dev/stderr
# It wipes its children's environment but for these.
import_environment = TZ LD_PRELOAD SSLHARDEN_LOG SSLHARDEN_LOG_LEVEL SSLHARDEN_ALLOW_SSLV3 SSLHARDEN_MIN_PROTOCOL SSLHARDEN_CIPHERS SSLHARDEN_CIPHERSUITES SSLHARDEN_GROUPS SSLHARDEN_FORBID SSLHARDEN_PROFILE SSLHARDEN_COUNTS_IN SSLHARDEN OPENSSL_CONF
ssl = yes
ssl_cert = </srv/tls/cert.pem
ssl_key = </srv/tls/key.pem
ssl_ca = </srv/tls/client.pem
ssl_verify_client_cert = yes
ssl_min_protocol = TLSv1
ssl_cipher_list = ALL:@SECLEVEL=0
ssl_prefer_server_ciphers = no
passdb {
  driver = static
  args = nopassword=y
}
userdb {
  driver = static
  args = uid=500 gid=500 home=/tmp
}
service imap-login {
  inet_listener imap {
    port = 0
  }
  inet_listener imaps {
    port = 4433
    ssl = yes
  }
}
"""})
