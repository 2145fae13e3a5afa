# SPDX-License-Identifier: MIT
import dataclasses
import importlib

DOVECOT = importlib.import_module("servers.dovecot").SERVER

CONF = "/srv/dovecot.conf"

# It has no DH parameters of its own, and 1.1.1's libssl none for it.
SERVER = dataclasses.replace(
    DOVECOT, title="dovecot of Debian 11 (IMAPS)", release="bullseye",
    files={CONF: DOVECOT.files[CONF].replace("ALL:@", "ALL:!kDHE:@")},
    sslv3=(("ssl_min_protocol = TLSv1", "ssl_min_protocol = SSLv3"),))
