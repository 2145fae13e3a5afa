# SPDX-License-Identifier: MIT
import talk
from server import Server

SERVER = Server(
    title="gunicorn",
    packages="gunicorn python3-gunicorn python3",
    lax="ssl_version TLSv1, every cipher (it has no range of versions)",
    command="gunicorn -c /srv/conf.py app:app",
    reload="kill -HUP $PID",
    # As its documents tell to upgrade it.
    again=(("kill -USR2 $(cat /run/gunicorn.pid)",
            "test -s /run/gunicorn.pid.2 && pgrep -P $(cat /run/gunicorn.pid.2)"),
           ("kill -TERM $(cat /run/gunicorn.pid)", "test ! -e /run/gunicorn.pid.2")),
    cleared=(("bind", "bind"),),
    talk=talk.http(has="a page"),
    files={"/srv/app.py": """
def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"a page\\n"]
""",
           "/srv/conf.py": """
import ssl
bind = "127.0.0.1:4433"
chdir = "/srv"
pidfile = "/run/gunicorn.pid"
certfile, keyfile, ca_certs = "/srv/tls/cert.pem", "/srv/tls/key.pem", "/srv/tls/client.pem"
cert_reqs = ssl.CERT_OPTIONAL
ssl_version = ssl.PROTOCOL_TLSv1
ciphers = "ALL:@SECLEVEL=0"
"""})
