# SPDX-License-Identifier: MIT
import talk
from server import Server

SERVER = Server(
    title="python3 asyncio",
    packages="python3",
    nameless=True,
    lax="minimum_version TLSv1, OP_CIPHER_SERVER_PREFERENCE taken away",
    command="python3 /srv/server.py",
    talk=talk.echo,
    files={"/srv/server.py": """
import asyncio, ssl

async def echo(reader, writer):
    while line := await reader.readline():
        writer.write(line)
    writer.close()

async def main():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain("/srv/tls/cert.pem", "/srv/tls/key.pem")
    context.load_verify_locations("/srv/tls/client.pem")
    context.verify_mode = ssl.CERT_OPTIONAL
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.options &= ~ssl.OP_CIPHER_SERVER_PREFERENCE
    server = await asyncio.start_server(echo, "127.0.0.1", 4433, ssl=context)
    await server.serve_forever()

asyncio.run(main())
"""})
