# SPDX-License-Identifier: MIT
"""Random sequences of calls that a program may make, each from a seed.

Every word is one that the object can take at that moment; what comes of it is libssl's affair.
The tables say how often what is tried.
"""
import random

import play

TLS_PINS = ("SSLv2", "SSLv3", "TLSv1", "TLSv1_1", "TLSv1_2")
# Weights: most programs serve, most of those by a flexible method, and pins to 1.2 are common.
FAMILIES = {"TLS": 8, "SSLv2": 1, "SSLv3": 3, "TLSv1": 5, "TLSv1_1": 3, "TLSv1_2": 7}
DTLS_FAMILIES = {"DTLS": 3, "DTLSv1": 2, "DTLSv1_2": 2}
ROLES = {"_server_method": 5, "_method": 4, "_client_method": 1}

OPTIONS = ("SAFE", "NO_SSLv2", "NO_SSLv3", "NO_TLSv1", "NO_TLSv1_1", "NO_TLSv1_2", "NO_TLSv1_3",
           "CIPHER_SERVER_PREFERENCE", "SINGLE_DH_USE", "SINGLE_ECDH_USE", "NO_COMPRESSION",
           "NO_TICKET", "ALL", "NO_SSLv3+NO_TLSv1", "NO_TLSv1+NO_TLSv1_1", "PRIORITIZE_CHACHA")
DTLS_OPTIONS = ("SAFE", "NO_DTLSv1", "NO_DTLSv1_2", "NO_SSLv3", "CIPHER_SERVER_PREFERENCE",
                "NO_TICKET", "ALL")
VERSIONS = ("any", "SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3")
DTLS_VERSIONS = ("any", "DTLSv1", "DTLSv1.2")
LISTS = {"ALL@0": 12, "DEFAULT@0": 4, "HIGH@0": 3, "HIGH": 1, "AES256@0": 3, "AES128@0": 2,
         "kRSA@0": 2, "ECDHE@0": 2, "ECDHE+AESGCM@0": 1, "aECDSA@0": 1, "RC4@0": 1, "3DES@0": 1,
         "eNULL@0": 1, "ALL:!kRSA@0": 1, "PSK:AES256@0": 1, "kRSA:ECDHE@0": 2, "nonsense": 1}
KEYED_LISTS = {"psk": ("PSK@0", "kRSAPSK@0", "kPSK@0", "kECDHEPSK@0", "PSK:ALL@0"),
               "srp": ("aRSA+SRP@0", "SRP@0", "SRP:ALL@0"),
               "dh": ("ADH@0", "aNULL@0", "aNULL:ALL@0")}
KEYS = ("rsa", "ec", "k256", "enc")
NEWER_KEYS = {"rsa": 2, "ec": 2, "k256": 1, "enc": 1, "p521": 2, "pss": 4, "ed25519": 4, "ed448": 3}
SUITES = ('""', "TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384",
          "TLS_CHACHA20_POLY1305_SHA256:TLS_AES_256_GCM_SHA384", "nonsense")
GROUPS = ("P-256", "P-384:P-256", "X25519:P-256", "P-521", "nonsense")
SIGALGS = ("RSA+SHA256", "RSA-PSS+SHA256:ECDSA+SHA256:RSA+SHA256", "RSA+SHA1:ECDSA+SHA1",
           "nonsense")
MODES = ("0x1", "0x4", "0x10", "0x80")  # partial writes, retries, buffers, the fallback's mark
CONF = (("file", "Protocol", "-TLSv1,-TLSv1.1"), ("file", "Protocol", "ALL"),
        ("file", "Protocol", "-ALL,TLSv1.2"), ("file", "Options", "-ServerPreference"),
        ("file", "Options", "ServerPreference,-SessionTicket"),
        ("file", "MinProtocol", "TLSv1.2"), ("file", "MaxProtocol", "TLSv1.2"),
        ("file", "CipherString", "AES256@0"), ("file", "CipherString", "ALL@0"),
        ("file", "NoSuch", "thing"), ("cmdline", "-min_protocol", "TLSv1.1"),
        ("cmdline", "-max_protocol", "TLSv1.2"), ("cmdline", "-cipher", "ALL@0"))
