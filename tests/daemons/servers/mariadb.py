# SPDX-License-Identifier: MIT
import struct

import client
from server import Server

# Protocol 4.1, TLS, a database and a native password, which for root is none.
FLAGS = 0x0200 | 0x0800 | 0x8000 | 0x80000


def packet(s):
    head = client.exactly(s, 4)
    return client.exactly(s, head[0] | head[1] << 8 | head[2] << 16)


def send(s, number, body):
    s.sendall(struct.pack("<I", len(body) | number << 24) + body)


def query(s):
    """The rest of the login that client.mysql began; then SELECT."""
    send(s, 2, struct.pack("<IIB23x", FLAGS, 1 << 24, 33) + b"root\0\0mysql_native_password\0")
    if packet(s)[:1] != b"\0":
        raise ValueError("no login")
    send(s, 0, b"\x03SELECT 6 * 7")
    packet(s), packet(s), packet(s)  # how many columns, which, and their end
    if packet(s) != b"\x0242":
        raise ValueError("no 42")


SERVER = Server(
    title="MariaDB",
    packages="mariadb-server-core mariadb-server mariadb-client-core",
    lax="tls_version from TLSv1.0, ssl_cipher ALL",
    command="mariadbd --defaults-file=/srv/my.cnf",
    users=("mysql",),
    starttls="mysql",
    prepare="""
mkdir -p /srv/data /run/mysqld; chown mysql /srv/data /run/mysqld /srv/tls/key.pem
mariadb-install-db --defaults-file=/srv/my.cnf --user=mysql --skip-test-db \
    --auth-root-authentication-method=normal
""",
    reload="mariadb -S /run/mysqld/socket -u root -e 'FLUSH SSL'",
    talk=query,
    files={"/srv/my.cnf": """
[mysqld]
user = mysql
datadir = /srv/data
bind-address = 127.0.0.1
port = 4433
socket = /run/mysqld/socket
skip-name-resolve
innodb_flush_log_at_trx_commit = 0
innodb_buffer_pool_size = 8M
innodb_log_file_size = 4M
ssl_cert = /srv/tls/cert.pem
ssl_key = /srv/tls/key.pem
ssl_ca = /srv/tls/client.pem
ssl_cipher = ALL:@SECLEVEL=0
tls_version = TLSv1.0,TLSv1.1,TLSv1.2,TLSv1.3
"""})
