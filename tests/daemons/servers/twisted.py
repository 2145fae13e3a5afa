# SPDX-License-Identifier: MIT
import talk
from server import Server

SERVER = Server(
    title="Twisted, pinned by its method",
    packages="python3-twisted python3-openssl python3-service-identity",
    nameless=True,
    lax="CertificateOptions(method=SSL.TLSv1_METHOD), every cipher",
    command="python3 /srv/server.py",
    talk=talk.echo,
    files={"/srv/server.py": """
from OpenSSL import SSL, crypto
from twisted.internet import protocol, reactor, ssl
from twisted.protocols import basic

class Echo(basic.LineReceiver):
    def lineReceived(self, line):
        self.sendLine(line)

def read(name, kind):
    with open(f"/srv/tls/{name}.pem", "rb") as file:
        return kind(crypto.FILETYPE_PEM, file.read())

options = ssl.CertificateOptions(
    method=SSL.TLSv1_METHOD,
    acceptableCiphers=ssl.AcceptableCiphers.fromOpenSSLCipherString("ALL:@SECLEVEL=0"),
    privateKey=read("key", crypto.load_privatekey), certificate=read("cert", crypto.load_certificate))
reactor.listenSSL(4433, protocol.Factory.forProtocol(Echo), options, interface="127.0.0.1")
reactor.run()
"""})
