# SPDX-License-Identifier: MIT
import re

from server import Server

REFUSE = {0xfb: 0xfe, 0xfd: 0xfc}  # WILL with DONT, DO with WONT (RFC 854)


def login(s):
    """What the login program says, once every option that telnet asks for is refused."""
    text = b""
    while b"a shell" not in text:
        more = s.recv(256)
        if not more:
            raise EOFError(f"closed after {text!r}")
        text += more
        for verb, option in re.findall(rb"\xff([\xfb\xfd])(.)", more, re.S):
            s.sendall(bytes((0xff, REFUSE[verb[0]], option[0])))


SERVER = Server(
    title="telnetd-ssl",
    packages="telnetd-ssl openbsd-inetd",
    lax="-z ssl, cipher=ALL (it has no setting of versions)",
    command="inetd -d /srv/inetd.conf",
    by_file=True,  # inetd clears its environment
    talk=login,
    prepare="mkdir -p /etc/telnetd-ssl; cp /srv/tls/both.pem /etc/telnetd-ssl/telnetd.pem",
    files={"/srv/login": "#!/bin/sh\necho a shell\nread line\n", "/srv/inetd.conf":
           "127.0.0.1:4433 stream tcp nowait root /usr/sbin/in.telnetd in.telnetd -z ssl "
           "-z cert=/srv/tls/cert.pem -z key=/srv/tls/key.pem -z verify=1 -z cacert=/srv/tls/client.pem -z cipher=ALL:@SECLEVEL=0 "
           "-L /srv/login\n"})
