# SPDX-License-Identifier: MIT
import talk
from server import Server

SERVER = Server(
    title="Pure-FTPd",
    packages="pure-ftpd",
    lax="-J ALL (it has no setting of versions)",
    command="pure-ftpd -S 127.0.0.1,4433 -e -H -Y 1 -J -C:ALL:@SECLEVEL=0",
    users=("ftp",),
    starttls="ftp",
    prepare="""
mkdir -p /etc/ssl/private /var/lib/ftp
cat /srv/tls/both.pem /srv/tls/client.pem > /etc/ssl/private/pure-ftpd.pem
""",
    talk=talk.lines(("NOOP", "200"), ("USER anonymous", "230"), ("PWD", "257")))
