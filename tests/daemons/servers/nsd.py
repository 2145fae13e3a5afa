# SPDX-License-Identifier: MIT
import talk
from server import Server

SERVER = Server(
    title="NSD (DNS over TLS)",
    packages="nsd",
    lax="nothing: its list and versions are its own (it speaks TLS 1.2 at least)",
    command="nsd -d -c /srv/nsd.conf",
    prepare="mkdir -p /var/lib/nsd /run/nsd",
    talk=talk.dns,
    files={"/srv/db.local": talk.ZONE, "/srv/nsd.conf": """
server:
  ip-address: 127.0.0.1@4433
  tls-port: 4433
  tls-service-key: /srv/tls/key.pem
  tls-service-pem: /srv/tls/cert.pem
  username: ""
  zonesdir: "/srv"
  database: ""
  pidfile: /run/nsd/nsd.pid
  xfrdfile: ""
  zonelistfile: /run/nsd/zone.list
remote-control:
  control-enable: no
zone:
  name: localhost
  zonefile: db.local
"""})
