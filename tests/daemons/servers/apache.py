# SPDX-License-Identifier: MIT
import talk
from server import Server

MODULES = "mpm_event authn_core authz_core socache_shmcb ssl"

SERVER = Server(
    title="Apache",
    packages="apache2-bin apache2",
    nameless=True,
    lax="SSLProtocol all, SSLHonorCipherOrder off",
    command="/usr/sbin/apache2 -DFOREGROUND -f /srv/apache.conf",
    users=("www",),
    reload="kill -USR1 $PID",
    prepare="mkdir -p /srv/www; echo a page > /srv/www/index.html",
    talk=talk.http("/index.html", "a page"),
    files={"/srv/apache.conf": "\n".join(
        f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so"
        for name in MODULES.split()) + """
ServerRoot /srv
ServerName localhost
PidFile /run/apache.pid
ErrorLog /dev/stderr
User www
Group www
Listen 127.0.0.1:4433
DocumentRoot /srv/www
SSLSessionCache shmcb:/run/tls(512000)
SSLEngine on
SSLCertificateFile /srv/tls/cert.pem
SSLCertificateKeyFile /srv/tls/key.pem
SSLCACertificateFile /srv/tls/client.pem
SSLVerifyClient optional
SSLProtocol all -SSLv3
SSLCipherSuite ALL:@SECLEVEL=0
SSLHonorCipherOrder off
"""})
