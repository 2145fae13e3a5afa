# SPDX-License-Identifier: MIT
import dataclasses
import importlib

NGINX = importlib.import_module("servers.nginx").SERVER

# It knows no -e yet.
SERVER = dataclasses.replace(NGINX, title="nginx of Debian 11 (OpenSSL 1.1.1)", release="bullseye",
                             command="/usr/sbin/nginx -c /srv/nginx.conf",
                             sslv3=(("ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3;",
                                     "ssl_protocols SSLv3 TLSv1 TLSv1.1 TLSv1.2 TLSv1.3;"),))
