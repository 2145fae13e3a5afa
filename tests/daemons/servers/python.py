# SPDX-License-Identifier: MIT
import talk
from server import Server

SERVER = Server(
    title="python3 http.server",
    packages="python3",
    lax="minimum_version TLSv1, OP_CIPHER_SERVER_PREFERENCE taken away",
    command="python3 -B /srv/serve.py",
    talk=talk.http("/page", has="a page"),
    files={"/srv/www/page": "a page\n",
           "/srv/serve.py": """
import http.server
import os
import ssl

os.chdir("/srv/www")
server = http.server.ThreadingHTTPServer(("127.0.0.1", 4433),
                                         http.server.SimpleHTTPRequestHandler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain("/srv/tls/cert.pem", "/srv/tls/key.pem")
context.load_verify_locations("/srv/tls/client.pem")
context.verify_mode = ssl.CERT_OPTIONAL
context.set_ciphers("ALL:@SECLEVEL=0")
context.minimum_version = ssl.TLSVersion.TLSv1
context.options &= ~ssl.OP_CIPHER_SERVER_PREFERENCE
server.socket = context.wrap_socket(server.socket, server_side=True)
server.serve_forever()
"""})
