# SPDX-License-Identifier: MIT
"""measure.py NAME LAYERS PLACE [LIBRARY]: what one server does, as JSON; in a sandbox.

Started by matrix.py, once bare and once with the library.
"""
import re
import sys

import client
import layers
import sandbox


def versions(probe):
    """Those that it speaks, each asked for alone."""
    return [v for v in client.VERSIONS if (got := probe.handshake(v, v)) and got.version == v]


def order(probe, spoken):
    """Who chooses the cipher, and which one, up to TLS 1.2 where there is a choice."""
    old = [v for v in spoken if v != "TLSv1.3"]
    if not old:
        return {"cipher": None, "order": None}
    worst, best = (probe.handshake(old[0], old[-1], ciphers)
                   for ciphers in (client.CIPHERS, client.CIPHERS[::-1]))
    if worst is None:  # who must have a client's certificate cannot take an anonymous cipher
        worst = probe.handshake(old[0], old[-1], client.CIPHERS[2:] + ["!aNULL"])
    return {"cipher": worst.cipher, "order": "server" if worst.cipher == best.cipher else "client"}


def contexts(log):
    """The methods of the server's contexts, as the library tells them."""
    return sorted(set(re.findall(r": context \w+: (\w+), ", log)))


def reload(box, probe):
    """Whether a reload takes a new certificate and everything goes on as before."""
    before = probe.handshake("TLSv1", "TLSv1.3").certificate
    box.renew()
    if callable(box.server.reload):
        probe.talk(box.server.reload)
    else:
        box.reload()

    def renewed():
        now = probe.handshake("TLSv1", "TLSv1.3")
        return now is not None and now.certificate != before
    box.wait(renewed)


def measure(server, box):
    box.start()
    probe = (server.client or client.Client)(server, box)
    newest = probe.handshake("TLSv1", "TLSv1.3")
    if newest is None:
        raise sandbox.Failed(f"no handshake at all\n{box.output()}")
    spoken = versions(probe)
    result = {"versions": spoken, "newest": newest.version, "asks": newest.asked,
              **order(probe, spoken)}
    probe.talk()
    result["resumes"] = {v: probe.resumes(v) for v in ("TLSv1.2", "TLSv1.3") if v in spoken}
    mapped = box.mapped()
    result["libraries"] = sorted({name for names in mapped for name in names
                                  if re.match(r"lib(ssl|gnutls|nss3|mbedtls|wolfssl|sslharden)\b",
                                              name)})
    if server.reload:
        reload(box, probe)
        probe.talk()
        again = versions(probe)
        result["reload"] = [again, order(probe, again)]
    result["contexts"] = contexts(box.log())
    return result


def main(name, folders, place, library=None):
    server = layers.describe(name)
    box = sandbox.Sandbox(server, folders.split(":"), place, library)
    box.tells(lambda: measure(server, box))


if __name__ == "__main__":
    main(*sys.argv[1:])
