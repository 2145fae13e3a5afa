# SPDX-License-Identifier: MIT
"""table.py RESULTS FILE [--check] SCANNED...: writes docs/COMPATIBILITY.md from a run's results.

SCANNED: the servers that scanners were run on.
--check: nothing is written; exit 1 if the file differs from the run in more than versions.
"""
import difflib
import json
import pathlib
import re
import sys

import layers
import options

HEAD = """\
# Real servers, before and after

Written by tests/daemons from its own run; never by hand (`cmake --build --preset release
--target compatibility` after `ctest --preset release -L daemons`).

Debian's packages (12's where nothing else is said), unmodified, each as lax as its own settings
let it be, on an OpenSSL configured for `ALL:@SECLEVEL=0`. Each is asked bare and preloaded:
each version alone; the cipher, up to TLS 1.2, of a client that wants the worst (and of one that
wants the best: if both get the same one, the server chooses); its own protocol; a resumption,
in TLS 1.2 and 1.3 (who refuses its own session asks for certificates but has no session id
context); a client's certificate where it asks for one; a reload that takes a new certificate
where it has one. The options are those that an onlooker (tests/harness/tell.c), loaded beside
the library or alone, finds in force on each of its connections, of those that decide what is
negotiated; in bold, what the library added. A server that got weaker, that lacks an option of
the policy, or that no longer does one of these, fails the suite. Debian's libssl has no SSLv3,
so that it is refused shows in the suites of other libssl, not here.

| server | version | lax how | its contexts | before | after | options in force | notes |
|---|---|---|---|---|---|---|---|
"""
SCANS = """
## What scanners say

Debian's sslscan, nmap (`ssl-enum-ciphers`) and testssl.sh, run on some of these servers: bare,
preloaded with nothing set, and preloaded with `SSLHARDEN_MIN_PROTOCOL=TLSv1.2
SSLHARDEN_CIPHERS=restricted`. "First" is the suite of TLS 1.3 that sslscan got; nmap's grade is that
of the weakest cipher, A to F. None was offered SSLv2 or SSLv3. Nothing that these clients could
negotiate before is lost until the operator says so, so the weak ciphers that a server was
configured with still count against it in the second column. A verdict that does not get better
fails the suite.

| server | scanner | bare | preloaded | and stricter |
|---|---|---|---|---|
"""
VERSIONS = ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"]
OTHERS = {"libgnutls": "GnuTLS", "libnss3": "NSS", "libmbedtls": "mbedTLS"}


def span(versions):
    """As `TLS 1.0 to 1.3`."""
    if versions == VERSIONS[VERSIONS.index(versions[0]):][:len(versions)]:
        ends = {versions[0]: 0, versions[-1]: 0}
        return "TLS " + " to ".join(v[4:].lstrip("v") or "1.0" if v != "TLSv1" else "1.0"
                                    for v in ends)
    return ", ".join(versions)


def cell(told):
    if told["cipher"] is None:
        return span(told["versions"])
    return f"{span(told['versions'])}; {told['cipher']}, {told['order']}'s choice"


def in_force(before, after):
    """The options, what the library added in bold."""
    added = " ".join(options.names(after & ~before))
    return " ".join([*options.names(before), *([f"**{added}**"] if added else [])])


def same(before, after):
    return all(before[k] == after[k] for k in ("versions", "cipher", "order"))


def why(before, after):
    """Why the library changed nothing, from what was found in the processes."""
    libraries = " ".join(after["libraries"])
    if "libsslharden" not in libraries:
        return "the library is not in its processes"
    if "libssl.so" not in libraries:
        others = [name for stem, name in OTHERS.items() if stem in libraries]
        return f"does not use OpenSSL ({others[0]})" if others else \
            "does not use OpenSSL's libssl (a TLS of its own, or static)"
    if not after["contexts"]:
        return "no context of its is seen"
    return "prefers its own order already" if before["order"] == "server" else "no old version"


def notes(before, after, lacks):
    found = [why(before, after)] if same(before, after) else []
    if after["asks"]:
        found.append("client certificate")
    for outcome in dict.fromkeys(after["resumes"].values()):
        of = ", ".join(v[4:] for v, what in after["resumes"].items() if what == outcome)
        found.append(f"{outcome} ({of})")
    if "reload" in after:
        found.append("reloads")
    return "; ".join([*found, *([lacks] if lacks else [])])


def row(result):
    before, after = result["before"], result["after"]
    version = re.sub(r"^\d+:", "", result["version"])
    contexts = ", ".join(f"`{c}`" for c in after["contexts"]) or "none"
    return (f"| {result['title']} | {version} | {result['lax']} | {contexts} "
            f"| {cell(before)} | {cell(after)} | {in_force(before['options'], after['options'])} "
            f"| {notes(before, after, result['lacks'])} |\n")


def said_by_sslscan(told):
    return f"{span([v.replace('v1.0', 'v1') for v in told['versions']])}; {told['first']} first"


def said_by_nmap(told):
    """One word for all versions; `indeterminate` is that of one with a single cipher."""
    who = sorted(set(told["preference"].values()) - {"indeterminate"})
    return f"cipher preference: {', '.join(who)}; least strength: {told['least']}"


def said_by_testssl(told):
    offered = span([v.replace("TLS", "TLSv").replace("_", ".") for v in told["offered"]])
    return f"{offered}; cipher order: {told['order']} ({told['severity']})"


def scan_rows(result):
    for scanner, said in (("sslscan", said_by_sslscan), ("nmap", said_by_nmap),
                          ("testssl", said_by_testssl)):
        cells = [said(result[mode][scanner]) for mode in ("bare", "preloaded", "stricter")]
        yield f"| {result['title']} | {scanner} | {' | '.join(cells)} |\n"


def patchless(text):
    """The table without its versions."""
    return [re.sub(r"^(\| [^|]+ \|) \d[^|]* \|", r"\1", line) for line in text.splitlines()]


def load(folder, names, absent):
    """The results of servers, in the order of their titles."""
    files = {p.stem: p for p in pathlib.Path(folder).glob("*.json")}
    missing = sorted(set(names) - set(files))
    if missing:
        print(f"skipped: no results of {', '.join(missing)} in {folder}")
        sys.exit(absent)
    found = [json.loads(files[name].read_text("utf-8")) for name in names]
    return sorted(found, key=lambda r: r["title"].lower())


def main(results, path, *words):
    check = "--check" in words
    scanned = [word for word in words if word != "--check"]
    absent = 77 if check else 1
    text = HEAD + "".join(map(row, load(results, layers.names(), absent)))
    text += SCANS + "".join(line for result in load(f"{results}/scans", scanned, absent)
                            for line in scan_rows(result))
    path = pathlib.Path(path)
    if not check:
        path.write_text(text, "utf-8")
        return
    old, new = patchless(path.read_text("utf-8")), patchless(text)
    print("\n".join(difflib.unified_diff(old, new, str(path), "this run", lineterm="", n=0)))
    sys.exit(old != new)


if __name__ == "__main__":
    main(*sys.argv[1:])
