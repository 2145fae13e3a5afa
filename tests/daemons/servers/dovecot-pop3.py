# SPDX-License-Identifier: MIT
import dataclasses
import importlib

import talk

IMAPS = importlib.import_module("servers.dovecot").SERVER
CONF = "/srv/dovecot.conf"

SERVER = dataclasses.replace(
    IMAPS, title="dovecot (POP3, STLS)", starttls="pop3", packages="dovecot-pop3d",
    talk=talk.lines(("NOOP", "-ERR"), ("QUIT", "+OK")),
    files={CONF: IMAPS.files[CONF].replace("protocols = imap", "protocols = pop3")
           .partition("service imap-login")[0] + """
service pop3-login {
  inet_listener pop3 {
    port = 4433
  }
  inet_listener pop3s {
    port = 0
  }
}
"""})
