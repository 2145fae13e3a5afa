# SPDX-License-Identifier: MIT
"""A port of this machine for a server that a test starts."""
import random
import socket


def free_port():
    """The network is the host's, and another server may be at any port.

    It is taken later, so it is none that the kernel gives whoever asks for any.
    """
    with open("/proc/sys/net/ipv4/ip_local_port_range", encoding="ascii") as file:
        first = int(file.read().split()[0])
    while True:
        with socket.socket() as one:
            try:
                one.bind(("127.0.0.1", random.randrange(min(first // 2, 10000), first)))
            except OSError:
                continue
            return one.getsockname()[1]
