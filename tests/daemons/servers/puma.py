# SPDX-License-Identifier: MIT
import talk
from server import Server

SERVER = Server(
    title="puma",
    packages="puma ruby",
    nameless=True,
    lax="ssl_cipher_filter with every cipher",
    command="puma -C /srv/puma.rb /srv/config.ru",
    again=(("kill -USR2 $(cat /run/puma.pid)", "true"),),
    cleared=(("ssl_bind", "ssl_bind"),
             ("ssl_bind", "%w[LD_PRELOAD SSLHARDEN_MIN_PROTOCOL].each { |name| ENV.delete(name) }\n"
                          "ssl_bind")),
    talk=talk.http(has="a page"),
    # It reads a client's certificate by what it does not load itself.
    files={"/srv/config.ru": """
require 'openssl'
run ->(_env) { [200, { 'Content-Type' => 'text/plain' }, ["a page\\n"]] }
""",
           "/srv/puma.rb": """
pidfile '/run/puma.pid'
threads 0, 16
ssl_bind '127.0.0.1', '4433', cert: '/srv/tls/cert.pem', key: '/srv/tls/key.pem',
                              ca: '/srv/tls/client.pem', verify_mode: 'peer',
                              ssl_cipher_filter: 'ALL:@SECLEVEL=0'
"""})
