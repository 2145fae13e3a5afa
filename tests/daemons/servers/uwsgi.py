# SPDX-License-Identifier: MIT
import talk
from sandbox import OLD_VERSIONS
from server import Server

SERVER = Server(
    title="uWSGI (https-socket)",
    packages="uwsgi-core uwsgi-plugin-python3",
    lax="ssl-enable-tlsv1, every cipher",
    command="uwsgi-core /srv/uwsgi.ini",
    reload="kill -HUP $PID",
    again=(("kill -HUP $(cat /run/uwsgi.pid)", "true"),),  # which its reload is
    cleared=(("[uwsgi]", "[uwsgi]"),
             ("[uwsgi]", "[uwsgi]\nunenv = LD_PRELOAD\nunenv = SSLHARDEN_MIN_PROTOCOL")),
    talk=talk.http(has="a page"),
    files={"/etc/ssl/openssl.cnf": OLD_VERSIONS,
           "/srv/app.py": """
def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"a page"]
""",
           "/srv/uwsgi.ini": """
[uwsgi]
master = true
pidfile = /run/uwsgi.pid
ssl-enable-tlsv1 = true
https-socket = 127.0.0.1:4433,/srv/tls/cert.pem,/srv/tls/key.pem,ALL:@SECLEVEL=0
plugins = python311
wsgi-file = /srv/app.py
"""})
