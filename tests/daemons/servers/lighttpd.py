# SPDX-License-Identifier: MIT
import talk
from server import Server

SERVER = Server(
    title="lighttpd",
    packages="lighttpd lighttpd-mod-openssl",
    lax="MinProtocol TLSv1, Options -ServerPreference",
    command="lighttpd -D -f /srv/lighttpd.conf",
    prepare="mkdir -p /srv/www; echo a page > /srv/www/index.html",
    reload="kill -USR1 $PID",
    talk=talk.http("/index.html", "a page"),
    files={"/srv/lighttpd.conf": """
server.modules = ("mod_openssl")
server.document-root = "/srv/www"
server.bind = "127.0.0.1"
server.port = 4433
ssl.engine = "enable"
ssl.pemfile = "/srv/tls/both.pem"
ssl.verifyclient.activate = "enable"
ssl.verifyclient.ca-file = "/srv/tls/client.pem"
ssl.openssl.ssl-conf-cmd = ("MinProtocol" => "TLSv1", "CipherString" => "ALL:@SECLEVEL=0",
                            "Options" => "-ServerPreference")
"""})
