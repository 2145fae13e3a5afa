# SPDX-License-Identifier: MIT
import talk
from server import Server

SERVER = Server(
    title="nginx",
    packages="nginx-light nginx",
    lax="ssl_protocols from TLSv1, ssl_prefer_server_ciphers off",
    command="/usr/sbin/nginx -e stderr -c /srv/nginx.conf",
    users=("www",),
    reload="kill -HUP $PID",
    # As its package does at an update, the file being another by then.  Not where "daemon off" leaves
    # it its first parent.
    again=(("cp /usr/sbin/nginx /usr/sbin/nginx.new; mv /usr/sbin/nginx.new /usr/sbin/nginx\n"
            "kill -USR2 $(cat /run/nginx.pid)",
            "test -s /run/nginx.pid.oldbin && test -s /run/nginx.pid"),
           ("kill -QUIT $(cat /run/nginx.pid.oldbin)",
            "grep -q '^PPid:.1$' /proc/$(cat /run/nginx.pid)/status")),
    cleared=(("daemon off;", ""), ("daemon off;", "env LD_PRELOAD;"),
             ("daemon off;", "env SSLHARDEN_MIN_PROTOCOL; env SSLHARDEN_LOG;")),
    small=(("ssl_session_cache", "ssl_dhparam /srv/tls/dh.pem; ssl_session_cache"),),
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
