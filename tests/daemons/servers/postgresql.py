# SPDX-License-Identifier: MIT
import struct

import client
from server import Server


def query(s):
    """A startup message, trusted, and the wait for ReadyForQuery; then SELECT (protocol 3.0)."""
    words = b"user\0postgres\0database\0postgres\0\0"
    s.sendall(struct.pack(">II", 8 + len(words), 0x30000) + words)
    answer(s)
    text = b"SELECT 6 * 7\0"
    s.sendall(b"Q" + struct.pack(">I", 4 + len(text)) + text)
    if b"42" not in answer(s):
        raise ValueError("no 42")


def answer(s):
    """All messages up to ReadyForQuery."""
    text = b""
    while True:
        kind, size = struct.unpack(">cI", client.exactly(s, 5))
        body = client.exactly(s, size - 4)
        if kind == b"E":
            raise ValueError(repr(body))
        if kind == b"Z":
            return text
        text += body


BIN = "/usr/lib/postgresql/15/bin"

SERVER = Server(
    title="PostgreSQL",
    packages="postgresql-15",
    lax="ssl_min_protocol_version TLSv1, ssl_prefer_server_ciphers off",
    command=f"/usr/sbin/chroot --userspec=postgres / {BIN}/postgres -D /srv/data",
    users=("postgres",),
    starttls="postgres",
    ready=f"{BIN}/pg_isready -q -h 127.0.0.1 -p 4433",
    reload="kill -HUP $PID",
    prepare=f"""
mkdir /srv/data; chown postgres /srv/data /srv/tls/key.pem
chroot --userspec=postgres / {BIN}/initdb -A trust -N -D /srv/data
cat >> /srv/data/postgresql.conf <<END
listen_addresses = '127.0.0.1'
port = 4433
unix_socket_directories = ''
fsync = off
ssl = on
ssl_cert_file = '/srv/tls/cert.pem'
ssl_key_file = '/srv/tls/key.pem'
ssl_ca_file = '/srv/tls/client.pem'
ssl_min_protocol_version = 'TLSv1'
ssl_ciphers = 'ALL:@SECLEVEL=0'
ssl_prefer_server_ciphers = off
END
""",
    talk=query)
