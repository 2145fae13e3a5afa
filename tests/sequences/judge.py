# SPDX-License-Identifier: MIT
"""What a hardened run may differ in from the bare one: DESIGN.md's promises, as rules.

Each rule looks at one sequence, played with every client, bare and hardened, and yields what
is wrong. None of them knows what the library does: what the program's own lowest version is,
for example, is what the bare program serves.
"""
import collections
import dataclasses
import fnmatch
import re

ORDER = {"SSLv2": 0x200, "SSLv3": 0x300, "TLSv1": 0x301, "TLSv1.1": 0x302, "TLSv1.2": 0x303,
         "TLSv1.3": 0x304, "DTLSv1": 0x302, "DTLSv1.2": 0x303}
NAMES = {0x200: "SSLv2", 0x300: "SSLv3", 0x301: "TLSv1", 0x302: "TLSv1.1", 0x303: "TLSv1.2",
         0x304: "TLSv1.3"}
RANGES = {"ssl2": (0x200, 0x200), "ssl3": (0x300, 0x300), "tls1": (0x301, 0x301),
          "tls1.1": (0x302, 0x302), "tls1.2": (0x303, 0x303), "tls1.3": (0x304, 0x304),
          "upto1.1": (0x301, 0x302), "upto1.2": (0x301, 0x303), "from1.2": (0x303, 0x304),
          "any": (0x301, 0x304), "dtls1": (0x302, 0x302), "dtls1.2": (0x303, 0x303),
          "dtls": (0x302, 0x303)}
PINS = {"SSLv2": 0x200, "SSLv3": 0x300, "TLSv1": 0x301, "TLSv1_1": 0x302, "TLSv1_2": 0x303,
        "DTLSv1": 0x302, "DTLSv1_2": 0x303}
SERVES = r"^(serve|server|bioserver|biomode) {0}\b(?! client)"
MAKERS = ("new", "newex", "newlib", "like")
KEYS = ("+psk", "+hint", "+srp")
NO_GROUP = "shared group|suitable group|key share"

# What docs/LIMITS.md, LIMITS-RARE.md and DESIGN.md admit, each by a name, with the reason.
EXEMPTIONS = {
    "choice-without-certificate":
        "the DH parameters that libssl chooses for a suite without a certificate, of a server that "
        "has one (LIMITS)",
    "method-of-connection":
        "SSL_get_ssl_method of a connection answers the flexible method where the program asked for a "
        "pinned one, or that of the newer version that it came to (LIMITS)",
    "raised-bound":
        "a connection whose maximum is below the operator's floor gets that as its maximum, and "
        "serves it",
    "conf-taken-back":
        "options that SSL_CONF_cmd set on a server's context, and that were ours too, are taken back with "
        "ours when it becomes a client's (LIMITS)",
    "side-changed":
        "a connection that was made to serve, or of a server's context, and then turned into a "
        "client keeps its options, and with LibreSSL the operator's lists (LIMITS)",
    "versions-as-options":
        "a connection whose handshake began, and before 1.1.0 a pinned context, holds its versions "
        "by options that forbid the others, and not by bounds; that of a pin itself, which libssl "
        "ignores, goes, and what its program sets of them in the handshake (LIMITS)",
    "list-of-flexible":
        "before 1.1.0 a list of a pinned method leaves out what is newer than the pin; that "
        "of the flexible one does not",
    "list-of-refused":
        "a pin that cannot be opened, below what may be served: its connection gets a list that "
        "serves nobody",
    "bound-taken":
        "a minimum that the program sets on a pinned object, where libssl says yes and does "
        "nothing, holds (DESIGN, They stay: what is stricter always stands)",
    "alert-of-flexible":
        "a client of a pinned context that has nothing to offer says so by another alert "
        "(LIMITS: it says unsupported protocol)",
    "calls-of-flexible":
        "SSL 2's methods take no curve and few lists; the flexible method that takes their "
        "place does",
    "key-offered-again":
        "libssl's own client fails with bad psk where it offers a key in TLS 1.3 and is asked "
        "for another group (DESIGN: groups that are not shared)",
    "suites-of-operator":
        "a program that took every suite of TLS 1.3 away and is refused by libssl for it, and "
        "an operator who gives it some; one whose list is stronger than those that he names",
    "retry-in-fragments":
        "bare libssl (3.5 and later), too, does not read the second hello of a client in fragments, "
        "which it asks for where the server's order of groups rules",
    "hello-of-ssl2":
        "a flexible method reads a hello of SSL 2's form, a pinned one does not",
    "gap-above-sslv3":
        "libssl finds no suite for SSLv3, which the program left below versions that it forbids; "
        "without SSLv3 there is no gap, and a suite of the newest version is looked for; likewise of TLS 1.0 "
        "under an operator's floor (LIMITS)",
    "unknown-state":
        "before 1.1.0 bare libssl goes on with the accept function of another method, and loses its "
        "way; later a connection that is used again has its context's method, which is a client's",
    "order-of-server":
        "a client whose own order ends in a suite that it cannot do gets what the same client in "
        "another order is served bare",
    "no-shared-group":
        "groups, suites or signature algorithms that a client of TLS 1.3 does not share on an opened "
        "pin: refused by libssl (DESIGN, Opened upwards)",
    "ecdhe-given":
        "before 1.1.0 a server left without curves gets ECDHE, but not such suites with it that "
        "do not authenticate or encrypt (DESIGN)",
    "higher-pin":
        "before 1.1.0 a connection that keeps its method when its context is another's, or has "
        "another: the higher pin holds (LIMITS)",
    "pinned-dtls":
        "libssl's own DTLS 1.0 server cannot do RSA key exchange with a client that offers more, nor a "
        "connection of a pinned context with DTLS_method; the server's order may choose it (LIMITS)",
    "keys-and-a-setting":
        "a server of keys that a setting would raise to TLS 1.3, where nobody needs one, serves "
        "nobody (DESIGN, Opened upwards); so does a connection that is used again on a libssl "
        "that cannot do TLS 1.3 twice",
    "suites-of-strength":
        "an opened pin's TLS 1.3 suites are no weaker than the list (DESIGN, Opened upwards)",
    "floor-of-operator":
        "an operator's floor of which the program, its list or its credentials allow nothing: "
        "refused, with a line (DESIGN, Opened upwards)",
    "listen-under-a-floor":
        "DTLSv1_listen on a connection of DTLSv1_method that an operator's floor opens: the client waits "
        "for a server that has lost what it listened to (LIMITS)",
    "allowed-in-the-gap":
        "an operator's floor of which the program allows nothing when the handshake begins, but "
        "does while it waits for the hello: libssl refuses at once (LIMITS)",
    "version-of-refused":
        "SSL_verify_client_post_handshake after a refusal fails with another error, for an opened "
        "pin had come to TLS 1.3; and SSL_CTX_remove_session has a session to remove",
    "floor-of-earlier":
        "before 1.1.0, and of DTLS 1.0, a connection that is cleared and used again with another "
        "method keeps the options that held its pin: the program may have set the same since (LIMITS)",
    "accepts-after-1.3":
        "libssl's own connection that came to TLS 1.3 accepts nobody before SSL_clear; a pin that "
        "was opened may have come to it (LIMITS)",
    "method-after-handshake":
        "0.9.8 crashes when a connection is freed that came to one version, and then got "
        "another's method; 1.1.0 when SSL_dup copies one of a flexible method (LIMITS)",
    "left-over":
        "before 1.1.0 a connection that a program made flexible under a pinned context, and uses "
        "again: bare it serves the one version that it came to before, hardened from that pin on; and of "
        "a list without encryption up to TLS 1.1 (LIMITS)",
    "never-cleared":
        "before 1.1.1 a connection that was not cleared goes on with what its last handshake "
        "left, and fails of it; and SSL_clear leaves it the version of that",
    "used-again":
        "before 1.1.0 a pinned connection that takes its side again by BIO_set_ssl_mode or "
        "BIO_reset, or is moved and not cleared, keeps the version that it came to (LIMITS)",
    "twice-by-chance":
        "before 3.5 libssl's second TLS 1.3 handshake of a connection fails, but not where a group "
        "has to be asked for: an operator's groups may change that; and the first may have been of "
        "a pin whose context got a flexible method since",
    "resumed":
        "a session of an earlier handshake, which the bare server would resume if that had come "
        "to an end there; or of a newer version than a pin that was not opened, for no wrapper saw "
        "its side taken (BIO_set_ssl_mode of a libssl linked -Bsymbolic, before 1.1.0)",
    "resumed-newer":
        "a session of a newer version than the pin, which an earlier handshake came to, bare as well or for "
        "its pin was opened; of a server that asks nobody for a certificate; or where bare libssl ends "
        "at once, for that session, or for want of a suite of the pin's version",
    "configuration-unseen":
        "signature algorithms and groups of openssl.cnf, which a libssl linked -Bsymbolic sets "
        "past every wrapper (LIMITS)",
    "callback-not-followed":
        "options that a program gives back by SSL_CONF_cmd in a callback that nobody stands in "
        "front of (LIMITS)",
    "version-options-stay":
        "before 1.1.0 a connection that serves keeps options that forbid versions (LIMITS)",
    "key-verifies":
        "who is known by a key alone, or anonymous, is asked for no certificate; a client's suites "
        "decide that, and the server's order (LIMITS)",
    "list-of-operator":
        "a program that is left without a list, for libssl took nothing of its own, or with groups "
        "that a client lacks, and an operator who gives it some; a client that has none of his; or a server of keys without "
        "certificate and hint, whose list is not of keys alone (LIMITS)",
    "cap-of-operator":
        "SSLHARDEN_MAX_PROTOCOL takes the version away in which a server asks for no key, or in "
        "which a client has no group of the server's; or no client asks for what is left alone",
    "stateless-of-1.3":
        "SSL_stateless clears a pinned connection between a client's two hellos of TLS 1.3, and "
        "needs cookies there (LIMITS)",
    "forbidden-by-operator":
        "who is served by a suite that SSLHARDEN_FORBID names, where the list has others besides; also "
        "anonymous ones of a server without a certificate, for a callback may bring one (LIMITS)",
    "order-between-hellos":
        "libssl chooses anew at a client's second hello, and fails with bad cipher if that is another "
        "suite: a callback gives up the server's order, brings the certificate for whose want a suite "
        "that goes with keys was chosen, or gives an opened pin other suites of TLS 1.3 (LIMITS)",
    "refused-by-name":
        "a pin of DTLS 1.0 that cannot be opened before 1.0.2, under SSLHARDEN_STRICT: no such context "
        "is made",
    "renegotiation-of-1.3":
        "TLS 1.3 has no renegotiation; the call fails (DESIGN)",
}


