# SPDX-License-Identifier: MIT
import talk
from server import Server

SERVER = Server(
    title="vsftpd",
    packages="vsftpd",
    lax="ssl_tlsv1=YES, every cipher",
    command="vsftpd /srv/vsftpd.conf",
    users=("ftp", "nobody-ftp"),
    starttls="ftp",
    prepare="mkdir -p /var/run/vsftpd/empty /var/lib/ftp",
    talk=talk.lines(("NOOP", "530"), ("USER anonymous", "331"), ("PASS x@example.org", "230"),
                    ("PWD", "257")),
    files={"/srv/vsftpd.conf": """
background=NO
listen=YES
listen_address=127.0.0.1
listen_port=4433
anonymous_enable=YES
local_enable=NO
nopriv_user=nobody-ftp
ssl_enable=YES
allow_anon_ssl=YES
ssl_tlsv1=YES
ssl_ciphers=ALL:@SECLEVEL=0
rsa_cert_file=/srv/tls/cert.pem
rsa_private_key_file=/srv/tls/key.pem
"""})
