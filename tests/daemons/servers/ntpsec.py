# SPDX-License-Identifier: MIT
import struct

import client
from server import Server


def exchange(s):
    """NTPv4 and AES-SIV are agreed on, and a cookie comes (RFC 8915)."""
    s.sendall(struct.pack(">HHH", 0x8001, 2, 0) + struct.pack(">HHH", 4, 2, 15) +
              struct.pack(">HH", 0x8000, 0))
    kinds = set()
    while 0 not in kinds:
        kind, size = struct.unpack(">HH", client.exactly(s, 4))
        client.exactly(s, size)
        kinds.add(kind & 0x7fff)
    if not kinds >= {1, 4, 5}:  # 5: a cookie
        raise ValueError(f"no cookie: {kinds}")


SERVER = Server(
    title="NTPsec (NTS key exchange)",
    packages="ntpsec libcap2-bin",
    port=4460,  # which it cannot be told
    lax="nothing (it speaks TLS 1.3 alone)",
    # The clock is the machine's: it may not set it.
    command="capsh --drop=cap_sys_time -- -c 'exec ntpd -n -c /srv/ntp.conf'",
    talk=exchange,
    files={"/srv/ntp.conf": """
disable ntp kernel
nts enable
nts cert /srv/tls/cert.pem
nts key /srv/tls/key.pem
nts cookie /srv/cookies
"""})
