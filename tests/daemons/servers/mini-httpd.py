# SPDX-License-Identifier: MIT
import talk
from server import Server

SERVER = Server(
    title="mini-httpd",
    packages="mini-httpd",
    lax="-Y ALL (it has no setting of versions)",
    command="mini_httpd -D -S -E /srv/tls/both.pem -Y ALL:@SECLEVEL=0 -h 127.0.0.1 -p 4433 "
            "-u root -d /srv/www -i /run/mini_httpd.pid",
    files={"/srv/www/index.html": "a page\n"},
    talk=talk.http(has="a page"))
