# SPDX-License-Identifier: MIT
"""A client of every version, and the plain words that some protocols have before TLS."""
import dataclasses
import re
import socket
import ssl
import struct
import subprocess
import warnings

GUARD = 90  # against hanging, not an assertion
RESUMES = "resumes"
VERSIONS = {"TLSv1": ssl.TLSVersion.TLSv1, "TLSv1.1": ssl.TLSVersion.TLSv1_1,
            "TLSv1.2": ssl.TLSVersion.TLSv1_2, "TLSv1.3": ssl.TLSVersion.TLSv1_3}
# The worst first: nobody proves who he is; no forward secrecy; no AEAD.
CIPHERS = ["AECDH-AES128-SHA", "ADH-AES128-SHA", "AES128-SHA", "AES256-SHA", "AES128-SHA256",
           "AES256-SHA256", "AES128-GCM-SHA256", "AES256-GCM-SHA384", "DHE-RSA-AES128-SHA",
           "DHE-RSA-AES256-SHA", "ECDHE-RSA-AES128-SHA", "ECDHE-RSA-AES256-SHA",
           "ECDHE-RSA-AES128-SHA256", "ECDHE-RSA-AES256-SHA384", "DHE-RSA-AES128-GCM-SHA256",
           "DHE-RSA-AES256-GCM-SHA384", "DHE-RSA-CHACHA20-POLY1305", "ECDHE-RSA-AES128-GCM-SHA256",
           "ECDHE-RSA-CHACHA20-POLY1305", "ECDHE-RSA-AES256-GCM-SHA384"]


def line(s):
    """One line of a plain protocol, read byte by byte: what follows is TLS."""
    text = b""
    while not text.endswith(b"\n"):
        byte = s.recv(1)
        if not byte:
            raise EOFError(f"closed after {text!r}")
        text += byte
    return text.decode("utf-8", "replace").rstrip("\r\n")


def reply(s):
    """The last line of a reply of SMTP or FTP."""
    while True:
        text = line(s)
        if text[3:4] != "-":
            return text


def expect(text, start):
    if not text.startswith(start):
        raise ValueError(f"expected {start!r}, got {text!r}")
    return text


def exactly(s, count):
    data = b""
    while len(data) < count:
        more = s.recv(count - len(data))
        if not more:
            raise EOFError(f"closed after {data!r}")
        data += more
    return data


def smtp(s):
    expect(reply(s), "220")
    s.sendall(b"EHLO client.test\r\n")
    expect(reply(s), "250")
    s.sendall(b"STARTTLS\r\n")
    expect(reply(s), "220")


def imap(s):
    expect(line(s), "* OK")
    s.sendall(b"a STARTTLS\r\n")
    while not (text := line(s)).startswith("a "):
        pass
    expect(text, "a OK")


def ftp(s):
    expect(reply(s), "220")
    s.sendall(b"AUTH TLS\r\n")
    expect(reply(s), "234")


def postgres(s):
    s.sendall(struct.pack(">II", 8, 80877103))
    expect(s.recv(1).decode(), "S")


def mysql(s):
    """Its greeting, then a login cut short that asks for TLS (protocol 4.1, secure)."""
    head = exactly(s, 4)
    exactly(s, head[0] | head[1] << 8 | head[2] << 16)
    body = struct.pack("<IIB23x", 0x0200 | 0x0800 | 0x8000, 1 << 24, 33)
    s.sendall(struct.pack("<I", len(body) | 1 << 24) + body)


def pop3(s):
    expect(line(s), "+OK")
    s.sendall(b"STLS\r\n")
    expect(line(s), "+OK")


def until(s, end):
    text = b""
    while not text.endswith(end):
        text += exactly(s, 1)
    return text


STREAM = (b"<?xml version='1.0'?><stream:stream xmlns='jabber:client' to='localhost' version='1.0' "
          b"xmlns:stream='http://etherx.jabber.org/streams'>")


def xmpp(s):
    s.sendall(STREAM)
    until(s, b"</stream:features>")
    s.sendall(b"<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")
    expect(until(s, b">").decode(), "<proceed")


def message(s):
    """One of LDAP's: a sequence, and its length in few bytes."""
    head = exactly(s, 2)
    size = head[1] if head[1] < 0x80 else int.from_bytes(exactly(s, head[1] & 0x7f), "big")
    return exactly(s, size)


