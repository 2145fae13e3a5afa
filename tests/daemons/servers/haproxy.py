# SPDX-License-Identifier: MIT
import talk
from server import Server

SERVER = Server(
    title="haproxy",
    packages="haproxy",
    nameless=True,
    lax="ssl-min-ver TLSv1.0, prefer-client-ciphers",
    command="/usr/sbin/haproxy -W -db -f /srv/haproxy.cfg",
    reload="kill -USR2 $PID",
    again=(("kill -USR2 $(pgrep -o haproxy)", "true"),),  # which its reload is
    cleared=(("global\n", "global\n"), ("global\n", "global\n  resetenv PATH\n")),
    small=(("global\n", "global\n  tune.ssl.default-dh-param 1024\n"),),  # its own
    talk=talk.http(has="a page"),
    files={"/srv/haproxy.cfg": """
global
  log stderr format raw local0
defaults
  mode http
  timeout connect 10s
  timeout client 30s
  timeout server 30s
frontend tls
  bind 127.0.0.1:4433 ssl crt /srv/tls/both.pem ca-file /srv/tls/client.pem verify optional ssl-min-ver TLSv1.0 ciphers ALL:@SECLEVEL=0 prefer-client-ciphers
  http-request return status 200 content-type text/plain string "a page"
"""})