CONFARGV = (("-min_protocol", "TLSv1.2"), ("-cipher", "AES256"), ("-nosuch", "x"))
SECTIONS = ("strict", "lax", "noold", "nosuch")
SETTINGS = {(): 30,
            (("SSLHARDEN_CIPHERS", "restricted"),): 3, (("SSLHARDEN_CIPHERS", "HIGH"),): 2,
            (("SSLHARDEN_CIPHERSUITES", "TLS_AES_256_GCM_SHA384"),): 1,
            (("SSLHARDEN_GROUPS", "P-256"),): 1,
            (("SSLHARDEN_MIN_PROTOCOL", "TLSv1"),): 1, (("SSLHARDEN_MIN_PROTOCOL", "TLSv1.2"),): 2,
            (("SSLHARDEN_MIN_PROTOCOL", "TLSv1.3"),): 1,
            (("SSLHARDEN_MAX_PROTOCOL", "TLSv1.2"),): 2,
            (("SSLHARDEN_MAX_PROTOCOL", "TLSv1.1"),): 1,
            (("SSLHARDEN_PROFILE", "intermediate"),): 2, (("SSLHARDEN_PROFILE", "modern"),): 1,
            (("SSLHARDEN_ALLOW_SSLV3", "1"),): 2, (("SSLHARDEN_ALLOW_PINNED", "1"),): 2,
            (("SSLHARDEN_ALLOW_CLIENT_PREFERENCE", "1"),): 1,
            (("SSLHARDEN_ALLOW_SSLV3", "1"), ("SSLHARDEN_ALLOW_PINNED", "1")): 1,
            (("SSLHARDEN_FORBID", "RC4,3DES,aNULL"),): 2, (("SSLHARDEN_FORBID", "CBC,kRSA"),): 2,
            (("SSLHARDEN_FORBID", "aNULL,eNULL"), ("SSLHARDEN_CIPHERS", "HIGH")): 1,
            (("SSLHARDEN_NO_TICKETS", "1"),): 2, (("SSLHARDEN_MIN_DH_BITS", "2048"),): 1,
            (("SSLHARDEN_NO_CLIENT_RENEGOTIATION", "1"),): 2,
            (("SSLHARDEN_PRIORITIZE_CHACHA", "1"),): 1}
# Of one sequence in twelve, in place of those.
SELDOM = ((("SSLHARDEN_ALLOW_COMPRESSION", "1"),), (("SSLHARDEN_ALLOW_DH_REUSE", "1"),),
          (("SSLHARDEN_ALLOW_ECDH_REUSE", "1"),), (("SSLHARDEN_STRICT", "1"),),
          (("SSLHARDEN_STRICT", "1"), ("SSLHARDEN_MIN_PROTOCOL", "TLSv1.2")),
          (("SSLHARDEN_LOG_LEVEL", "debug"),))
FILES = {(): 20, (("MinProtocol", "TLSv1.2"),): 1, (("MinProtocol", "TLSv1"),): 1,
         (("MinProtocol", "TLSv1.3"),): 1, (("MaxProtocol", "TLSv1.2"),): 1,
         (("CipherString", "DEFAULT@SECLEVEL=0"),): 1, (("Options", "-ServerPreference"),): 1}
PARAMETERS = {"small": 3, "callback": 3, "large": 1, "auto": 1, "weak": 1}
SERVER_WAYS = {"accept": 6, "do": 3, "read": 4, "write": 2, "bioread": 2, "biodo": 2, "early": 1,
               "stateless": 1}
CLIENT_WAYS = {"connect": 4, "do": 3, "write": 2, "biodo": 1}


