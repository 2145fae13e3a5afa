# SPDX-License-Identifier: MIT
"""talker.py PORT CERTIFICATE KEY [NAME=VALUE...]: a server for test_compare.

protocol: the plain words before TLS.  method: of ssl.  ciphers.  fork: to the background, with
children.  forbid: options of ssl, commas between.  stubborn: SIGTERM does nothing.  pid: a file.  alone: ends if that file is there.
"""
import os
import signal
import socket
import ssl
import struct
import sys
import warnings

port, certificate, key = int(sys.argv[1]), *sys.argv[2:4]
given = dict(word.split("=", 1) for word in sys.argv[4:])
warnings.simplefilter("ignore")


def line(c, until=b"\n"):
    text = b""
    while not text.endswith(until):
        byte = c.recv(1)
        if not byte:
            raise EOFError
        text += byte
    return text


def expect(got, wanted):
    if got != wanted:
        raise ValueError(got)


def smtp(c):
    c.sendall(b"220-talker\r\n220 ESMTP\r\n")
    expect(line(c), b"EHLO localhost\r\n")
    c.sendall(b"250-localhost\r\n250 STARTTLS\r\n")
    expect(line(c), b"STARTTLS\r\n")
    c.sendall(b"220 go\r\n")


def imap(c):
    c.sendall(b"* OK [CAPABILITY STARTTLS]\r\n")
    expect(line(c), b"a STARTTLS\r\n")
    c.sendall(b"* a line between\r\na OK go\r\n")


def pop3(c):
    c.sendall(b"+OK talker\r\n")
    expect(line(c), b"STLS\r\n")
    c.sendall(b"+OK go\r\n")


def ftp(c):
    c.sendall(b"220 talker\r\n")
    expect(line(c), b"AUTH TLS\r\n")
    c.sendall(b"234 go\r\n")


def ldap(c):
    head = c.recv(2, socket.MSG_WAITALL)
    expect(c.recv(head[1], socket.MSG_WAITALL),
           b"\x02\x01\x01\x77\x18\x80\x161.3.6.1.4.1.1466.20037")
    c.sendall(bytes.fromhex("300c 0201 01 7807 0a0100 0400 0400"))


def postgres(c):
    expect(c.recv(8, socket.MSG_WAITALL), struct.pack(">II", 8, 80877103))
    c.sendall(b"S")


def mysql(c):
    body = b"\x0a8.0.0\0" + bytes(40)
    c.sendall(struct.pack("<I", len(body)) + body)
    head, = struct.unpack("<I", c.recv(4, socket.MSG_WAITALL))
    expect(head, 32 | 1 << 24)
    flags, room, charset = struct.unpack("<IIB23x", c.recv(32, socket.MSG_WAITALL))
    expect((flags & 0x800, room, charset), (0x800, 1 << 24, 33))


def xmpp(c):
    if b"to='localhost'" not in line(c, b"version='1.0' to='localhost'>"):
        raise ValueError
    c.sendall(b"<stream:stream from='localhost'><stream:features>")
    c.sendall(b"<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:features>")
    expect(line(c, b">"), b"<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
    c.sendall(b"<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")


def refuse(c):
    c.sendall(b"500 \x1b]0;no\x07 TLS here\r\n")
    raise ValueError


def silence(c):
    c.recv(1000)
    line(c)


def choosy(c):
    """Leaves who has TLS 1.2 at most (no supported_versions) without an answer, as coturn can."""
    hello = c.recv(4000, socket.MSG_PEEK)
    if hello[9:11] == b"\x03\x03" and b"\x00\x2b\x00" not in hello:
        silence(c)


def replay(c):
    """Another server's words, the same each time: its key is used again."""
    if c.recv(1000):
        with open(given["words"], "rb") as words:
            c.sendall(words.read())
    raise ValueError


def plain(c):
    c.recv(1000)
    c.sendall(b"HTTP/1.0 400 Bad Request\r\n\r\n")
    raise ValueError


context = ssl.SSLContext(getattr(ssl, given.get("method", "PROTOCOL_TLS_SERVER")))
context.set_ciphers(given.get("ciphers", "ALL") + ":@SECLEVEL=0")
context.load_cert_chain(certificate, key)
if "method" not in given:
    context.minimum_version = ssl.TLSVersion.TLSv1
context.options &= ~ssl.OP_CIPHER_SERVER_PREFERENCE
if "forbid" in given:
    for option in given["forbid"].split(","):
        context.options |= getattr(ssl, option)
if "alone" in given and os.path.exists(given["alone"]):
    sys.exit("\x1b[31mit runs already\x1b[0m")
if "stubborn" in given:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
if "fork" in given and os.fork():
    os._exit(0)
listener = socket.create_server(("127.0.0.1", port))
if "fork" in given:
    os.setsid()
    if os.fork():
        os._exit(0)
    for _ in range(2):
        if os.fork() == 0:
            break
if "pid" in given:
    with open(given["pid"], "a", encoding="ascii") as file:
        file.write(f"{os.getpid()}\n")
print("listening", flush=True)
while True:
    peer, _ = listener.accept()
    with peer:
        try:
            if "protocol" in given:
                globals()[given["protocol"]](peer)
            context.wrap_socket(peer, server_side=True).close()
        except (OSError, EOFError, ValueError, IndexError, struct.error):
            pass  # who only looks whether it listens says nothing
