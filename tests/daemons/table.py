# SPDX-License-Identifier: MIT
"""Writes docs/COMPATIBILITY.md from a run's results.

Each section is named with what stands in it; the rows of one that is not, as it was not run, stay
what they are.
--check: nothing is written; exit 1 if the file differs from the run in more than versions.
"""
import argparse
import dataclasses
import difflib
import json
import pathlib
import re
import sys
import typing

import options

# Those of SSLHARDEN_FORBID.
WORDS = ["aNULL", "eNULL", "EXPORT", "RC4", "DES", "3DES", "MD5", "CBC", "kRSA"]
HEAD = """\
# Real servers, before and after

Written by tests/daemons from its own run; never by hand (`cmake --build --preset release
--target compatibility` after `ctest --preset release -L daemons`, set up as by
`SSLHARDEN_TEST_SSLV3=1 scripts/test`). After the servers:
[what is off by default](#what-is-off-by-default),
[SSL 3.0](#ssl-30-on-a-libssl-that-still-speaks-it),
[weak suites](#weak-suites-and-small-parameters-of-servers-that-have-them),
[scanners](#what-scanners-say),
[other people's test suites](#other-peoples-test-suites), [OpenSSL's own](#openssls-own-tests).

Debian's packages (12's where nothing else is said), unmodified, each as lax as its own settings
let it be, on an OpenSSL configured for `ALL:@SECLEVEL=0`. Each is asked bare and preloaded:
each version alone; the cipher, up to TLS 1.2, of a client that wants the worst (and of one that
wants the best: if both get the same one, the server chooses); its own protocol; a resumption,
in TLS 1.2 and 1.3 (who refuses its own session asks for certificates but has no session id
context); a client's certificate where it asks for one; a reload that takes a new certificate
where it has one. The options are those that an onlooker (tests/harness/tell.c), loaded beside
the library or alone, finds in force on each of its connections, of those that decide what is
negotiated; in bold, what the library added. A server that got weaker, that lacks an option of
the policy, or that no longer does one of these, fails the suite. Debian's libssl has no SSLv3:
that it is refused takes another one, below.

| server | version | lax how | its contexts | before | after | options in force | notes |
|---|---|---|---|---|---|---|---|
"""
PROTECTIONS = """\
## What is off by default

Some of these servers, asked bare, preloaded, and preloaded with `SSLHARDEN_MIN_DH_BITS=2048
SSLHARDEN_FORBID=kRSA,3DES,RC4 SSLHARDEN_NO_TICKETS=1 SSLHARDEN_NO_CLIENT_RENEGOTIATION=1`. A client
that exchanges keys by DH alone tells how many bits its server's parameters have; another, of TLS
1.2, whether it is given a session ticket; another has no suite but RSA key exchange; the last begins
a handshake anew three times (OpenSSL 3.0 and later refuse that by themselves, and so do some
programs). Cyrus has 1024 bits hard-coded (RFC 2409's), Sendmail 512, which OpenSSL 3 does not take
from it. Preloaded without a setting nothing of this changes. A server whose parameters get no
larger, or that has none any more, or one that a setting does not change as it says, fails the suite.

| server | version | small DH by | DH parameters, bits | tickets | RSA key exchange | renegotiations of a client |
|---|---|---|---|---|---|---|
"""
SSLV3 = """\
## SSL 3.0, on a libssl that still speaks it

Debian 11's servers, unmodified, each allowed SSL 3.0 by its own settings, on Debian 11's OpenSSL
1.1.1 built with SSLv3 (scripts/build-sslv3; only the file libssl.so.1.1 is another). They are asked
by two old clients that can do no better: that OpenSSL's `s_client -ssl3`, and Node 0.10.48 of 2016
with OpenSSL 1.0.1u inside (`SSLv3_method`), which cannot do STARTTLS. Served means: SSL 3.0 was
negotiated, says the client, and the server's own protocol was spoken over it. A server that reads
from the network itself, not by libssl, leaves no address to be told. In each of the three cases
a client of today is served, too. A server that does not refuse, that does not explain it, or that
does not serve when told to, fails the suite.

| server | version | allows SSL 3.0 by | client | bare | preloaded | what the log says | with `SSLHARDEN_ALLOW_SSLV3=1` |
|---|---|---|---|---|---|---|---|
"""
FORBIDDEN = """\
## Weak suites, and small parameters, of servers that have them

Each word of `SSLHARDEN_FORBID` on servers that have what it names. Debian 11's are unmodified, with
lists of `ALL:eNULL:@SECLEVEL=0`, on Debian 11's OpenSSL 1.1.1 built with RC4 and 3DES
(scripts/build-sslv3, as above); 1.1.0 had no DES and no export suites left, so those need older
libssls: OpenSSL's own `s_server`, of releases given by `SSLHARDEN_TEST_PREFIXES` (1.0.1u was built
without what is weakest). Postfix, which asks for certificates, and stunnel take anonymous suites off
themselves. A client that has no other suite is served bare, and preloaded without the word: by the
suite that stands here. With the word it is refused, and whoever has a suite of another kind is served
as before, by each of the others. The last column is of a client that exchanges keys by DH alone, bare,
and with `SSLHARDEN_MIN_DH_BITS=2048`; 0.9.8's `s_server` has 512 bits hard-coded. A server that serves
what is forbidden, or does not serve what is not, fails the suite.

| server | version | {words} | DH parameters, bits |
|{lines}|
""".format(words=" | ".join(WORDS), lines="---|" * (len(WORDS) + 2) + "---")
SCANS = """\
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
SUITES = """\
## Other people's test suites