class Writer:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.lines = []
        self.dtls = self.chance(0.15)
        self.contexts = []

    def chance(self, share):
        return self.random.random() < share

    def one(self, table):
        if isinstance(table, dict):
            return self.random.choices(list(table), list(table.values()))[0]
        return self.random.choice(table)

    def add(self, *words):
        self.lines.append(" ".join(words))

    def some(self, words, most):
        """Calls one word after another, as often as chance has it."""
        for _ in range(self.random.randint(0, most)):
            self.one(words)()

    # --- what can be asked of either kind of object ---------------------------------------

    def method(self, roles=None):
        family = self.one(DTLS_FAMILIES if self.dtls else FAMILIES)
        return family + self.one(roles or ROLES)

    def options(self):
        return self.one(DTLS_OPTIONS if self.dtls else OPTIONS)

    def shared(self, name):
        """Words on a context or a connection, a callback's included."""
        versions = DTLS_VERSIONS if self.dtls else VERSIONS
        return (
            lambda: self.add("set", name, self.options()),
            lambda: self.add("set", name, self.options()),
            lambda: self.add("clear", name, self.options()),
            lambda: self.add("clear", name, self.options()),
            lambda: self.add("clear", name, "SAFE"),
            lambda: self.add(self.one(("rawset", "rawclear")), name, self.options()),
            lambda: self.add("min", name, self.one(versions)),
            lambda: self.add("max", name, self.one(versions)),
            lambda: self.add("ciphers", name, self.one(LISTS)),
            lambda: self.add("suites", name, self.one(SUITES)),
            lambda: self.add("groups", name, self.one(GROUPS)),
            lambda: self.add("conf", name, *self.one(CONF)),
            lambda: self.add("confargv", name, *self.one(CONFARGV)),
            lambda: self.add("config", name, self.one(SECTIONS)),
            lambda: self.configure(name),
            lambda: self.look(name),
        )

    def seldom(self, name):
        """Words on either that most programs never say."""
        return (
            lambda: self.add("curves", name, self.one(("one", "both"))),
            lambda: self.add("sigalgs", name, self.one(SIGALGS)),
            lambda: self.add("clientsigalgs", name, self.one(SIGALGS)),
            lambda: self.add("depth", name),
            lambda: self.add("fragment", name, self.one("1234")),
            lambda: self.add("padding", name),
            lambda: self.add("recvearly", name),
            lambda: self.add("setmode", name, self.one(MODES)),
            lambda: self.add("level", name, self.one("0012")),
            lambda: self.add("seccb", name, self.one(("all", "new", "strong", "curves",
                                                      "tickets"))),
            lambda: self.add("verify", name, self.one(("peer", "lax", "must", "none"))),
            lambda: self.add("tickets", name, self.one("014")),
            lambda: self.add("maxearly", name),
            lambda: self.add("psk13", name),
            lambda: self.add("psk", name),
            lambda: self.add("hint", name, "here"),
            lambda: self.add("cert", name, self.one(KEYS)),
            lambda: self.add("srp", name),
            lambda: self.add("sid", name),
            lambda: self.add("msg", name),
            lambda: self.add("quietly", name),
        )

    def of_sessions(self, name):
        return (
            lambda: self.add("cache", name, self.one(("off", "server", "external"))),
            lambda: self.add("sesscb", name),
            lambda: self.add("ticketkey", name, self.one(("one", "one", "none"))),
            lambda: self.add("ticketcb", name),
            lambda: self.add("certverify", name),
            lambda: self.add("upctx", name),
            lambda: self.add("npn", name),
            lambda: self.add("keylog", name),
            lambda: self.add("extension", name, self.one(("old", "older", "both"))),
        )

    def look(self, name):
        words = ("options", "methodof", "getmin", "getmax", "list", "watcher", "mode")
        self.add(self.one(words + ("timeout",) if name.isupper() else words), name)

    def configure(self, name):
        """Something else happens before SSL_CONF_CTX_finish."""
        self.add("confopen", name)
        for _ in range(self.random.randint(1, 2)):
            self.add("confcmd", *self.one([words[1:] for words in CONF if words[0] == "file"]))
        self.add(self.one(("set", "clear")), name, self.options())
        self.add("confend")

    # --- contexts --------------------------------------------------------------------------

    def context(self, name, roles=None):
        if self.chance(0.02):
            self.add("newnull", name)
        if self.contexts and self.chance(0.15):
            self.add("like", name, self.one(self.contexts))
        else:
            how = self.one({"new": 90, "newex": 5, "newlib": 5})
            self.add(how, name, self.method(roles))
        self.contexts.append(name)
        self.credentials(name)
        self.some((*self.shared(name), *self.of_context(name)), 3)

    def credentials(self, name):
        kind = self.one({"rsa": 12, "ec": 4, "k256": 1, "enc": 1, "none": 1, "callback": 1, "psk": 2, "srp": 1, "dh": 2})
        if kind in KEYS:
            self.add("cert", name, kind)
            self.add("ciphers", name, self.one(LISTS))
        elif kind in ("none", "callback"):
            self.add("ciphers", name, self.one(LISTS))
            if kind == "callback":
                self.add("certcb", name, "cert @", self.one(KEYS))
        else:
            if self.chance(0.7) or kind == "srp":
                self.add("cert", name, "rsa")
            self.add(kind, name)
            self.add("ciphers", name, self.one(KEYED_LISTS[kind]))
            if kind == "psk" and self.chance(0.3):
                self.add("hint", name, "here")
        if self.chance(0.15):
            self.add("tmpecdh", name)
        if self.chance(0.1):
            self.add("dh", name)

    def of_context(self, name):
        return (
            lambda: self.add("version", name, self.method()),
            lambda: self.add("version", name, self.method()),
            lambda: self.add("sid", name),
            lambda: self.add("verify", name, self.one(("peer", "lax", "must"))),
            lambda: self.add("watch", name),
            lambda: self.add("unwatch", name),
            lambda: self.add("info", name, *self.in_callback()),
            lambda: self.add("hello", name, *self.in_callback()),
            lambda: self.callback(name),
            lambda: self.add("servername", name, *self.in_callback()),
            lambda: self.add(self.one(("certcb", "alpn")), name, *self.in_callback()),
            lambda: self.add("psk", name),
            lambda: self.one(self.seldom(name))(),
            lambda: self.one(self.seldom(name))(),
            lambda: self.one(self.of_sessions(name))(),
        )

    def in_callback(self):
        """What a callback does to its connection."""
        inner = Writer(self.random.randrange(2 ** 32))
        inner.dtls = self.dtls
        inner.one(inner.shared("@") if inner.chance(0.8) else inner.seldom("@"))()
        return inner.lines[-1:]

    def callback(self, name):
        """As servers of several names do."""
        other = self.one(self.contexts)
        kind = self.one({"hello": 4, "servername": 4, "certcb": 3, "alpn": 1})
        self.add(kind, name, "move @", other)
        if self.chance(0.6):
            self.add(kind, name, "copyoptions @")

    # --- connections -----------------------------------------------------------------------

    def connection(self, name, context):
        how = self.one({"ssl": 16, "bioserver": 2, "bioclient": 2, "bioconnect": 1})
        self.add(how, name, context)
        if self.chance(0.1):
            self.add("socket", name)
        self.some(self.of_connection(name), 4)
        if self.chance(0.03):
            self.add("freectx", context)
        return how

    def of_connection(self, name):
        other = self.one(self.contexts)
        return (
            *self.shared(name),
            lambda: self.add("move", name, other),
            lambda: self.add("move", name, other),
            lambda: self.add("moveback", name),
            lambda: self.add("method", name, self.method()),
            lambda: self.add("method", name, self.method()),
            lambda: self.add("sclear", name),
            lambda: self.add("upref", name),
            lambda: self.add("server", name),
            lambda: self.add("client", name),
            lambda: self.add("dup", name, name),
            lambda: self.one(self.seldom(name))(),
            lambda: self.one(self.seldom(other))(),
            lambda: self.add("watch", name),
            lambda: self.add("version", other, self.method()),
            lambda: self.add("copyoptions", name),
            lambda: self.add("isserver", name),
            lambda: self.one(self.shared(other))(),
        )

    def serve(self, name, client="*"):
        way = self.one(SERVER_WAYS)
        if way in ("early", "stateless") and self.dtls:
            way = self.one(("accept", "listen"))
        if way in ("stateless", "listen"):
            # The context of the connection, most of the time.
            self.add("cookies", self.one(self.contexts))
        if way not in ("accept", "early", "stateless", "listen") and not self.chance(0.05):
            self.add(*self.one((("server", name), ("server", name), ("biomode", name, "server"))))
        if self.chance(0.25):
            self.some(self.of_connection(name), 2)
        self.add("serve", name, way, client)
        self.look(name)

    def dial(self, name):
        way = self.one(CLIENT_WAYS)
        if way != "connect":
            self.add(*self.one((("client", name), ("client", name), ("biomode", name, "client"))))
        self.look(name)
        self.add("dial", name, way, "dtls" if self.dtls else "tls")
        self.look(name)

    # --- the whole -------------------------------------------------------------------------

    def after(self):
        """What a program does with a connection that it has served, or with its context."""
        kind = self.one({"nothing": 8, "reneg": 2, "creneg": 1, "again": 3, "resume": 2,
                         "client": 1, "another": 2, "moved": 1, "later": 1})
        if kind in ("reneg", "creneg"):
            self.add(kind, "a")
            self.add("verified", "a")
        elif kind == "later":
            self.add("later", "a")
        elif kind == "again":
            if self.chance(0.7):
                self.add(self.one(("quiet", "shutdown")), "a")
            self.add("sclear", "a")
            self.some(self.of_connection("a"), 2)
            self.serve("a")
            if self.chance(0.4):  # whoever comes then, the first may have been another
                self.first_client("dtls" if self.dtls else self.one(("any", "tls1", "tls1.2")))
        elif kind == "resume":
            self.add("ssl", "c", "A")
            if self.chance(0.2):
                self.add("forget", "a")
            self.serve("c", self.one(("*+resume", "*+first")))
        elif kind == "client":
            self.add("ssl", "c", "A")
            self.dial("c")
        elif kind in ("another", "moved"):
            self.some((*self.shared("A"), *self.of_context("A")), 2)
            self.add("ssl", "c", self.one(self.contexts))
            self.serve("c")

    def first_client(self, client):
        at = next(i for i, line in enumerate(self.lines) if line.startswith("serve a "))
        self.lines[at] = " ".join([*self.lines[at].split()[:3], client])

    def write(self):
        client = self.chance(0.2)
        roles = {"_client_method": 3, "_method": 2} if client else None
        if not client and not self.chance(0.1):
            roles = {"_server_method": 5, "_method": 4}
        if self.chance(0.4):
            self.context("B")
        self.context("A", roles)
        how = self.connection("a", "A")
        if how in ("bioclient", "bioconnect") and not self.chance(0.1):
            client = True
        if how.startswith("bio") and self.chance(0.2):
            self.add("biodup", "d", "a")
            self.serve("d")
        if client:
            self.dial("a")
        else:
            self.serve("a")
            self.after()
        return self.lines


