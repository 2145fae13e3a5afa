# SPDX-License-Identifier: MIT
"""Random sequences."""
import play


def sequence(seed):
    return play.Sequence(("new A TLS_server_method", "cert A rsa", "ssl a A", "serve a accept *"),
                         name=f"seed-{seed}")
