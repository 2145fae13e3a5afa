# SPDX-License-Identifier: MIT
import struct

import client
from server import Server


def ping(s):
    """Is it alive: a question and its answer, each with its length first."""
    question = b"agent.ping"
    s.sendall(b"ZBXD\1" + struct.pack("<Q", len(question)) + question)
    client.expect(client.exactly(s, 5).decode("latin-1"), "ZBXD\1")
    size, = struct.unpack("<I4x", client.exactly(s, 8))
    client.expect(client.exactly(s, size).decode(), "1")


SERVER = Server(
    title="Zabbix agent 2",
    packages="zabbix-agent2",
    nameless=True,
    lax="nothing: its list and versions are its own (it speaks TLS 1.2 at least)",
    command="zabbix_agent2 -c /srv/agent.conf",
    prepare="mkdir -p /run/zabbix",
    talk=ping,
    files={"/srv/agent.conf": """
LogType=console
PidFile=/run/zabbix/agent.pid
ControlSocket=/run/zabbix/agent.sock
PluginSocket=/run/zabbix/plugin.sock
Server=127.0.0.1
Hostname=localhost
ListenIP=127.0.0.1
ListenPort=4433
TLSConnect=cert
TLSAccept=cert
TLSCAFile=/srv/tls/client.pem
TLSCertFile=/srv/tls/cert.pem
TLSKeyFile=/srv/tls/key.pem
"""})