def with_parameters(seed, lines):
    """The same with DH parameters of most contexts and connections, and lists that take them."""
    writer = Writer(seed)
    for line in lines:
        words = line.split()
        at_once = [words[2]] if words[0] == "ssl" else []  # the context, before it is used
        for name in [*at_once, *(words[1:2] if words[0] == "serve" else ())]:
            if writer.chance(0.6):
                writer.add("parameters", name, writer.one(PARAMETERS))
            if writer.chance(0.4):
                writer.add("ciphers", name, "kEDH@0")
        writer.lines.append(line)
    return writer.lines


def with_keys(seed, lines):
    """The same with certificates of other kinds, several at once."""
    writer = Writer(f"keys {seed}")
    for line in lines:
        start, word, kind = line.rpartition(" ")[0], (["", "", ""] + line.split())[-3], line.split()[-1]
        if word != "cert":
            writer.add(line)
            continue
        others = [writer.one(NEWER_KEYS) for _ in range(writer.one({0: 1, 1: 4, 2: 4, 3: 2}))]
        kept = [kind] if not others or writer.chance(0.5) else []
        for each in dict.fromkeys(kept + others):
            writer.add(start, each)
        if start == line[:6] and others and writer.chance(0.2):
            writer.add("ciphers", line[5], writer.one(("aECDSA@0", "ALL@0", "kRSA@0", "aRSA@0")))
    return writer.lines


