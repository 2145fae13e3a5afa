# SPDX-License-Identifier: MIT
"""scanners.py NAME LAYERS PLACE [LIBRARY [NAME=VALUE...]]: what scanners say of one server, as
JSON; in a sandbox.

Started by scans.py, bare, with the library, and with the library's variables.
"""
import dataclasses
import json
import os
import pathlib
import sys
import xml.etree.ElementTree as etree

import layers
import measure
import sandbox
from server import PORT

# What scripts of the packages would have done: alternatives' links.
PREPARE = "ln -s mawk /usr/bin/awk; for folder in /usr/lib/*/blas; do ln -s $folder/* $folder/..; done"
TARGET = f"localhost:{PORT}"


def sslscan(tools, starttls):
    """Versions it got, and the suite it got from those of TLS 1.3."""
    words = f"--starttls-{starttls}" if starttls else ""
    found = etree.fromstring(tools.shell(f"sslscan --xml=- --no-heartbleed {words} {TARGET}"))
    versions = [f"{p.get('type').upper()}v{p.get('version')}" for p in found.iter("protocol")
                if p.get("enabled") == "1"]
    first = [c.get("cipher") for c in found.iter("cipher")
             if (c.get("status"), c.get("sslversion")) == ("preferred", "TLSv1.3")]
    return {"versions": versions, "first": first[0]}


def nmap(tools, starttls):
    """Each version's cipher preference, and the grade of the weakest cipher.  Which plain words
    come first it learns from the service."""
    words = "-sV --version-light" if starttls else ""
    found = etree.fromstring(tools.shell(
        f"nmap -n -Pn -oX - {words} -p {PORT} --script +ssl-enum-ciphers localhost"))
    preference = {table.get("key"): table.findtext("elem[@key='cipher preference']")
                  for table in found.iterfind(".//script[@id='ssl-enum-ciphers']/table")}
    return {"preference": preference, "least": found.findtext(".//elem[@key='least strength']")}


PATIENCE = 900  # seconds: it is a shell script, whose forks a busy machine takes minutes for


def testssl(tools, starttls):
    """What it offers of each version, and its verdict on the cipher order.  Its exit status
    counts what it found."""
    words = f"-t {starttls}" if starttls else ""
    said = tools.shell(
        f"testssl --quiet --color 0 --warnings off --ip one --fast --protocols --server-preference"
        f" --jsonfile /tmp/found.json {words} {TARGET} >/tmp/said || true; cat /tmp/found.json",
        timeout=PATIENCE)
    found = {entry["id"]: entry for entry in json.loads(said)}
    order = found["cipher_order"]
    return {"order": order["finding"], "severity": order["severity"],
            "offered": [name for name in ("SSLv2", "SSLv3", "TLS1", "TLS1_1", "TLS1_2", "TLS1_3")
                        if found[name]["finding"].startswith("offered")]}


SCANNERS = {"sslscan": sslscan, "nmap": nmap, "testssl": testssl}


def scanned(server, box, place):
    aside = pathlib.Path(place) / "tools"
    aside.mkdir()
    tools = sandbox.Sandbox(
        dataclasses.replace(layers.SCANNERS, prepare=PREPARE),
        [os.path.join(os.environ["SSLHARDEN_LAYERS"], layer, "root")
         for layer in ("scanners", layers.base(layers.SCANNERS.release))], aside)
    box.start()
    told = {scanner: scan(tools, server.starttls) for scanner, scan in SCANNERS.items()}
    return told | {"hardened": bool(measure.contexts(box.log()))}


def main(name, folders, place, library=None, *variables):
    server = layers.describe(name)
    server = dataclasses.replace(
        server, environment=server.environment | dict(v.split("=", 1) for v in variables))
    box = sandbox.Sandbox(server, folders.split(":"), place, library)
    box.tells(lambda: scanned(server, box, place), LookupError, etree.ParseError)


if __name__ == "__main__":
    main(*sys.argv[1:])
