# SPDX-License-Identifier: MIT
import talk
from server import Server

SERVER = Server(
    title="perl IO::Socket::SSL",
    packages="libio-socket-ssl-perl perl",
    lax="SSL_version SSLv23, SSL_honor_cipher_order 0",
    command="perl /srv/server.pl",
    talk=talk.echo,
    files={"/srv/server.pl": """
use IO::Socket::SSL;
$SIG{PIPE} = 'IGNORE';
my $server = IO::Socket::SSL->new(
    LocalAddr => '127.0.0.1', LocalPort => 4433, Listen => 10, ReuseAddr => 1,
    SSL_cert_file => '/srv/tls/cert.pem', SSL_key_file => '/srv/tls/key.pem',
    SSL_verify_mode => SSL_VERIFY_PEER, SSL_ca_file => '/srv/tls/client.pem',
    SSL_version => 'SSLv23', SSL_cipher_list => 'ALL:@SECLEVEL=0', SSL_honor_cipher_order => 0,
) or die $SSL_ERROR;
for (;;) {
    my $client = $server->accept or next;
    while (my $line = <$client>) { print $client $line }
    close $client;
}
"""})