def with_leaver(seed, lines):
    """The same, and first somebody has come who left after the hello."""
    writer = Writer(f"leaves {seed}")
    at = next((i for i, line in enumerate(lines) if line.startswith("serve ")), None)
    if at is None or "DTLS" in "".join(lines):
        return lines
    _, name, way, _ = lines[at].split()
    writer.contexts = ["A"]
    writer.add("serve", name, way, writer.one(("any", "tls1", "tls1.2", "upto1.1")) + "+gone")
    if writer.chance(0.5):
        writer.add("sclear", name)
    writer.some((*writer.of_connection(name), lambda: writer.add("server", name),
                 lambda: writer.add("method", name, writer.method())), 2)
    return [*lines[:at], *writer.lines, *lines[at:]]


class Loser(Writer):
    """Writes a pin or a prohibition, and what may lose either."""

    PINS = {"TLSv1": 4, "TLSv1_1": 3, "TLSv1_2": 2, "SSLv3": 1}
    OWN = {pin: f"NO_{pin}" for pin in PINS}
    HELD = ("NO_TLSv1", "NO_TLSv1+NO_TLSv1_1", "NO_SSLv3+NO_TLSv1", "SAFE")

    def write(self):
        self.dtls = False
        pin, self.contexts = self.one(self.PINS), ["A", "B"]
        for name in self.contexts:
            self.add("new", name, self.one((f"{pin}_server_method", f"{pin}_method",
                                            "TLS_server_method", "TLS_method")))
            self.add("cert", name, "rsa")
            self.add("ciphers", name, "ALL@0")
        self.some(self.on("A", pin), 2)
        self.add(*self.one((("ssl", "a", "A"), ("ssl", "a", "A"), ("bioserver", "a", "A"),
                            ("bioclient", "a", "A"))))
        self.some(self.on("a", pin), 4)
        if self.chance(0.6):  # it has served somebody before
            self.serve("a", self.one(("any", "tls1", "tls1.1", "tls1.2", "ssl3")))
            self.some(self.between(pin), 4)
        self.serve(self.copy() if self.chance(0.2) else "a")
        return self.lines

    def copy(self):
        self.add(*self.one((("dup", "d", "a"), ("biodup", "d", "a"))))
        return "d"

    def on(self, name, pin):
        own = self.OWN[pin]
        other = self.one((f"{pin}_server_method", f"{pin}_method", "TLS_server_method",
                          "TLS_method", "TLSv1_2_server_method", "TLSv1_1_server_method"))
        given = ("method", "a", other) if name == "a" else ("version", "A", other)
        of_a = (lambda: self.add("move", "a", "B"),
                lambda: self.add(self.one(("server", "client", "sclear")), "a"))
        return (
            lambda: self.add("set", name, own),
            lambda: self.add("set", name, own),
            lambda: self.add("set", name, self.one(self.HELD)),
            lambda: self.add("clear", name, self.one(self.HELD)),
            lambda: self.add(*given),
            lambda: self.add(*given),
            lambda: self.add("version", "A", self.one((other, other, f"{pin}_client_method"))),
            lambda: self.add("conf", name, "file", "Protocol", self.one(("ALL", "-TLSv1"))),
            *(of_a if name == "a" else ()),
        )

    def between(self, pin):
        return (
            *self.on("a", pin),
            lambda: self.add("quiet", "a"),
            lambda: self.add("quiet", "a"),
            lambda: self.add("shutdown", "a"),
            lambda: self.add("sclear", "a"),
            lambda: self.add("sclear", "a"),
            lambda: self.add("server", "a"),
            lambda: self.add("bioreset", "a"),
        )