What other projects test of their own TLS, as Debian has it (12 where nothing else is said), in the
same sandbox bare and preloaded. Skipped tests are not counted; one that fails bare says nothing.
Each difference is one that the policy makes, and why; another one, or one that no longer shows,
fails the suite. Contexts are those that were hardened, or would be once they serve.

TLS Interposer's tests ask a small server of their own what is asked of real ones above. Does ECDHE
come up for a client that puts other ciphers first, and is a client's certificate still asked for:
before and after. Is SSL 3.0 served bare, refused, and served when allowed: the section on it. Is
TLS 1.0 served, and refused when forbidden: what scanners say. It replaces a server's cipher list,
which here takes `SSLHARDEN_CIPHERS`; of the server's order it has no test.

| suite | version | pass bare | pass preloaded | contexts | differences |
|---|---|---|---|---|---|
"""
OPENSSL = """\
## OpenSSL's own tests

What OpenSSL tests of its TLS, compiled from the source packages of Debian 11, 12 and 13 and run
with the libssl of the same release: `sslapitest`, `ssl_test` with every `ssl-tests/*.cnf`,
`ssl_old_test`, `clienthellotest`, `servername_test`, DTLS, the proxies that change what is sent;
none that needs a static libssl. `scripts/test` runs Debian 12's, and with
`SSLHARDEN_TEST_OPENSSL=1` all; of 4.0 (Debian experimental) it is `ssl_test` alone, where the mirror
has it. Skipped tests are not counted, a test's parts are; one that fails bare says nothing. Lines are
those in which the library's log says what a context got or, with `SSLHARDEN=audit`, would get. What
differs preloaded is listed in tests/suites/suites/openssl11.py, 12, 13 and 40, and here, with its
reason; in audit, with `SSLHARDEN=off`, and with `SSLHARDEN_ALLOW_CLIENT_PREFERENCE=1`, nothing may
differ. tlsfuzzer's scripts are in no package of these releases.

| suite | way | version | tests | ok | lines | differ from bare |
|---|---|---|---|---|---|---|
"""
CLIENTS = {"openssl": "`s_client -ssl3`", "node": "Node 0.10.48"}
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


def upstream(version):
    """Without Debian's epoch."""
    return re.sub(r"^\d+:", "", version)


def server_rows(result):
    before, after = result["before"], result["after"]
    contexts = ", ".join(f"`{c}`" for c in after["contexts"]) or "none"
    yield (f"| {result['title']} | {upstream(result['version'])} | {result['lax']} | {contexts} "
           f"| {cell(before)} | {cell(after)} | {in_force(before['options'], after['options'])} "
           f"| {notes(before, after, result['lacks'])} |\n")


def outcome(told):
    """What became of an old client, in its own words if it was refused."""
    if told["in"]:
        return "served, SSL 3.0"
    alert = re.search(r"sslv3 alert [a-z ]+", told["said"])
    return f"refused: {alert.group() if alert else 'connection closed'}"


def sslv3_rows(result):
    how = ", ".join(f"`{line}`" for line in result["how"])
    for client, modes in result["clients"].items():
        yield (f"| {result['title']} | {upstream(result['version'])} | {how} | {CLIENTS[client]} "
               f"| {outcome(modes['bare'])} | {outcome(modes['preloaded'])} "
               f"| {' '.join(modes['preloaded']['log'])} | {outcome(modes['allowed'])} |\n")


def protection_rows(result):
    """Each before and with the settings."""
    def before_and_after(name, said):
        return " → ".join(dict.fromkeys(said(result["modes"][mode][name])
                                        for mode in ("bare", "with")))
    def number(count):
        return "not asked" if count is None else str(count)
    def yes(is_so):
        return "yes" if is_so else "no"
    small = ", ".join(f"`{line}`" for line in result["small"]) or "-"
    cells = [before_and_after("dh", lambda bits: str(bits) if bits else "none"),
             before_and_after("ticket", yes), before_and_after("krsa", yes),
             before_and_after("again", number)]
    yield (f"| {result['title']} | {upstream(result['version'])} | {small} | {' | '.join(cells)} |\n")


def forbidden_rows(result):
    """By which suite each is served, bare and preloaded, who has no other, and is with the word."""
    modes, name = result["modes"], next(mode for mode in result["modes"] if "=" in mode)
    cells = []
    for word in WORDS:
        bare, told = modes["bare"]["suites"][word], modes[word]
        kept = "stays, as nothing that surely works is left" if told["stays"] else "refused"
        cells.append(f"{bare} → {kept}" if bare else "not served")
    sizes = [modes[mode]["dh"] for mode in ("bare", name)]
    sizes = " → ".join(dict.fromkeys(str(bits) if bits else "none" for bits in sizes))
    yield (f"| {result['title']} | {upstream(result['version'])} | {' | '.join(cells)} | {sizes} |\n")


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


