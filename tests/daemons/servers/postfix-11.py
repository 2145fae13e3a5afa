# SPDX-License-Identifier: MIT
import dataclasses
import importlib

POSTFIX = importlib.import_module("servers.postfix").SERVER

CONF = "/etc/postfix/main.cf"

# Its versions are those that are not excluded.
SERVER = dataclasses.replace(
    POSTFIX, title="Postfix of Debian 11 (smtpd, STARTTLS)", release="bullseye",
    lax="smtpd_tls_protocols !SSLv2, !SSLv3, tls_preempt_cipherlist no",
    files=POSTFIX.files | {CONF: POSTFIX.files[CONF]
                           .replace("compatibility_level = 3.6", "compatibility_level = 2")
                           .replace(">=TLSv1", "!SSLv2, !SSLv3")},
    sslv3=(("smtpd_tls_protocols = !SSLv2, !SSLv3", "smtpd_tls_protocols = !SSLv2"),))