def unsafe(name):
    """Whether a suite needs a curve, and authenticates nobody or encrypts nothing."""
    return name.startswith("AECDH-") or (name.startswith("ECDHE-") and "NULL" in name)


@dataclasses.dataclass
class Finding:
    rule: str
    client: str
    what: str

    def __str__(self):
        return f"{self.rule}: {'client ' + self.client + ': ' if self.client else ''}{self.what}"


def span(client):
    return RANGES.get(client.split("+")[0], (0x301, 0x304))  # a minimised sequence may name nobody


def newest(libssl):
    if libssl.version < 0x10001000:
        return 0x301
    return 0x303 if libssl.version < 0x10101000 else 0x304


def pin(method):
    """The version that a method is fixed to, None for a flexible one."""
    return PINS.get(re.sub(r"(_server|_client)?_method$", "", method))


def ruling(libssl, own, context, made):
    """
    The method that a handshake goes by: the connection's own, or its context's, or the one that it
    was made with, to which libssl clears it.
    """
    if libssl.version < 0x10101000:
        return own
    return made if libssl.version >= 0x30200000 else context


class Drive:
    """One handshake, as the trace has it."""

    def __init__(self, entry, libssl=None):
        self.entry = entry
        self.serves = entry.line.startswith("serve ")
        before = entry.detail("before").split()
        self.method = before[1] if before else "none"
        self.options = int(before[3], 16) if before else 0
        self.weakest = int(before[5]) if before else 0
        self.by = before[7] if before else "-"
        self.context = before[9] if before else ""
        self.made = before[11] if before else ""
        self.bounds = [int(number, 16) for number in before[13:]] if before else [0, 0]
        begins = entry.detail("begins").split()  # what its own callback made of it
        if begins:
            self.weakest, self.by = int(begins[1]), begins[3]
        self.pin = None
        if libssl is not None:
            self.pin = pin(ruling(libssl, self.method, self.context, self.made))
        self.version = None
        if entry.answer.startswith("served "):
            # 1.0.1 has no name for DTLS.
            self.version = ORDER.get(entry.answer.split()[1], 0x302)
        end = entry.detail("server done").split()
        self.cipher = end[1] if end else ""
        self.bits = int(end[3]) if end else 0
        self.after = int(end[7], 16) if end else 0
        self.reused = end[5] == "1" if end else False
        session = entry.detail("ticket").split()
        self.ticket, self.early = (session[0], int(session[2])) if session else ("none", 0)
        self.renewed = bool(session) and session[4] == "1"
        self.certificate = bool(end) and end[-1] == "1"
        exchange = entry.detail("exchange bits")
        # Of an elliptic curve there are some hundreds.
        self.field = int(exchange) if exchange and int(exchange) >= 1024 else 0
        self.reason = entry.detail("server failed")
        self.client_reason = entry.detail("client failed")

    def __str__(self):
        if self.version is None:
            return f"refused ({self.reason})"
        return f"served {NAMES.get(self.version, hex(self.version))} {self.cipher}"


class Case:
    """One sequence with one client: both traces, and their handshakes in pairs."""

    def __init__(self, libssl, client, bare, hard):
        self.client, self.bare, self.hard = client, bare, hard
        # A handshake that is not begun, for want of a connection, keeps its place.
        self.pairs = [(Drive(b, libssl), Drive(h, libssl))
                      for b, h in zip(bare.drives(), hard.drives())]


