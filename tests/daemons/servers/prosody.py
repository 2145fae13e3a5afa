# SPDX-License-Identifier: MIT
import talk
from server import Server

SERVER = Server(
    title="Prosody (XMPP, STARTTLS)",
    packages="prosody",
    lax="ssl protocol tlsv1+, every cipher, no options",
    command="prosody -F --config /srv/prosody.cfg.lua",
    prepare="mkdir -p /run/prosody /var/lib/prosody",
    starttls="xmpp",
    ready="test -s /run/prosody/prosody.pid",  # it listens before it has STARTTLS
    reload="kill -HUP $PID",
    talk=talk.xmpp,
    files={"/srv/prosody.cfg.lua": """
run_as_root = true
pidfile = "/run/prosody/prosody.pid"
data_path = "/var/lib/prosody"
log = "*console"
modules_enabled = { "posix", "tls", "saslauth" }
modules_disabled = { "s2s" }
allow_unencrypted_plain_auth = true
interfaces = { "127.0.0.1" }
c2s_ports = { 4433 }
c2s_direct_tls_ports = { }
c2s_require_encryption = true
ssl = {
  certificate = "/srv/tls/cert.pem", key = "/srv/tls/key.pem", cafile = "/srv/tls/client.pem",
  protocol = "tlsv1+", ciphers = "ALL:@SECLEVEL=0",
  options = { cipher_server_preference = false },
}
VirtualHost "localhost"
"""})
