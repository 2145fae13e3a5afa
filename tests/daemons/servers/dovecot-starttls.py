# SPDX-License-Identifier: MIT
import dataclasses
import importlib

import talk

IMAPS = importlib.import_module("servers.dovecot").SERVER
CONF = "/srv/dovecot.conf"

SERVER = dataclasses.replace(
    IMAPS, title="dovecot (IMAP, STARTTLS)", starttls="imap",
    talk=talk.lines(("a NOOP", "a OK"), ("b LOGOUT", "* BYE")),
    files={CONF: IMAPS.files[CONF].replace("port = 0", "port = 4433", 1)
           .replace("port = 4433\n    ssl = yes", "port = 0\n    ssl = yes", 1)})