class Judge:
    def __init__(self, libssl, sequence, bare, hard):
        """bare, hard: traces by client."""
        self.libssl, self.sequence = libssl, sequence
        self.text = "\n".join(sequence.lines)
        self.env = dict(sequence.env)
        self.cases = [Case(libssl, c, bare[c], hard[c]) for c in bare if not bare[c].crash]
        self.used = collections.Counter()  # exemptions

    def exempt(self, name):
        assert name in EXEMPTIONS
        self.used[name] += 1
        return True

    def findings(self):
        found = []
        if is_unseen(self.libssl, self.sequence) and self.exempt("configuration-unseen"):
            return found
        for case in self.cases:
            if case.hard.crash:
                if not self.made_useless():
                    found.append(Finding("crash", case.client, case.hard.crash))
                continue
            if self.refused_by_name():
                continue
            found += self.truth(case)
            for place, pair in enumerate(case.pairs):
                found += (self.serving(case, place, *pair) if pair[0].serves
                          else self.dialling(case, *pair))
            found += self.verified(case)
        found += self.preference()
        return found

    def refused_by_name(self):
        return ("SSLHARDEN_STRICT" in self.env and self.libssl.version < 0x10002000
                and re.search(r"\bDTLSv1_(server_)?method", self.text)
                and self.exempt("refused-by-name"))

    def made_useless(self):
        """A method that is given a connection whose handshake is done: bare, too, that depends on which."""
        return (self.libssl.version < 0x10000000
                and re.search(r"^serve (\w) .*\n(.*\n)*method \1 ", self.text, re.M)
                or 0x10100000 <= self.libssl.version < 0x10101000 and self.pins()
                and re.search(r"^serve (\w) .*\n(.*\n)*sclear \1\n(.*\n)*dup \w \1$", self.text, re.M)
                ) and self.exempt("method-after-handshake")

    # --- what the settings change -------------------------------------------------------------

    def allows(self, name):
        return self.env.get(f"SSLHARDEN_ALLOW_{name}", "").lower() in ("1", "yes", "true", "on")

    @property
    def wanted(self):
        """The floor that the settings ask for, which this libssl may not have."""
        profile = {"intermediate": 0x303, "modern": 0x304}.get(self.env.get("SSLHARDEN_PROFILE"), 0)
        return max(profile, ORDER.get(self.env.get("SSLHARDEN_MIN_PROTOCOL"), 0))

    @property
    def raised(self):
        return min(self.wanted, newest(self.libssl))

    @property
    def capped(self):
        return ORDER.get(self.env.get("SSLHARDEN_MAX_PROTOCOL"), 0x999)

    @property
    def lists_changed(self):
        return any(name in self.env for name in
                   ("SSLHARDEN_CIPHERS", "SSLHARDEN_CIPHERSUITES", "SSLHARDEN_GROUPS",
                    "SSLHARDEN_PROFILE", "SSLHARDEN_FORBID"))

    @property
    def safe(self):
        bits = self.libssl.safe
        for allowed, names in (("SSLV3", ("NO_SSLv3",)), ("COMPRESSION", ("NO_COMPRESSION",)),
                               ("CLIENT_PREFERENCE", ("CIPHER_SERVER_PREFERENCE",)),
                               ("DH_REUSE", ("SINGLE_DH_USE",)),
                               ("ECDH_REUSE", ("SINGLE_ECDH_USE",))):
            if self.allows(allowed):
                for name in names:
                    bits &= ~self.libssl.option(name)
        if self.env.get("SSLHARDEN_PROFILE") in ("intermediate", "modern"):
            bits &= ~self.libssl.option("CIPHER_SERVER_PREFERENCE")
        return bits

    def set_bits(self):
        """Options that settings add."""
        names = {"NO_TICKET": "SSLHARDEN_NO_TICKETS",
                 "PRIORITIZE_CHACHA": "SSLHARDEN_PRIORITIZE_CHACHA",
                 "NO_RENEGOTIATION": "SSLHARDEN_NO_CLIENT_RENEGOTIATION"}
        bits = sum(self.libssl.option(o) for o, name in names.items() if name in self.env)
        if "SSLHARDEN_PROFILE" in self.env:
            bits |= self.libssl.option("NO_RENEGOTIATION")
        return bits

    # --- handshakes that serve ----------------------------------------------------------------

    def bare_drives(self, place):
        return [case.pairs[place][0] for case in self.cases if place < len(case.pairs)]

    def bare_versions(self, place):
        """What the bare program serves at this place, to whichever client."""
        return [one.version for one in self.bare_drives(place) if one.version is not None]

    def serving(self, case, place, bare, hard):
        if hard.version is not None:
            yield from self.floor(case, place, bare, hard)
            yield from self.options(case, hard)
            if bare.version is None:
                yield from self.admission(case, place, bare, hard)
            else:
                yield from self.strength(case, place, bare, hard)
            yield from self.exchange(case, bare, hard)
            yield from self.resumption(case, place, bare, hard)
        elif bare.version is not None:
            yield from self.refusal(case, place, bare, hard)

    def floor(self, case, place, bare, hard):
        served = self.bare_versions(place)
        floor = min(served) if served else bare.pin
        if hard.version <= 0x300 and not self.allows("SSLV3"):
            yield Finding("sslv3", case.client, f"{hard}, bare {bare}")
        elif (bare.by == "-" and hard.version >= self.raised and self.lists_changed
                and self.exempt("list-of-operator")):
            return
        elif floor is not None and hard.version < floor and not self.left_over(
                case, place, bare) and not (
                hard.reused and self.came_otherwise(case, place) and self.exempt("resumed")) and not (
                bare.version is None and self.ecdhe_given(bare, hard)) and not (
                self.unasked_below_cap(case, place, bare, hard)) and not (
                self.kept_by_clear(place, bare, hard)):
            yield Finding("below-floor", case.client, f"{hard}, bare floor {hex(floor)}")
        elif hard.version < min(self.raised, 0x303 if hard.entry.line.split()[3].startswith("dtls")
                                else 0x304):
            yield Finding("below-setting", case.client, f"{hard}, setting {hex(self.raised)}")
        if (bare.version is not None and hard.version < self.under_cap(bare, served)
                and not self.forbidden_still(bare, hard)
                and not self.flexible_without_encryption(bare)):
            yield Finding("downgrade", case.client, f"{hard}, bare {bare}")
        # The program's own floor is the promise (LIMITS).
        # Where the pin's own version is forbidden it is that of what is left.
        left = hard if self.pin_forbidden(bare, hard) else bare
        cap = max(self.capped, self.asked_minimum(), bare.pin or 0, self.lowest_left(case, left))
        if hard.version > cap and hard.version == self.higher_pin() and self.exempt("higher-pin"):
            return
        if hard.version > cap and (not served or hard.version > max(served)):
            yield Finding("above-cap", case.client, f"{hard}, cap {hex(self.capped)}")

    def kept_by_clear(self, place, bare, hard):
        """The version of the last handshake, which came to another here."""
        return (place > 0 and self.libssl.version < 0x10101000 and bare.method != hard.method
                and self.exempt("never-cleared"))

    def unasked_below_cap(self, case, place, bare, hard):
        """At the operator's cap, where bare no client would have come to that version or an older one,
        and nothing of the program's forbids it."""
        asked = [one.entry.line.split()[3] for one in self.bare_drives(place)]
        return (hard.version == self.capped and bare.pin is None
                and max(self.lowest_left(case, bare), self.asked_minimum()) <= hard.version
                and not any(span(client)[1] <= hard.version for client in asked)
                and self.exempt("cap-of-operator"))

    def higher_pin(self):
        """That a connection may be held to where libssl keeps its method."""
        moves = re.search(r"\b(move|moveback|version|method) ", self.text)
        return max(self.pins(), default=0) if moves and self.libssl.version < 0x10100000 else 0

    def flexible_without_encryption(self, bare):
        return (self.libssl.version < 0x10100000 and "NULL" in bare.cipher and bool(self.pins())
                and pin(bare.method) is None and self.exempt("left-over"))

    @staticmethod
    def gone_before(case, place):
        return any("+gone" in one.entry.line for one, _ in case.pairs[:place])

    @staticmethod
    def came_otherwise(case, place):
        """Whether a handshake before came out otherwise, and left another session, or none."""
        return any((b.version, b.cipher) != (h.version, h.cipher) for b, h in case.pairs[:place])

    def lowest_left(self, case, bare):
        """The oldest version that options do not forbid, as libssl has it from one number up."""
        names = ((0x302, "NO_DTLSv1"), (0x303, "NO_DTLSv1_2")) if case.client.startswith("dtls") else (
            (0x301, "NO_TLSv1"), (0x302, "NO_TLSv1_1"), (0x303, "NO_TLSv1_2"), (0x304, "NO_TLSv1_3"))
        return next((number for number, name in names
                     if not bare.options & self.libssl.option(name)), 0)

    def allowed_at_first(self, case, bare):
        """Whether the program allows something of the operator's floor before its handshake begins."""
        names = ((0x303, "NO_DTLSv1_2"),) if case.client.startswith("dtls") else (
            (0x301, "NO_TLSv1"), (0x302, "NO_TLSv1_1"), (0x303, "NO_TLSv1_2"), (0x304, "NO_TLSv1_3"))
        highest = {0: 0x304, 0xfefd: 0x303, 0xfeff: 0x302}.get(bare.bounds[1], bare.bounds[1])
        return any(self.raised <= number <= highest and not bare.options & self.libssl.option(name)
                   for number, name in names)

    def under_cap(self, bare, served):
        """The newest of what the program itself serves, up to what this client came to."""
        return max((v for v in served if v <= min(bare.version, self.capped)), default=0)

    def unfollowed(self):
        return re.search(r"^(certcb|alpn) \S+ conf", self.text, re.M)

    def options(self, case, hard):
        missing = self.safe & ~hard.after
        if missing and not (self.unfollowed() and self.exempt("callback-not-followed")):
            yield Finding("options", case.client, f"{hard} without {hex(missing)}")

    def admission(self, case, place, bare, hard):
        """Somebody whom the bare program refuses is served."""
        text = f"{hard}, bare {bare}"
        served = self.bare_versions(place)
        keyless = (not any(key in case.client for key in KEYS)
                   and not any(c.pairs[place][0].version is not None for c in self.cases
                               if place < len(c.pairs) and not any(k in c.client for k in KEYS)))
        if place > 0 and (hard.reused or "session id context" in bare.reason) \
                and self.came_otherwise(case, place) and self.exempt("resumed"):
            return
        if ((bare.reason == "no ciphers available" or " stateless " in bare.entry.line and bare.reason == "nothing")
                and hard.reused and bare.pin
                and self.exempt("resumed-newer")):
            return
        if hard.reused and place > 0 and "SSLHARDEN_NO_TICKETS" in self.env and self.exempt("resumed"):
            return  # by its number, where the bare server had no key for a ticket
        if (bare.reason == "no ciphers available" and self.capped < newest(self.libssl)
                and self.exempt("cap-of-operator")):
            return
        if (bare.reason == "no ciphers available" and hard.version > 0x301
                and not self.prohibited(bare, hard)
                and bare.options & self.libssl.option("NO_TLSv1")
                and self.libssl.option("NO_SSLv3") & hard.after & ~bare.options
                and self.exempt("gap-above-sslv3")):
            return
        if "+rev" in case.client and any(
                (c.pairs[place][0].version, c.pairs[place][0].cipher) == (hard.version, hard.cipher)
                for c in self.cases if c.client + "+rev" == case.client and place < len(c.pairs)) \
                and self.exempt("order-of-server"):
            return
        if ("+hint" in case.client and "alert handshake failure" in bare.reason
                and self.exempt("order-of-server")):
            return
        # libssl's own server without a certificate fails of RSA-PSK, which its order may put last.
        if (re.search("alert unexpected message", bare.reason) and "+psk" in case.client
                and "PSK" in hard.cipher and self.exempt("order-of-server")):
            return
        if case.client.startswith("dtls") and bare.pin == 0x302 \
                and "decryption failed" in bare.reason and self.exempt("pinned-dtls"):
            return
        if (bare.reason == "ssl handshake failure" and hard.reused and bare.pin
                and hard.version > bare.pin and self.libssl.version < 0x10100000
                and self.exempt("resumed-newer")):
            return
        if (" stateless " in bare.entry.line and hard.version <= self.capped < 0x304
                and self.exempt("cap-of-operator")):  # who needs no cookie is served
            return
        if ("session id context" in bare.reason and not hard.reused and "SSLHARDEN_NO_TICKETS" in self.env
                and self.exempt("resumed")):  # a whole handshake instead
            return
        if (bare.reason == "unknown state" and self.libssl.version < 0x10100000
                and (place > 0 or re.search(r"^(method|version|sclear) ", self.text,
                                            re.M))
                and self.exempt("unknown-state")):
            return
        if (place > 0 and bare.reason == "called a function you should not call"
                and "_client_" in bare.method and self.exempt("unknown-state")):
            return
        gone = self.gone_before(case, place)
        if place > 0 and self.libssl.version < 0x10101000 and re.search(
                "internal error|scsv received when renegotiating|unknown alert type"
                + "|wrong ssl version" * (bare.method != hard.method)
                + "|wrong version number" * bool(bare.pin and hard.version > bare.pin)
                + "|wrong version number|unexpected message" * gone, bare.reason) \
                and self.exempt("never-cleared"):
            return
        if self.left_over(case, place, bare):
            return
        if "+v2" in case.client and bare.pin is not None and self.exempt("hello-of-ssl2"):
            return
        if (bare.reason == "no ciphers available" and self.sets("CIPHERSUITES", "PROFILE")
                and self.exempt("suites-of-operator")):
            return
        # Below TLS 1.3 a group that is not shared is told as a suite.
        groupless = NO_GROUP + "|shared cipher" * ("+p384" in case.client)
        groupless += "|unknown failure occurred" * (self.libssl.version == 0x20000000)
        # SSL_stateless leaves no error; the client has the alert.
        stateless = " stateless " in bare.entry.line and "+p384" in case.client
        reason = bare.client_reason if stateless else bare.reason
        groupless += "|handshake failure" * stateless
        if (self.sets("CIPHERS", "CIPHERSUITES", "GROUPS", "PROFILE")
                and (bare.by == "-" or re.search(groupless, reason))
                and self.exempt("list-of-operator")):
            return
        if (served and max(served) < hard.version == self.raised
                and self.exempt("raised-bound")):
            return
        if bare.client_reason == "bad psk" and self.exempt("key-offered-again"):
            return
        if (place > 0 and bare.reason == "tlsv1 unsupported extension"
                and (hard.version == 0x304 or self.capped < 0x304)
                and self.libssl.version < 0x30500000
                and self.exempt("twice-by-chance")):
            return
        if (bare.reason == "certificate verify failed" and re.search("PSK|SRP|ADH|AECDH", hard.cipher)
                and self.exempt("key-verifies")):
            return
        if bare.reason == "bad cipher" and self.exempt("order-between-hellos"):
            return
        # Nor does a server that ends there mark an older version as a downgrade (RFC 8446, 4.1.3).
        # A cap below the program's own floor leaves that.
        cap = max(self.capped, self.asked_minimum())
        if (hard.version <= cap < newest(self.libssl) and hard.version in served
                and (re.search(NO_GROUP + "|suitable signature algorithm" + "|shared cipher" * (
                         "+aes128" in case.client), bare.reason)
                     or bare.client_reason == "inappropriate fallback")
                and self.exempt("cap-of-operator")):
            return
        own = {0x302: "NO_TLSv1_1", 0x303: "NO_TLSv1_2"}.get(hard.version, "nothing")
        if (self.libssl.version < 0x10100000 and hard.version in self.pins()
                and own in self.text and self.exempt("versions-as-options")):
            return  # the pin's own option was not taken (LIMITS)
        if "c" not in bare.by and "k" in bare.by and keyless:
            yield Finding("keyless", case.client, text)
        elif bare.pin is None:
            if not self.ecdhe_given(bare, hard):
                yield Finding("admitted", case.client, text)
        elif hard.version <= max([bare.pin, *served]):
            if not self.ecdhe_given(bare, hard):
                yield Finding("admitted", case.client, text)
        elif self.prohibited(bare, hard):
            yield Finding("prohibited", case.client, text)
        elif self.refused_for_another_reason(case, bare, served):
            yield Finding("admitted-newer", case.client, text)
        yield from self.strength(case, place, bare, hard)

    @staticmethod
    def refused_for_another_reason(case, bare, served):
        """It spoke a version that was served to others; and that no suite or group was shared is no
        judgement of it."""
        low, high = span(case.client)
        return (any(low <= version <= high for version in served)
                and not re.search(NO_GROUP + "|shared cipher|version|protocol", bare.reason))

    def ecdhe_given(self, bare, hard):
        return (self.libssl.version < 0x10100000 and hard.cipher.startswith("ECDHE-")
                and not unsafe(hard.cipher) and bare.by != "-"
                and "shared cipher" in bare.reason and self.exempt("ecdhe-given"))

    def prohibited(self, bare, hard):
        """By an option that the program itself has set, though its pin made libssl ignore it."""
        name = {0x302: "NO_TLSv1_1", 0x303: "NO_TLSv1_2", 0x304: "NO_TLSv1_3"}.get(hard.version)
        if (self.libssl.version < 0x10100000 and hard.version in self.pins()
                and self.exempt("versions-as-options")):
            return False
        return bool(name and bare.options & self.libssl.option(name))

    def strength(self, case, place, bare, hard):
        """TLS 1.3, which a pin was opened to, obeys nothing of the program's list by itself."""
        served = self.bare_versions(place)
        if hard.version < 0x304 or (served and max(served) >= 0x304):
            return
        named = any(name in self.env for name in ("SSLHARDEN_CIPHERSUITES", "SSLHARDEN_PROFILE"))
        if hard.bits < bare.weakest and not (named and self.exempt("suites-of-operator")):
            yield Finding("weaker-suite", case.client, f"{hard} of {hard.bits} bits, "
                                                       f"list from {bare.weakest}")
        if "c" not in bare.by and "n" in bare.by:
            yield Finding("past-anonymous", case.client, f"{hard}, bare {bare}")

    def resumption(self, case, place, bare, hard):
        """Who resumes is not asked for a certificate again: not where the program resumes nothing."""
        others = [c.pairs[place][0] for c in self.cases if place < len(c.pairs)]
        if (hard.reused and bare.version is not None and not any(one.reused for one in others)
                and not self.resumes_newer(case, place, bare, hard)
                and not (any(h.version and not b.version for b, h in case.pairs[:place])
                         and self.exempt("resumed"))
                and not (re.search(r"\+psk", case.client)
                         and (hard.version == bare.version or "p" in bare.by)
                         and self.exempt("key-verifies"))):
            yield Finding("resumes", case.client, f"{hard}, bare resumes nobody")
        if bare.version is None:
            return
        if hard.early and not any(one.early for one in others):
            yield Finding("early-data", case.client, f"{hard} takes it, bare from nobody")
        if hard.renewed and hard.certificate and not any(one.renewed for one in others):
            yield Finding("renews", case.client, f"{hard}, and its session never ends")
        if hard.ticket == "sealed" and all(one.ticket == "none" for one in others):
            yield Finding("sealed-ticket", case.client, f"{hard} gives it, bare to nobody")

    def resumes_newer(self, case, place, bare, hard):
        before = case.pairs[:place]
        return (hard.version >= bare.version
                and any(h.version == hard.version and (bare.version == bare.pin or b.version != h.version)
                        for b, h in before)
                and not re.search(r"\bverify \S+ (peer|lax|must)", self.text)
                and self.exempt("resumed-newer"))

    def exchange(self, case, bare, hard):
        """DH parameters get no smaller, and as large as the operator asks."""
        asked = 2048 if {"SSLHARDEN_MIN_DH_BITS", "SSLHARDEN_PROFILE"} & set(self.env) else 0
        if bare.field and hard.field < bare.field and hard.cipher == bare.cipher:
            yield Finding("smaller-parameters", case.client, f"{hard.field} bits, bare {bare.field}")
        if 0 < hard.field < asked and not (("ADH" in hard.cipher or "PSK" in hard.cipher)
                                           and self.exempt("choice-without-certificate")):
            yield Finding("small-parameters", case.client, f"{hard} with {hard.field} bits")

    def refusal(self, case, place, bare, hard):
        low, high = span(bare.entry.line.split()[3])  # not each of a sequence serves the same client
        high = min(high, newest(self.libssl))
        if self.wanted > newest(self.libssl):
            return
        if bare.version <= 0x300:
            return
        if high < self.raised or low > self.capped:
            return
        if self.forbidden_still(bare, hard):
            return
        if self.raised and bare.version < self.raised and high <= bare.version:
            return
        stateless = " stateless " in bare.entry.line  # which leaves no error
        reason = hard.client_reason if stateless else hard.reason
        unshared = self.unshared(case.client)
        if (bare.pin and high >= 0x304 and bare.version < 0x304
                and re.search(r"shared cipher|handshake failure|" + unshared, reason)
                and self.exempt("no-shared-group")):
            return
        if (self.has_none_of_his(case.client, bare)
                and re.search(r"shared cipher|handshake failure|" + NO_GROUP, reason)
                and self.exempt("list-of-operator")):
            return
        if bare.version == bare.pin and self.pin_forbidden(bare, hard) and self.exempt("bound-taken"):
            return
        if bare.pin is not None and bare.version < min(0x303, self.asked_minimum(
                "DTLSv1_server_method" in (bare.context, bare.made))) and self.exempt("bound-taken"):
            return
        if (re.search(r"no protocols available|internal error", reason)
                and bare.pin is None and 0 < self.raised <= bare.version
                and not self.allowed_at_first(case, bare)
                and re.search(r"^gap \w (config|conf|clear|max) ", self.text, re.M)
                and self.exempt("allowed-in-the-gap")):
            return
        if (bare.version < self.raised
                and not any(self.raised <= v <= high for v in self.bare_versions(place))
                and re.search(
                "no protocols available|internal error|(unsupported|unknown) protocol|wrong version number|no ciphers|"
                "^nothing$|"
                "alert protocol version|"
                "write to read only BIO", reason)
                and self.exempt("floor-of-operator")):
            return
        if (" listen " in bare.entry.line and bare.method == "DTLSv1_method"
                and bare.version < self.raised and hard.reason == ""
                and self.exempt("listen-under-a-floor")):
            return
        if bare.version < self.higher_pin() and self.exempt("higher-pin"):
            return
        if self.flexible_without_encryption(bare):
            return
        waits = re.match(r"\S+ (AES|CAMELLIA|NULL)", hard.entry.detail("server waits"))
        if (re.search(r"\bDTLSv1", self.text) and ("decryption failed" in hard.reason or waits)
                and case.client.startswith("dtls") and self.exempt("pinned-dtls")):
            return
        if (place > 0 and hard.reason == "called a function you should not call" and self.pins()
                and self.exempt("accepts-after-1.3")):
            return
        if place > 0 and self.goes_on(case, place, bare):
            return
        if place > 0 and (self.floor_of_earlier(case, place, bare) or self.used_again_unseen(bare)):
            return
        if (hard.reason == "no ciphers available"
                and (bare.options & self.libssl.option("NO_TLSv1")
                     and self.libssl.option("NO_SSLv3") & ~bare.options
                     or bare.options & self.libssl.option("NO_TLSv1_1") and self.raised == 0x303)
                and re.search(r'suites \S+ ""', self.text)
                and self.exempt("gap-above-sslv3")):
            return
        if (place > 0 and hard.reason == "tlsv1 unsupported extension"
                and self.libssl.version < 0x30500000
                and (bare.version == 0x304 and self.sets("GROUPS", "PROFILE")
                     or re.search(r"^version ", self.text, re.M)
                     and any(h.version == 0x304 != b.version for b, h in case.pairs[:place]))
                and self.exempt("twice-by-chance")):
            return
        if ("did not return a certificate" in hard.reason and re.search("PSK|SRP|ADH|AECDH", bare.cipher)
                and self.exempt("key-verifies")):
            return
        if ("session id context" in hard.reason and not bare.reused
                and ("+v2" in case.client and "SSLHARDEN_NO_TICKETS" in self.env
                     or re.search(r"\+(resume|first)", hard.entry.line)
                     and self.came_otherwise(case, place))
                and self.exempt("resumed")):
            return
        if ("+resume" in hard.entry.line and self.libssl.version < 0x10100000
                and hard.pin is not None and any(h.version is not None and h.version > hard.pin
                                                 for _, h in case.pairs[:place])
                and self.exempt("resumed")):
            return
        if (bare.version < self.raised == 0x304 and self.pins() and re.search(
                r"^ciphers \S+ .*(NULL|PSK|SRP|ADH)|^sclear ", self.text, re.M)
                and self.exempt("keys-and-a-setting")):
            return
        if (place > 0 and self.libssl.version < 0x10101000
                and (self.gone_before(case, place) or bare.method != hard.method)
                and self.exempt("never-cleared")):
            return
        if ("+hint" in case.client and "alert handshake failure" in hard.reason
                and self.exempt("order-of-server")):  # a key's suite before the others, and no hint
            return
        if (hard.client_reason == "bad psk" and (self.pins() or self.lists_changed)
                and self.exempt("key-offered-again")):
            return
        if (bare.version > self.capped and ("c" not in bare.by or "+p384" in case.client or not any(
                low <= v <= min(high, self.capped) for v in self.bare_versions(place)))
                and self.exempt("cap-of-operator")):
            return
        if (stateless and bare.pin is not None and high == 0x304
                and self.exempt("stateless-of-1.3")):
            return
        if self.forbidden_cipher(bare) and self.exempt("forbidden-by-operator"):
            return
        if ("+frag" in case.client and hard.reason == "record layer failure"
                and self.libssl.version >= 0x30500000 and (bare.version == 0x304 or bare.pin)
                and self.exempt("retry-in-fragments")):
            return
        if ("PSK" in bare.cipher and {"SSLHARDEN_CIPHERS", "SSLHARDEN_PROFILE"} & set(self.env)
                and not self.has_certificate() and not re.search(r"\bhint ", self.text)
                and self.exempt("list-of-operator")):  # one whose callback brings the certificate?
            return
        # A key that a callback of TLS 1.2's brings goes with SHA-256 in TLS 1.3.
        if ("+psk" in case.client and bare.version == 0x304 and not self.has_certificate()
                and "SHA256" not in self.env.get("SSLHARDEN_CIPHERSUITES", "SHA256")
                and self.exempt("list-of-operator")):
            return
        if (hard.reason == "bad cipher" and (
                re.search(r"^certcb .* cert @", self.text, re.M) and re.search(r"^psk ", self.text, re.M)
                or bare.pin and re.search(r"^alpn \S+ suites @", self.text, re.M))
                and self.exempt("order-between-hellos")):
            return
        yield Finding("refused", case.client, f"{hard}, bare {bare}")

    @staticmethod
    def unshared(client):
        """What libssl says where a client has nothing of TLS 1.3 that the server needs."""
        return NO_GROUP + "|suitable signature algorithm" * ("+plain" in client)

    def sets(self, *names):
        return any(f"SSLHARDEN_{name}" in self.env for name in names)

    def has_none_of_his(self, client, bare):
        """Whether a client has no suite or group of those that the operator gives."""
        # It does not know the curve of that certificate, or its version signs otherwise, and was served
        # without.
        curveless = ((re.search(r"k256|\bcert \S+ (pss|ed)", self.text)
                      or "+plain" in client)
                     and re.search("ADH|AECDH|^ECDH-", bare.cipher))
        return ("+aes128" in client and self.sets("CIPHERSUITES", "PROFILE")
                or "+p384" in client and self.sets("GROUPS", "CIPHERS", "PROFILE")
                or ("+anon" in client or curveless) and self.sets("CIPHERS", "PROFILE"))

    def has_certificate(self):
        """Whether a connection gets one, its own or of a context that it is made of or moves to."""
        homes = re.findall(r"\b(?:ssl|bio\w+|move) \S+ ([A-D])$", self.text, re.M)
        return any(re.search(rf"\bcert {name} (rsa|ec|p521|pss|ed)", self.text) for name in (*homes, "[a-d@]"))

    def forbidden_cipher(self, bare):
        """Whether SSLHARDEN_FORBID names what bare serves, and its list has others besides."""
        names, cipher = self.env.get("SSLHARDEN_FORBID", "").split(","), bare.cipher
        if "aNULL" in names and not set(bare.by) & set("ck"):
            return False  # a list that would be empty stays
        kinds = {"aNULL": "ADH|AECDH", "eNULL": "NULL", "RC4": "RC4", "3DES": "DES-CBC3", "MD5": "MD5",
                 "CBC": "^(?!.*(GCM|CCM|CHACHA|RC4|NULL)).",
                 "kRSA": "^(?!(EC)?DH|EDH|A(EC)?DH|PSK|SRP|EXP|TLS_|KRB5|GOST|RSA-PSK|(EC)?DHE-PSK)."}
        return any(re.search(kinds[name], cipher) for name in names if name in kinds)

    def pin_forbidden(self, bare, hard):
        """By an option that the connection was given where a flexible method stood for its pin."""
        if "DTLSv1_server_method" in (bare.context, bare.made):  # NO_DTLSv1 has the value of NO_TLSv1
            return (hard.options & self.libssl.option("NO_DTLSv1")
                    or re.search(r" (set|conf\w*) @ .*(NO_D?TLSv1\b|-TLSv1\b)",
                                 self.text))
        name = {0x301: "NO_TLSv1", 0x302: "NO_TLSv1_1", 0x303: "NO_TLSv1_2"}.get(bare.pin, "nothing")
        return (self.libssl.version < 0x10100000 and hard.options & self.libssl.option(name)
                and re.search(r"\bconf|\b(raw)?set [a-d@]|copyoptions", self.text))

    def forbidden_still(self, bare, hard):
        """The option that forbids what bare serves, which the program has tried to clear."""
        name = {0x301: "NO_TLSv1", 0x302: "NO_TLSv1_1", 0x303: "NO_TLSv1_2"}.get(bare.version)
        text = self.text.replace("NO_DTLSv1_2", "NO_TLSv1_2")
        words = r"(clear|rawclear) {} .*(" + str(name) + r"\b)|copyoptions {}"
        inside = re.search(" (" + words.format("@", "@") + ")", text)
        return (self.libssl.version < 0x10100000 and name is not None
                and (inside or hard.options & self.libssl.option(name)
                     and re.search("^(" + words.format("[a-d]", "[a-d]") + ")", text, re.M))
                and (re.search(rf"\bset \S+ .*{name}\b|conf|cnf", text)
                     or any(one > bare.version for one in self.pins()))
                and self.exempt("version-options-stay"))

    def left_over(self, case, place, bare):
        """A method that the program never named, of the version that its connection came to before."""
        name = bare.entry.line.split()[1]
        given = re.findall(rf"^method {name} (\w+)", self.text, re.M)  # which is its own, if any was
        return (self.libssl.version < 0x10100000 and bool(self.pins()) and pin(bare.method) is not None
                and (bare.method not in given if given else bare.method not in self.text)
                and any(one.entry.line.split()[1] == name for one, _ in case.pairs[:place])
                and self.exempt("left-over"))

    def goes_on(self, case, place, bare):
        """With what a handshake left that was refused, and bare was not, and without SSL_clear."""
        name = bare.entry.line.split()[1]
        return (self.libssl.version < 0x10101000 and f"sclear {name}" not in self.sequence.lines
                and any(b.version and not h.version and b.entry.line.split()[1] == name
                        for b, h in case.pairs[:place])
                and self.exempt("never-cleared"))

    def used_again_unseen(self, bare):
        """By calls of a BIO's alone, which no wrapper sees, or by another context's without SSL_clear."""
        name = bare.entry.line.split()[1]
        return (self.libssl.version < 0x10101000 and bool(self.pins())
                and re.search(rf"^serve {name} (.*\n)*(biomode {name} server|bioreset {name}"
                              rf"|move {name} \w|moveback {name})\n",
                              self.text, re.M)
                and self.exempt("used-again"))

    def floor_of_earlier(self, case, place, bare):
        """A pin of an earlier handshake of the same connection, which was cleared since."""
        name = bare.entry.line.split()[1]
        if (self.libssl.version >= 0x10100000
                and "DTLSv1_server_method" not in " ".join(self.sequence.lines)):
            return False  # they are given back when the handshake is over
        return (any(one.entry.line.split()[1] == name and one.pin
                    and bare.version < max(one.pin, self.asked_minimum())
                    for one, _ in case.pairs[:place])
                and re.search(rf"^(sclear|bioreset|method) {name}\b",
                              self.text, re.M)
                and self.exempt("floor-of-earlier"))

    def asked_minimum(self, configured=True):
        """The highest minimum that the program itself asks for, or openssl.cnf does for it."""
        names = re.findall(r"(?:\bmin \S+|MinProtocol|-min_protocol) (\S+)", self.text)
        names += ["TLSv1.2"] * (" strict" in self.text)
        names += [value for name, value in self.sequence.cnf if name == "MinProtocol" and configured]
        return max((ORDER.get(name, 0) for name in names), default=0)

    def preference(self):
        """Whichever order a client prefers, it gets the same suite."""
        if not self.safe & self.libssl.option("CIPHER_SERVER_PREFERENCE") or self.unfollowed():
            return
        cases = {case.client: case for case in self.cases}
        chacha = self.libssl.option("PRIORITIZE_CHACHA")
        for one in ("tls1.2", "any"):
            if one not in cases or one + "+rev" not in cases:
                continue
            for (_, here), (_, there) in zip(cases[one].pairs, cases[one + "+rev"].pairs):
                if (here.version is not None and here.version == there.version
                        and not (chacha and (here.after | here.options) & chacha)
                        and not here.reused and not there.reused
                        and here.cipher != there.cipher):
                    yield Finding("preference", one, f"{here.cipher}, and {there.cipher} for the "
                                                     "other order")

    # --- clients, and what is told ------------------------------------------------------------

    def dialling(self, case, bare, hard):
        if not bare.entry.detail("before") or "_server_" in bare.method:
            return  # a server's method cannot connect
        changed = self.side_changed(bare)
        names = ["before", "hello"] + ([] if self.env else ["server", "client"])
        older = self.libssl.option("NO_SSLv2") | self.libssl.option("NO_SSLv3")
        if changed and (older & hard.options & ~bare.options or self.keeps_versions(case, bare)):
            names = ["before"]  # what it keeps is seen in its hello
        if changed and {one.entry.detail("hello") for one in (bare, hard)} <= {"-1", "-1 "}:
            names = ["before"]  # SSL_connect leaves the server's side where it was taken
        if changed and self.keeps_lists():
            names = ["before"]
        for name in names:
            one, other = bare.entry.detail(name), hard.entry.detail(name)
            if name == "hello" and self.alert(one) and self.alert(other):
                continue
            if one != other and not self.same_client(name, one, other, changed):
                yield Finding("client", case.client, f"{name}: {other}, bare {one}")

    def keeps_versions(self, case, bare):
        """Before 1.1.0, and of this method, a pin opens before the handshake; or else in it."""
        return (self.libssl.version < 0x10100000 and bool(self.pins())
                or "DTLSv1_server_method" in " ".join(self.sequence.lines)
                or self.has_served(case, bare))

    def has_served(self, case, bare):
        """Its options may hold versions; as may those of one that its own were copied of."""
        name = bare.entry.line.split()[1]
        before = case.pairs[:[one is bare for one, _ in case.pairs].index(True)]
        return any(one.serves and one.entry.line.split()[1] == name for one, _ in before)

    def side_changed(self, bare):
        """It has been a server's, or was told to accept."""
        name = bare.entry.line.split()[1]
        return ("_server_" in bare.context or self.was_a_servers(name)
                or re.search(SERVES.format(name), self.text, re.M) is not None)

    def keeps_lists(self):
        """With LibreSSL, whose connections are looked at when they take a side, and not later."""
        return (self.libssl.version == 0x20000000 and self.lists_changed
                and self.exempt("side-changed"))

    def was_a_servers(self, name):
        """Whether the context that a connection was made of, or got options of, was once."""
        servers, of = set(), {}
        for words in (line.split() for line in self.sequence.lines):
            if words[0] in MAKERS:
                servers.discard(words[1])
            if words[0] in (*MAKERS[:3], "version") and "_server_" in words[2]:
                servers.add(words[1])
            if words[0] == "like" and words[2] in servers:
                servers.add(words[1])
            if words[0] in ("ssl", "bioclient", "bioconnect", "move"):
                of[words[1]] = of.get(words[1], False) or words[2] in servers
        copied = re.search(r"copyoptions", self.text) and servers
        return bool(of.get(name) or copied)

    def alert(self, hello):
        """The first that a client says, where nothing is left for it to say."""
        return hello.split(" ")[-1].startswith("15") and self.exempt("alert-of-flexible")

    def same_client(self, name, one, other, changed):
        """A connection's method may be the flexible one; its options hold its pin, at most."""
        one, other = one.partition(" context ")[0].split(), other.partition(" context ")[0].split()
        if len(one) != len(other) or "options" not in one:
            return False
        at = one.index("options") + 1
        was, now = int(one[at], 16), int(other[at], 16)
        upto = at + 1 if changed and self.keeps_lists() else len(one)
        if one[:1] + one[2:at] + one[at + 1:upto] != other[:1] + other[2:at] + other[at + 1:upto]:
            return False
        if one[1] != other[1] and (name != "before" or pin(one[1]) is None
                                   or not self.exempt("method-of-connection")):
            return False
        if was & ~now & ~self.libssl.safe == 0 and now & ~was == 0 and self.conf_of_server() \
                and self.exempt("conf-taken-back"):
            return True
        if changed and was & ~now == 0 \
                and now & ~was & ~(self.held(True) | self.libssl.safe | self.set_bits()) == 0 \
                and self.exempt("side-changed"):
            return True
        return was == now or (was & ~now == 0 and now & ~was & ~self.held(True) == 0
                              and self.exempt("versions-as-options"))

    def conf_of_server(self):
        """Of a context that became a client's."""
        return re.search(r"^conf\w* [A-D] .*(.*\n)*version [A-D] \w+_client_", self.text, re.M)

    def verified(self, case):
        """No certificate, and the program reads that it was verified; or the other way."""
        for bare, hard in zip(case.bare.entries, case.hard.entries):
            if not hard.line.startswith("reneg ") or not bare.line.startswith("reneg "):
                continue
            was, now = bare.detail("verified").split(), hard.detail("verified").split()
            if not was or not now:
                continue
            if re.search("PSK|SRP", case.pairs[-1][1].cipher) and self.exempt("key-verifies"):
                continue
            if now[3] == "1" and now[5] == "0" and now[7] == "0" and was[3] == "0":
                yield Finding("unverified", case.client,
                              f"{' '.join(now)}, bare {' '.join(was)}")
            elif now != was and len({drive.version for drive in case.pairs[-1]}) == 1:
                yield Finding("untrue", case.client,
                              f"{' '.join(now)}, bare {' '.join(was)}")

    def truth(self, case):
        """What each call answers, until a handshake comes out otherwise."""
        for bare, hard in zip(case.bare.entries, case.hard.entries):
            if bare.line.startswith(("serve ", "dial ")):
                if self.outcome(bare) != self.outcome(hard):
                    return
                continue
            if bare.line.startswith(("reneg ", "creneg ")):
                yield from self.renegotiation(case, bare, hard)
                return
            for what in self.difference(bare, hard):
                yield Finding("untrue", case.client, f"{hard.line} = {what}")
        if re.search(r"^(hello|servername|certcb|alpn|info) ", self.text, re.M):
            return  # what is absent may be so where only one of them comes to
        if len(case.bare.entries) != len(case.hard.entries) or case.bare.absent != case.hard.absent:
            yield Finding("untrue", case.client, f"absent {case.hard.absent}, bare "
                                                 f"{case.bare.absent}")

    def outcome(self, entry):
        drive = Drive(entry)
        return drive.version, drive.reason

    def renegotiation(self, case, bare, hard):
        if bare.answer.endswith("data 1") and not hard.answer.endswith("data 1"):
            last = case.pairs[-1]
            if last[1].version == 0x304 and self.exempt("renegotiation-of-1.3"):
                return
            if hard.line.startswith("creneg ") and self.set_bits():
                return
            yield Finding("refused", case.client, f"{hard.line} = {hard.answer}, bare "
                                                  f"{bare.answer}")

    def difference(self, bare, hard):
        if (0x200 in self.pins() and self.libssl.version < 0x10100000 and re.match(
                r"(tmpecdh|groups|curves|ciphers|list|ticketkey|(client)?sigalgs|conf\w*) |"
                r"version \S+ SSLv2",
                bare.line)
                and self.exempt("calls-of-flexible")):
            return
        if bare.line.startswith("later ") and bare.answer == hard.answer == "0" and self.pins() \
                and self.exempt("version-of-refused"):
            return
        if bare.line.startswith("forget ") and (bare.answer, hard.answer) == ("0", "ok") and self.pins() \
                and self.exempt("version-of-refused"):
            return
        if bare.rest != hard.rest:
            yield f"{hard.rest}, bare {bare.rest}"
        if bare.answer == hard.answer:
            return
        kind = bare.answer.partition(" ")[0]
        if kind == "mask" and hard.answer.startswith("mask "):
            yield from self.masks(hard, int(bare.answer.split()[1], 16),
                                  int(hard.answer.split()[1], 16))
        elif kind == "bound" and self.raised_bound(bare, hard):
            pass
        elif (bare.line.startswith(("min ", "max ")) and (bare.answer, hard.answer) == ("0", "1")
              and 0x10100000 <= self.libssl.version < 0x10101000
              and "DTLSv1_server" in " ".join(self.sequence.lines) and self.exempt("bound-taken")):
            pass
        elif bare.line.startswith("methodof ") and bare.line[9].islower():
            was, now = pin(bare.answer), pin(hard.answer)
            if not (was and (now or was) >= was and self.exempt("method-of-connection")):
                yield f"{hard.answer}, bare {bare.answer}"
        elif bare.line.startswith("list ") and (self.lists_changed or self.emptied(hard)
                                                or self.longer(bare, hard)
                                                or self.shorter(bare, hard)
                                                or self.without_unsafe(bare, hard)):
            pass
        else:
            yield f"{hard.answer}, bare {bare.answer}"

    def longer(self, bare, hard):
        """The program's own list in its own order, and what the pin itself had no use for."""
        rest = iter(hard.answer.split(":"))
        return (self.libssl.version < 0x10100000 and bool(self.pins())
                and all(name in rest for name in bare.answer.split(":"))
                and self.exempt("list-of-flexible"))

    def emptied(self, hard):
        """What nobody can be served with, of a pin that stays and must not serve.  LibreSSL names the
        suites of TLS 1.3 in each list."""
        libressl = self.libssl.version == 0x20000000
        return (all("NULL" in name for name in hard.answer.split(":")
                    if name and not (libressl and name.startswith("TLS_")))
                and min(self.pins(), default=0x999) <= max(0x300, self.wanted)
                and self.exempt("list-of-refused"))

    def shorter(self, bare, hard):
        """The program's own list, without suites of TLS 1.3."""
        old = [[name for name in entry.answer.split(":") if not name.startswith("TLS_")]
               for entry in (bare, hard)]
        return bool(self.pins()) and old[0] == old[1] and self.exempt("suites-of-strength")

    def without_unsafe(self, bare, hard):
        """The program's own list in its own order, without what the curve that it was given would
        open; a list that is written by names has SSL 2.0's of the same names, too."""
        rest = iter(hard.answer.split(":"))
        return (self.libssl.version < 0x10100000 and hard.line.split()[1].islower()
                and not any(map(unsafe, hard.answer.split(":")))
                and all(name in rest for name in bare.answer.split(":") if not unsafe(name))
                and self.exempt("ecdhe-given"))

    def raised_bound(self, bare, hard):
        was, now = (int(entry.answer.split()[1], 16) for entry in (bare, hard))
        if hard.line.split()[1].islower() and now == 0 and self.pins():
            return self.exempt("versions-as-options")
        if "DTLSv1_server" in " ".join(self.sequence.lines) and was == 0:
            return self.exempt("bound-taken")
        return (hard.line.startswith("getmax ") and hard.line.split()[1].islower()
                and was < now == self.raised and self.exempt("raised-bound"))

    def pins(self):
        """The versions that methods of the sequence are fixed to."""
        names = re.findall(r"\b(\w+?)_(?:server_|client_)?method\b", self.text)
        return {PINS[name] for name in names if name in PINS}

    def held(self, connection):
        """The options that forbid versions, where they may hold them."""
        if not connection and self.libssl.version >= 0x10100000:
            early = "DTLSv1_server_method" in " ".join(self.sequence.lines)
            return self.libssl.option("NO_DTLSv1") if early else 0
        if not connection and not self.pins():
            return 0
        return sum({self.libssl.option(name) for name in
                    ("NO_SSLv3", "NO_TLSv1", "NO_TLSv1_1", "NO_TLSv1_2", "NO_TLSv1_3",
                     "NO_DTLSv1", "NO_DTLSv1_2")})

    def own(self):
        """The options that forbid the pins themselves."""
        names = {0x300: "NO_SSLv3", 0x301: "NO_TLSv1", 0x302: "NO_TLSv1_1", 0x303: "NO_TLSv1_2",
                 0xfeff: "NO_DTLSv1", 0xfefd: "NO_DTLSv1_2"}
        return sum({self.libssl.option(names[number]) for number in self.pins() if number in names})

    def set_meanwhile(self):
        """The options that an opened pin has in its handshake, and then not, if its program sets them there."""
        meanwhile = re.search(r"^(gap|info|hello|servername|certcb|alpn) \S+ (set|conf\w*) @",
                              self.text, re.M)
        return self.held(True) if meanwhile and self.pins() else 0

    def masks(self, hard, was, now):
        """Ours besides the program's, for who serves; nothing taken away."""
        more, less = now & ~was, was & ~now
        allowed = 0 if self.is_client(hard.line) else self.libssl.safe | self.set_bits()
        held = self.held(hard.line.split()[1].islower())
        if more & ~allowed and more & ~allowed & ~self.held(True) == 0 \
                and less & ~self.own() == 0 and self.kept(hard, more & ~allowed):
            return
        if less and not (less & ~(self.own() | self.set_meanwhile()) == 0
                         and self.exempt("versions-as-options")):
            yield f"{hex(now)} lacks {hex(less)}"
        if more & ~allowed and not (more & ~allowed & ~held == 0
                                    and self.exempt("versions-as-options")):
            yield f"{hex(now)} has {hex(more & ~allowed)} besides"

    def kept(self, hard, bits):
        """They were to be cleared just now, of a connection."""
        words = hard.line.split()
        asked = self.held(True) if words[0] == "copyoptions" else self.mask_of(words[-1])
        return (self.libssl.version < 0x10100000 and words[1].islower()
                and words[0] in ("clear", "rawclear", "copyoptions")
                and bits & ~asked == 0 and self.exempt("version-options-stay"))

    def mask_of(self, words):
        bits = 0
        for name in words.split("+"):
            bits |= self.libssl.safe if name == "SAFE" else self.libssl.option(name)
        return bits

    def is_client(self, line):
        """Whether the object that a word asks is only ever a client's."""
        name = line.split()[1]
        if name.isupper():
            made = re.findall(rf"^(?:new|newex|newlib|version) {name} (\w+)", self.text, re.M)
            return bool(made) and all("_client_" in m for m in made)
        made = re.findall(rf"^(?:ssl|bioclient|bioconnect) {name} (\w)", self.text, re.M)
        servers = any(re.search(rf"^(new|newex|newlib|version|like) {c} (\w+_server_|[A-D]$)", self.text, re.M)
                      for c in made)
        return (bool(made) and not servers and not self.was_a_servers(name)
                and re.search(rf"^(dial|client) {name}\b", self.text, re.M) is not None
                and re.search(SERVES.format(name), self.text, re.M) is None
                and re.search(rf"^(method|dup) {name}\b", self.text, re.M) is None)


