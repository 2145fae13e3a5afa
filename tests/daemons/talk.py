# SPDX-License-Identifier: MIT
"""What is said once the connection is made: each checks that the answer is right."""
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
