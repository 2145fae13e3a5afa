# SPDX-License-Identifier: MIT
import talk
from server import Server

SERVER = Server(
    title="php stream_socket_server",
    packages="php8.2-cli",
    lax="crypto_method with every version, honor_cipher_order off",
    command="php8.2 /srv/server.php",
    talk=talk.echo,
    files={"/srv/server.php": """<?php
$context = stream_context_create(['ssl' => [
    'local_cert' => '/srv/tls/cert.pem', 'local_pk' => '/srv/tls/key.pem',
    'ciphers' => 'ALL:@SECLEVEL=0', 'honor_cipher_order' => false, 'cafile' => '/srv/tls/client.pem',
    'verify_peer' => true, 'verify_peer_name' => false,
    'crypto_method' => STREAM_CRYPTO_METHOD_TLSv1_0_SERVER | STREAM_CRYPTO_METHOD_TLSv1_1_SERVER
        | STREAM_CRYPTO_METHOD_TLSv1_2_SERVER | STREAM_CRYPTO_METHOD_TLSv1_3_SERVER]]);
$server = stream_socket_server('tls://127.0.0.1:4433', $n, $text,
    STREAM_SERVER_BIND | STREAM_SERVER_LISTEN, $context) or die($text);
for (;;) {
    $client = @stream_socket_accept($server, 60);
    while ($client && ($line = fgets($client)) !== false)
        fwrite($client, $line);
    if ($client)
        fclose($client);
}
"""})