def explained(differences):
    """Tests that differ, those with one reason together."""
    reasons = {}
    for test, reason in differences.items():
        reasons.setdefault(reason, []).append(f"`{test}`")
    return "; ".join(f"{', '.join(tests)}: {why}" for why, tests in reasons.items()) or "none"


def suite_rows(result):
    version = ", ".join(map(upstream, result["versions"]))
    yield (f"| {result['title']} | {version} | {result['bare']} of {result['of']} "
           f"| {result['preloaded']} of {result['of']} | {result['hardened']} "
           f"| {explained(result['differences'])} |\n")


def openssl_rows(result):
    """One for each way in which it was run; only preloaded may anything differ."""
    for way, told in result["ways"].items():
        differ = {"bare": "", "preloaded": explained(result["differences"])}.get(way, "none")
        yield (f"| {result['title']} | {way} | {result['versions'][0]} | {told['ran']} | {told['ok']} "
               f"| {told['contexts']} | {differ} |\n")


@dataclasses.dataclass
class Section:
    """folder: where results are.  rows: the lines of one.  changing: what changes by itself, behind
    the name of a row.  in_parts: rows that a run does not have are left as they were."""
    folder: str
    head: str
    rows: typing.Callable
    changing: str = r"^(\| [^|]+ \|) \d[^|]* \|"  # versions
    in_parts: bool = False


SECTIONS = {
    "servers": Section("", HEAD, server_rows),
    "protections": Section("protections", PROTECTIONS, protection_rows),
    "sslv3": Section("sslv3", SSLV3, sslv3_rows),
    "forbidden": Section("forbidden", FORBIDDEN, forbidden_rows, in_parts=True),
    "scans": Section("scans", SCANS, scan_rows),
    # How many tests there are, and how many contexts, as well.
    "suites": Section("suites", SUITES, suite_rows, r"^(\| [^|]+ \|)(?: \d[^|]* \|)+"),
    "openssl": Section("suites", OPENSSL, openssl_rows,
                       r"^(\| [^|]+ \| [^|]+ \|)(?: \d[^|]* \|)+", in_parts=True),
}


def load(folder, names, absent):
    """The results of servers, in the order of their titles."""
    files = {p.stem: p for p in pathlib.Path(folder).glob("*.json")}
    missing = sorted(set(names) - set(files))
    if missing:
        print(f"skipped: no results of {', '.join(missing)} in {folder}")
        sys.exit(absent)
    found = [json.loads(files[name].read_text("utf-8")) for name in names]
    return sorted(found, key=lambda r: r["title"].lower())


def parted(text):
    """The sections of the file by their first lines."""
    return {part.split("\n")[0]: part for part in re.split(r"\n(?=## )", text)}


def patchless(text, section):
    """The lines of a section without what changes by itself."""
    return [re.sub(section.changing, r"\1", line) for line in text.splitlines()]


def named_rows(rows, section):
    return {re.match(section.changing, row).group(1): row for row in rows}


def written(told, name, part, absent):
    """A section; part: what the file has as it."""
    section, names = SECTIONS[name], getattr(told, name)
    kept = re.split(r"^\|[-|]+\|\n", part, flags=re.M)[-1].splitlines(keepends=True)
    if not names:
        print(f"not run, and its rows not looked at: {title(section)}")
        return section.head + "".join(kept)
    rows = [row for result in load(f"{told.results}/{section.folder}", names, absent)
            for row in section.rows(result)]
    if section.in_parts:
        both = named_rows(kept, section) | named_rows(rows, section)
        rows = sorted(both.values(), key=lambda row: row.split("|")[1])
    return section.head + "".join(rows)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("results")
    parser.add_argument("file", type=pathlib.Path)
    parser.add_argument("--check", action="store_true")
    for name in SECTIONS:
        parser.add_argument(f"--{name}", nargs="*", default=[])
    return parser.parse_args()


def title(section):
    return section.head.split("\n")[0]


def check(file, parts, texts):
    """Whether the file's parts are as this run has them, as far as it went."""
    old, new = list(parts), [title(section) for section in SECTIONS.values()]
    for section, text in zip(SECTIONS.values(), texts):
        old = old + patchless(parts.get(title(section), ""), section)
        new = new + patchless(text, section)
    print("\n".join(difflib.unified_diff(old, new, str(file), "this run", lineterm="", n=0)))
    sys.exit(old != new)


def main():
    told = arguments()
    parts = parted(told.file.read_text("utf-8"))
    texts = [written(told, name, parts.get(title(section), ""), 77 if told.check else 1)
             for name, section in SECTIONS.items()]
    if told.check:
        check(told.file, parts, texts)
    told.file.write_text("\n".join(texts), "utf-8")


if __name__ == "__main__":
    main()
