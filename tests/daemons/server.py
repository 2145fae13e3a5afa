# SPDX-License-Identifier: MIT
"""The description of a server."""
import dataclasses
import typing

PORT = 4433  # each server has a network of its own
TLS = "/srv/tls"  # cert.pem, key.pem, both.pem; client.pem and clientkey.pem
OLD_CIPHERS = "ALL:@SECLEVEL=0"


@dataclasses.dataclass
class Server:
    """How a server is configured, as an old and lax one, and what it is good for.

    title: its name in the table.  packages: what Debian calls it.
    command: what starts it in the foreground, or a shell line.
    talk: speaks its protocol over a connection made; raises if the answer is wrong.
    files: path and text, beside what the packages have.  users: to be made, as no script of
    a package is run.  prepare: shell lines run before it, bare.
    starttls: the name of the plain words before the handshake (client.STARTTLS).
    reload: a shell line, $PID being the server's, or what is said as talk is; it then serves
    another certificate.
    ready: a shell line that succeeds once it serves, where an open port does not say so.
    lax: which old things its configuration allows, for the table.  lacks: what it cannot do, bare
    either, that a reader would look for there.
    environment: variables, of the server's.
    client: what connects to it, where a TLS client alone does not.
    release: of Debian.
    by_file: variables do not reach it (set-gid, or its starter clears them): it gets the library by
    /etc/ld.so.preload, and settings by /etc/sslharden.conf.
    nameless: it gives libssl memory instead of its socket, and a line no address.
    sslv3: what lets it speak SSL 3.0, on a libssl that can: pairs of a text in its files and of
    what is put there for it.
    small: what has it use DH parameters of 1024 bits, such as those of TLS/dh.pem: likewise.
    port: where it listens, if it cannot be told.
    again: what has it execute its own file anew, until it can be told so once more: shell lines,
    each with one that succeeds when the next may follow.
    cleared: how much of its environment it keeps then: pairs as above, each for itself.
    """
    title: str
    packages: str
    command: str
    talk: typing.Callable
    lax: str
    files: dict = dataclasses.field(default_factory=dict)
    users: tuple = ()
    prepare: str = ""
    starttls: str = ""
    reload: str | typing.Callable = ""
    ready: str = ""
    environment: dict = dataclasses.field(default_factory=dict)
    client: typing.Callable = None
    by_file: bool = False
    release: str = "bookworm"
    lacks: str = ""
    nameless: bool = False
    sslv3: tuple = ()
    small: tuple = ()
    port: int = PORT
    again: tuple = ()
    cleared: tuple = ()
