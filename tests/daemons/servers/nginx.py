# SPDX-License-Identifier: MIT
import talk
from server import Server

SERVER = Server(
    title="nginx",
    packages="nginx-light nginx",
    lax="ssl_protocols from TLSv1, ssl_prefer_server_ciphers off",
    command="nginx -e stderr -c /srv/nginx.conf",
    users=("www",),
    reload="kill -HUP $PID",
    talk=talk.http(has="a page"),
    files={"/srv/nginx.conf": """
daemon off; user www; pid /run/nginx.pid; error_log stderr;
events { }
http {
  access_log off;
  server {
    listen 127.0.0.1:4433 ssl;
    ssl_certificate /srv/tls/cert.pem; ssl_certificate_key /srv/tls/key.pem;
    ssl_client_certificate /srv/tls/client.pem; ssl_verify_client optional;
    ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3; ssl_ciphers ALL:@SECLEVEL=0;
    ssl_prefer_server_ciphers off;
    ssl_session_cache shared:tls:1m;
    return 200 "a page";
  }
}
"""})
