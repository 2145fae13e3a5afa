# SPDX-License-Identifier: MIT
import dataclasses
import importlib

STUNNEL = importlib.import_module("servers.stunnel").SERVER

SERVER = dataclasses.replace(STUNNEL, title="stunnel of Debian 11", release="bullseye",
                             sslv3=(("sslVersionMin = TLSv1", "sslVersion = all"),
                                    ("options = -CIPHER_SERVER_PREFERENCE",
                                     "options = -CIPHER_SERVER_PREFERENCE\noptions = -NO_SSLv3")))
