# SPDX-License-Identifier: MIT
import talk
from server import Server

SERVER = Server(
    title="Unbound (DNS over TLS)",
    packages="unbound",
    lax="tls-ciphers with every cipher (it speaks TLS 1.2 at least)",
    command="unbound -d -c /srv/unbound.conf",
    talk=talk.dns,
    files={"/srv/unbound.conf": """
server:
  interface: 127.0.0.1@4433
  tls-port: 4433
  tls-service-key: /srv/tls/key.pem
  tls-service-pem: /srv/tls/cert.pem
  tls-ciphers: "ALL:@SECLEVEL=0"
  chroot: ""
  username: ""
  directory: "/srv"
  pidfile: ""
  use-syslog: no
  do-daemonize: no
  module-config: "iterator"
  local-zone: "localhost." static
  local-data: "localhost. IN A 127.0.0.1"
"""})
