# SPDX-License-Identifier: MIT
"""What is said once the connection is made: each checks that the answer is right."""
import struct
import time

import client


def http(path="/", has="200"):
    """A page."""
    def talk(s):
        s.sendall(f"GET {path} HTTP/1.0\r\nHost: localhost\r\n\r\n".encode())
        text = client.line(s)
        while chunk := s.recv(4096):
            text += chunk.decode("utf-8", "replace")
        if has not in text:
            raise ValueError(f"no {has!r} in {text!r}")
    return talk


def lines(*pairs):
    """Lines sent, and how the answer to each starts."""
    def talk(s):
        for sent, answer in pairs:
            if sent:
                s.sendall(sent.encode() + b"\r\n")
            client.expect(client.line(s), answer)
    return talk


echo = lines(("hello", "hello"))


def xmpp(s):
    """A stream anew, in which a client may now say who it is."""
    s.sendall(client.STREAM)
    said = client.until(s, b"</stream:features>")
    if b"<mechanism>" not in said:
        raise ValueError(f"no way to authenticate in {said!r}")


def ldap(s):
    """A bind of nobody's, and its success (RFC 4511)."""
    s.sendall(bytes.fromhex("300c 020102 6007 020103 0400 8000"))
    client.expect(client.message(s)[3:].hex(), "61070a0100")


# That a DNS server has of localhost.
ZONE = """
$TTL 60
@ IN SOA localhost. root.localhost. 1 60 60 60 60
@ IN NS localhost.
@ IN A 127.0.0.1
"""


def address(s):
    """To a question for the address of localhost (RFC 1035), its length first (RFC 7858)."""
    question = (struct.pack(">6H", 21013, 0, 1, 0, 0, 0) + b"\x09localhost\0"
                + struct.pack(">2H", 1, 1))
    s.sendall(struct.pack(">H", len(question)) + question)
    size, = struct.unpack(">H", client.exactly(s, 2))
    return client.exactly(s, size)


def dns(s):
    """Again while its zone is not loaded: it listens before that, and while it reloads."""
    end = time.monotonic() + client.GUARD
    while (said := address(s))[3] & 0xf != 0 and time.monotonic() < end:
        pass
    if b"\x7f\0\0\x01" not in said:
        raise ValueError(f"no 127.0.0.1 in {said!r}")