def ldap(s):
    """An extended request, and a response whose code is success (RFC 4511)."""
    name = b"1.3.6.1.4.1.1466.20037"
    s.sendall(b"\x30\x1d\x02\x01\x01\x77\x18\x80" + bytes([len(name)]) + name)
    expect(message(s)[3:].hex(), b"\x78\x07\x0a\x01\x00".hex())


STARTTLS = {"": lambda s: None, "smtp": smtp, "imap": imap, "pop3": pop3, "ftp": ftp, "xmpp": xmpp,
            "ldap": ldap, "postgres": postgres, "mysql": mysql}


@dataclasses.dataclass
class Handshake:
    version: str
    cipher: str
    certificate: bytes  # the server's
    asked: bool  # for the client's certificate
    resumed: bool


class Client:
    """Connects to a server; its certificate is at hand if it is asked for one."""

    def __init__(self, server, sandbox):
        self.server = server
        self.folder = sandbox.path("/srv/tls")
        self.asked = False

    def context(self, lowest, highest, ciphers=(), group=None):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        context.set_ciphers(":".join([*(ciphers or ["ALL"]), "@SECLEVEL=0"]))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # old versions are the point
            context.minimum_version, context.maximum_version = VERSIONS[lowest], VERSIONS[highest]
        if group:
            context.set_ecdh_curve(group)  # the only one that it has then
        context.load_cert_chain(self.folder / "client.pem", self.folder / "clientkey.pem")
        context._msg_callback = self.watch
        return context

    def watch(self, _connection, _direction, _version, _content, message, _data):
        """What ssl has for those who debug a handshake: its messages."""
        self.asked |= getattr(message, "name", "") == "CERTIFICATE_REQUEST"

    def connect(self, context, session=None):
        """A connection after its handshake, and what came of it."""
        self.asked = False
        plain = socket.create_connection(("127.0.0.1", self.server.port), GUARD)
        try:
            STARTTLS[self.server.starttls](plain)
            # Its bytes are read one at a time, so TLS begins where it begins.
            s = context.wrap_socket(plain, server_hostname="localhost", session=session)
        except BaseException:
            plain.close()
            raise
        return s, Handshake(s.version(), s.cipher()[0], s.getpeercert(True), self.asked,
                            s.session_reused)

    def by_openssl(self, suites):
        """The version and suite with a client of these suites of TLS 1.3, which ssl cannot choose."""
        words = ["openssl", "s_client", "-connect", f"127.0.0.1:{self.server.port}",
                 "-servername", "localhost", "-tls1_3", "-ciphersuites", suites,
                 "-cert", self.folder / "client.pem", "-key", self.folder / "clientkey.pem"]
        if self.server.starttls:
            words += ["-starttls", self.server.starttls]
        if self.server.starttls == "xmpp":
            words += ["-xmpphost", "localhost"]
        done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
                              stderr=subprocess.DEVNULL, errors="replace", timeout=GUARD, check=False)
        return re.search(r"^New, (TLSv[\d.]+), Cipher is (\S+)", done.stdout, re.M)

    def handshake(self, lowest, highest, ciphers=(), group=None, suites=None):
        """A Handshake, or None if the server will not."""
        if suites:
            found = self.by_openssl(suites)
            return found and Handshake(found[1], found[2], b"", False, False)
        try:
            s, handshake = self.connect(self.context(lowest, highest, ciphers, group))
        except (OSError, EOFError):  # ssl.SSLError is an OSError
            return None
        s.close()
        return handshake

    def talk(self, words=None):
        """The protocol itself, over the newest version; or other words."""
        s, _ = self.connect(self.context("TLSv1", "TLSv1.3"))
        with s:
            (words or self.server.talk)(s)

    def resumes(self, version):
        """What the server does with a second connection that would resume the first."""
        context = self.context(version, version)
        s, _ = self.connect(context)
        with s:
            if version == "TLSv1.3":  # its tickets come with the first words
                self.server.talk(s)
            session = s.session
        if session is None or not (session.id or session.has_ticket):
            return "gives no session"
        try:
            s, handshake = self.connect(context, session)
        except OSError:  # as socat, which asks for certificates without a session id context
            return "refuses its session"
        s.close()
        return RESUMES if handshake.resumed else "takes no session back"