# --- a sequence's own word on what comes out --------------------------------------------------

def is_unseen(libssl, sequence):
    """Whether openssl.cnf has signature algorithms or groups, and nobody sees them set."""
    names = {"SignatureAlgorithms", "ClientSignatureAlgorithms", "Groups"}
    return (libssl.version >= 0x10101000 and libssl.symbolic
            and any(name in names for name, _ in sequence.cnf))


def in_range(libssl, sequence):
    """# from 1.1.1, # before 3.4: the releases of OpenSSL that the expectations are for."""
    if libssl.version >> 28 == 2:  # LibreSSL, which is judged by the promises alone
        return False
    if is_unseen(libssl, sequence):
        return False
    for comment in sequence.comments:
        match = re.match(r"(from|before) (\d+)\.(\d+)(?:\.(\d+))?$", comment)
        if match:
            number = release(*match.groups()[1:])
            if (libssl.version < number) == (match[1] == "from"):
                return False
    return True


def release(major, minor, fix):
    if int(major) >= 3:
        return int(major) << 28 | int(minor) << 20
    return int(major) << 28 | int(minor) << 20 | int(fix or 0) << 12


def expected(sequence, bare, hard):
    """Yields what differs from its comments `bare CLIENT: ...` and `hardened CLIENT: ...`."""
    for comment in sequence.comments:
        match = re.match(r"(bare|hardened)(?: (\S+))?: (.*)$", comment)
        if not match:
            continue
        mode, client, words = match[1], match[2] or "", match[3]
        trace = (bare if mode == "bare" else hard).get(client)
        if trace is None or trace.absent:
            continue
        drives = trace.drives()
        came = str(Drive(drives[-1])) if drives else "nothing"
        if not satisfies(came, words):
            yield Finding(f"expected-{mode}", client, f"{words}; came {came}")


def satisfies(came, words):
    """served, refused, served TLSv1.2 [CIPHER], served TLSv1.2 or newer."""
    if words.endswith(" or newer"):
        name = words.split()[1]
        return came.startswith("served ") and ORDER[came.split()[1]] >= ORDER[name]
    return fnmatch.fnmatch(came, words + "*" if not words.startswith("refused") else words + "*")