def with_gap(seed, lines):
    """The same, and something is done while a handshake waits for the client's hello."""
    writer = Writer(f"gap {seed}")
    writer.dtls = any("DTLS" in line for line in lines)
    out = []
    for line in lines:
        words = line.split()
        if words[0] == "serve" and writer.chance(0.7):
            for _ in range(writer.random.randint(1, 2)):
                writer.add("gap", words[1], *writer.in_callback())
        out += [*writer.lines, line]
        writer.lines = []
    return out


def settings(seed, most):
    """Drawn apart from the calls: what a seed had before there was SELDOM stays."""
    writer = Writer(f"settings {seed}")
    return writer.one(SELDOM) if writer.chance(1 / 12) else most


def sequence(seed):
    loses = random.Random(f"loses {seed}").random() < 0.1  # apart: the others stay as they were
    writer = Loser(seed) if loses else Writer(seed)
    env, cnf = settings(seed, writer.one(SETTINGS)), writer.one(FILES)
    lines = writer.write()
    if ("SSLHARDEN_MIN_DH_BITS", "2048") in env:
        lines = with_parameters(seed, lines)
    if random.Random(f"keys {seed}").random() < 0.2:
        lines = with_keys(seed, lines)
    if random.Random(f"leaves {seed}").random() < 0.05:
        lines = with_leaver(seed, lines)
    if random.Random(f"waits {seed}").random() < 0.1:
        lines = with_gap(seed, lines)
    if random.Random(f"judges {seed}").random() < 0.02:
        at = next((i for i, line in enumerate(lines) if line.startswith("ssl a ")), 0)
        lines[at:at] = ["seccb A one"] if at else []
    return play.Sequence(tuple(lines), env, cnf, (), f"seed-{seed}")
