# SPDX-License-Identifier: MIT
import talk
from server import Server

SERVER = Server(
    title="nodejs",
    packages="nodejs",
    nameless=True,
    lax="minVersion TLSv1, every cipher, honorCipherOrder false",
    command="node /srv/server.js",
    talk=talk.echo,
    files={"/srv/server.js": """
const fs = require('fs'), tls = require('tls');
tls.createServer({
  cert: fs.readFileSync('/srv/tls/cert.pem'), key: fs.readFileSync('/srv/tls/key.pem'),
  ca: fs.readFileSync('/srv/tls/client.pem'), requestCert: true, rejectUnauthorized: false,
  minVersion: 'TLSv1', ciphers: 'ALL:@SECLEVEL=0', honorCipherOrder: false,
}, socket => { socket.on('error', () => {}); socket.pipe(socket); }).listen(4433, '127.0.0.1');
"""})
