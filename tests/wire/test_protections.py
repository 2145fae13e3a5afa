# SPDX-License-Identifier: MIT
"""What is off by default: each shown beside the same server without it."""
import atexit
import base64
import functools
import os
import socket
import struct
import tempfile
import unittest

import peer

NO_TICKET = 0x00004000


class Tickets(unittest.TestCase):
    """SSLHARDEN_NO_TICKETS."""
    SET = {"SSLHARDEN_NO_TICKETS": "1"}

    def ticket(self, version, *words, how="accept", method=None, **more):
        """The length of the ticket that a client gets; 0: none."""
        with peer.Server(f"new:{method or peer.flexible('server')}", peer.ciphers_word(),
                         f"cert:{peer.certificate()}", *words, how=how, **more) as server:
            lines = peer.run(*peer.client_words(version), "tickets", f"connect:{server.port}")
            server.end()
        return int(peer.field(lines, "ticket"))

    def test_none_is_given(self):
        for method, how in ((peer.flexible("server"), "accept"), (peer.flexible(""), "read"),
                            ("TLSv1_server_method", "accept")):
            for words in ((), ("clear:4000",), ("ssl:clear:4000",)):
                with self.subTest(method=method, words=words):
                    asked = {"method": method, "how": how}
                    for bare in ({}, {"shim": True}, {"shim": True, "SSLHARDEN": "audit",
                                                      "SSLHARDEN_LOG": "none", **self.SET}):
                        self.assertGreater(self.ticket("TLSv1", *words, **asked, **bare), 48)
                    self.assertEqual(self.ticket("TLSv1", *words, **asked, shim=True, **self.SET), 0)

    def test_of_tls_1_3_it_is_a_number(self):
        if peer.newest() != "TLSv1.3":
            self.skipTest("this libssl does not speak TLS 1.3")
        self.assertGreater(self.ticket(None, shim=True), 48)
        self.assertEqual(self.ticket(None, shim=True, **self.SET), 32)

    def test_what_it_reads_back(self):
        words = [f"new:{peer.flexible('server')}", f"set:{NO_TICKET:x}", f"clear:{NO_TICKET:x}",
                 "options"]
        self.assertEqual(peer.options(peer.run(*words, shim=True)) & NO_TICKET, 0)
        self.assertEqual(peer.options(peer.run(*words, shim=True, **self.SET)) & NO_TICKET, NO_TICKET)
        client = [f"new:{peer.flexible('client')}", "options"]
        self.assertEqual(peer.run(*client, shim=True, **self.SET), peer.run(*client))


class Renegotiation(unittest.TestCase):
    """SSLHARDEN_NO_CLIENT_RENEGOTIATION."""
    SET = {"SSLHARDEN_NO_CLIENT_RENEGOTIATION": "1"}

    def again(self, what, *words, how="accept", **more):
        """How often a client renegotiates before its connection ends, whether it got data, and the log."""
        allowed = ["set:100"] if peer.since("a client may renegotiate only where it is allowed") else []
        with peer.Server(words[0] if words else f"new:{peer.flexible('server')}", peer.ciphers_word(),
                         f"cert:{peer.certificate()}", "retry", *allowed, *words[1:], how=how, **more) as server:
            lines = peer.run(*peer.client_words("TLSv1.2"), what, f"connect:{server.port}")
            server.end()
        count = len([line for line in lines if line.startswith("again ")])
        return count, lines[-1].startswith("connected"), peer.without_order(server.log)

    def setUp(self):
        if not peer.speaks("TLSv1.2"):
            self.skipTest("this libssl does not speak TLS 1.2")

    def test_a_client_s(self):
        for method, how in ((peer.flexible("server"), "accept"), (peer.flexible(""), "read"),
                            ("TLSv1_2_server_method", "accept")):
            # Resuming, it would need no suite of the list.
            for what in ("again:5", "resume:5"):
                with self.subTest(method=method, what=what):
                    words = [f"new:{method}"]
                    for bare in ({}, {"shim": True}, {"shim": True, "SSLHARDEN": "audit",
                                                      "SSLHARDEN_LOG": "none", **self.SET}):
                        self.assertEqual(self.again(what, *words, how=how, **bare)[:2], (5, True))
                    count, served, log = self.again(what, *words, how=how, shim=True, **self.SET)
                    self.assertEqual((count, served), (0, False))
                    self.assertEqual(len(log), 1, log)
                    self.assertRegex(log[0], "refused a client that renegotiates from 127.0.0.1:.*; "
                                             "SSLHARDEN_NO_CLIENT_RENEGOTIATION=0 admits it")

    def test_a_million_of_one_client_s(self):
        """The attack on a server's processor: bare it gets each that it begins; here not one."""
        server, key = f"new:{peer.flexible('server')}", f"cert:{peer.certificate()}"
        allowed = ["set:100"] if peer.since("a client may renegotiate only where it is allowed") else []
        self.assertEqual(self.again("again:100")[:2], (100, True))
        with peer.Server(server, peer.ciphers_word(), key, "retry", *allowed, count=2, shim=True,
                         **self.SET) as served:
            client = peer.client_words("TLSv1.2")
            lines = peer.run(*client, "again:1000000", f"connect:{served.port}")
            self.assertEqual([line for line in lines if line.startswith("again ")], [])
            self.assertTrue(peer.run(*client, f"connect:{served.port}")[-1].startswith("connected"))
            served.end()

    def test_a_profile(self):
        more = {"shim": True, "SSLHARDEN_PROFILE": "intermediate"}
        self.assertEqual(self.again("again:1", **more)[:2], (0, False))
        self.assertEqual(self.again("again:1", SSLHARDEN_NO_CLIENT_RENEGOTIATION="0", **more)[:2],
                         (1, True))

    def test_the_server_s_own(self):
        """As Apache does for a folder's certificate."""
        words = [f"new:{peer.flexible('server')}", f"trust:{peer.certificate()}"]
        told = []
        for shim, mode in ((False, "on"), (True, "on"), (True, "audit")):
            version, _, server = peer.ask(words, "TLSv1.2", how="renegotiate", shim=shim,
                                          client=[f"cert:{peer.certificate()}"], SSLHARDEN=mode,
                                          **self.SET)
            refused = [line for line in server.log if "refuse" in line]
            told.append((version, peer.field(server.lines, "renegotiated"), refused))
        self.assertEqual(told, [(*told[0][:2], [])] * 3)
        self.assertIn("certificate 1", told[0][1])

    def test_none_is_had_by_no_other_name(self):
        """Messages after the handshake of TLS 1.3 are none."""
        version, _, server = peer.ask([f"new:{peer.flexible('server')}"], shim=True, **self.SET)
        self.assertEqual((version, peer.without_order(server.log)), (peer.newest(), []))


def leading(k):
    """The integer part of 2^k e."""
    total, term, i = 0, 1 << k + 64, 1
    while term:
        total, term, i = total + term, term // i, i + 1
    return total >> 64


def ffdhe(bits):
    """RFC 7919's prime, as its appendix A makes it."""
    add = {2048: 560316, 3072: 2625351, 4096: 5736041, 6144: 15705020, 8192: 10965728}[bits]
    return 2 ** bits - 2 ** (bits - 64) + ((leading(bits - 130) + add) << 64) - 1


RFC_7919 = {ffdhe(bits) for bits in (2048, 3072, 4096, 6144, 8192)}


@functools.lru_cache(None)
def prime(bits):
    """One that stands in no book."""
    number = 3 << bits - 2 | 1
    while pow(3, number - 1, number) != 1:
        number += 2
    return number


def integer(number):
    """DER."""
    body = number.to_bytes(number.bit_length() // 8 + 1, "big")
    return b"\x02" + length(body) + body


def length(body):
    return bytes([len(body)]) if len(body) < 128 else struct.pack("!BH", 0x82, len(body))


@functools.lru_cache(None)
def parameters(bits):
    """A PEM file of DH parameters."""
    body = integer(prime(bits) if bits < 2048 else ffdhe(bits)) + integer(2)
    text = base64.encodebytes(b"\x30" + length(body) + body).decode()
    with tempfile.NamedTemporaryFile("w", suffix=".pem", delete=False) as file:
        file.write(f"-----BEGIN DH PARAMETERS-----\n{text}-----END DH PARAMETERS-----\n")
    atexit.register(os.unlink, file.name)
    return file.name


def part(data, *widths):
    """Of a message that begins with lengths: what each says, and the rest."""
    for width in widths:
        size = int.from_bytes(data[:width], "big")
        yield data[width:width + size]
        data = data[width + size:]


DHE, ADH = b"\x00\x39\x00\x33\x00\x16", b"\x00\x34"


def prime_on_the_wire(port, suites=DHE):
    """What a client of TLS 1.0 that exchanges keys by DH alone is given; None: it is refused."""
    hello = b"\x03\x01" + bytes(32) + b"\0" + struct.pack("!H", len(suites)) + suites + b"\1\0"
    hello = b"\1" + struct.pack("!I", len(hello))[1:] + hello
    with socket.create_connection(("127.0.0.1", port), peer.TIMEOUT) as s:
        s.sendall(b"\x16\x03\x01" + struct.pack("!H", len(hello)) + hello)
        stream, messages = s.makefile("rb"), b""
        while True:
            head = stream.read(5)
            if len(head) < 5 or head[0] != 22:
                return None
            messages += stream.read(int.from_bytes(head[3:], "big"))
            while len(messages) >= 4:
                size = int.from_bytes(messages[1:4], "big")
                if len(messages) < 4 + size:
                    break
                if messages[0] == 12:  # ServerKeyExchange
                    p, g = (int.from_bytes(n, "big") for n in part(messages[4:], 2, 2))
                    # 1.1.0's own of up to 2048 bits have generators as large as they (RFC 5114).
                    assert g == 2 or p not in RFC_7919, g
                    return p
                messages = messages[4 + size:]


# From 1.1.0 on libssl takes none of 512 bits, at no security level.
BARE = {512: None if peer.modern() else prime(512), 1024: prime(1024)}


class Parameters(unittest.TestCase):
    """SSLHARDEN_MIN_DH_BITS."""
    SET = {"SSLHARDEN_MIN_DH_BITS": "2048"}
    WAYS = ["dh", "ssl:dh", "dhcb", "ssl:dhcb", "dhcontrol", "start:dh", "start:dhcb"]

    def prime(self, *words, method=None, how="accept", shim=True, **more):
        """The prime that a client gets, and the log."""
        with peer.Server(f"new:{method or peer.flexible('server')}", peer.ciphers_word(), "info:0",
                         f"cert:{peer.certificate()}", *words, how=how, shim=shim, **more) as server:
            found = prime_on_the_wire(server.port)
            server.end()
        return found, peer.without_order(server.log)

    def setUp(self):
        self.ways = self.WAYS + (["dhkey", "ssl:dhkey"] if peer.since("DH parameters may be a key") else [])

    def test_what_is_small(self):
        for way in self.ways:
            for bits in (512, 1024):
                with self.subTest(way=way, bits=bits):
                    word = f"{way}:{parameters(bits)}"
                    for bare in ({"shim": False}, {}, {"SSLHARDEN": "off", **self.SET},
                                 {"SSLHARDEN_MIN_DH_BITS": "1024"} if bits == 1024 else {},
                                 {"SSLHARDEN": "audit", "SSLHARDEN_LOG": "none", **self.SET}):
                        self.assertEqual(self.prime(word, **bare), (BARE[bits], []))
                    self.assertEqual(self.prime(word, **self.SET), (ffdhe(2048), []))

    def test_each_size(self):
        for least, given in ((1025, 2048), (2048, 2048), (2049, 3072), (3073, 4096), (6000, 6144),
                             (8192, 8192)):
            self.assertEqual(self.prime(f"dh:{parameters(1024)}", SSLHARDEN_MIN_DH_BITS=str(least))[0],
                             ffdhe(given))

    def test_what_is_large_stays(self):
        for way in self.ways:
            self.assertEqual(self.prime(f"{way}:{parameters(3072)}", **self.SET), (ffdhe(3072), []))

    def test_each_role_and_driver(self):
        for method, how in ((peer.flexible(""), "read"), (peer.flexible(""), "bio"),
                            ("TLSv1_server_method", "accept"), ("TLSv1_method", "state")):
            for way in ("dh", "dhcb"):
                self.assertEqual(self.prime(f"{way}:{parameters(1024)}", method=method, how=how,
                                            **self.SET), (ffdhe(2048), []))

    def test_a_handshake_to_its_end(self):
        """Data comes through."""
        for way in self.ways:
            words = [f"new:{peer.flexible('server')}", "info:0", f"{way}:{parameters(1024)}"]
            version, cipher, server = peer.ask(words, "TLSv1", shim=True, ciphers="kEDH+aRSA", **self.SET)
            self.assertEqual((version, peer.without_order(server.log)), ("TLSv1", []))
            self.assertRegex(cipher, "^(DHE|EDH)-RSA-")

    def test_who_has_none_gets_none(self):
        for shim in (False, True):
            self.assertIsNone(self.prime(shim=shim, **self.SET)[0])

    def test_another_name(self):
        """The context to which a connection is moved has its own."""
        if not peer.since("a connection can be moved"):
            self.skipTest("this libssl cannot do that")
        other = ["other", f"new:{peer.flexible('server')}", peer.ciphers_word(),
                 f"cert:{peer.certificate()}"]
        for way in ("dh", "dhcb"):
            for here, there in ((3072, 1024), (1024, 3072)):
                words = [f"{way}:{parameters(here)}", *other, f"{way}:{parameters(there)}", "first",
                         "start:sni"]
                bare = self.prime(*words, shim=False)[0]
                self.assertEqual(self.prime(*words, **self.SET)[0],
                                 bare if bare.bit_length() >= 2048 else ffdhe(2048))

    def test_what_is_not_filled_in(self):
        if 0x10100000 <= peer.runs() < 0x30000000:
            self.skipTest("libssl dies of it")
        told = [peer.run(f"new:{peer.flexible('server')}", "dhempty", "errno", shim=shim, **self.SET)
                for shim in (False, True)]
        self.assertEqual(told[0], told[1])

    def test_a_key_that_was_given_away(self):
        """Its program may use it as long as the object has it, whatever took its place."""
        if not peer.since("DH parameters may be a key"):
            self.skipTest("keys are not given so")
        words = [f"new:{peer.flexible('server')}", peer.ciphers_word(), f"dhkey:{parameters(1024)}",
                 f"dhkey:{parameters(1024)}"]
        for shim in (False, True):
            lines = peer.run(*words, shim=shim, **self.SET)
            self.assertEqual([line for line in lines if "bits" in line], ["key of 1024 bits"] * 2)

    def test_the_lines(self):
        word = f"dh:{parameters(1024)}"
        log = self.prime(word, SSLHARDEN_LOG_LEVEL="info", **self.SET)[1]
        self.assertEqual(len([line for line in log if "parameters of 1024 bits, its program's, "
                              "replaced by those of ffdhe2048" in line]), 1, log)
        for way in ("dh", "dhcb"):
            found, log = self.prime(f"{way}:{parameters(1024)}", SSLHARDEN="audit", **self.SET)
            self.assertEqual(found, prime(1024))
            self.assertEqual(len([line for line in log if "would be replaced by those of ffdhe2048"
                                  in line]), 1, log)

    def test_a_profile(self):
        lists = {"SSLHARDEN_CIPHERS": "ALL", "SSLHARDEN_MIN_PROTOCOL": "TLSv1"}
        if peer.modern():
            lists["SSLHARDEN_CIPHERS"] = "ALL:@SECLEVEL=0"
        for profile, found in (("default", prime(1024)), ("intermediate", ffdhe(2048))):
            self.assertEqual(self.prime(f"dh:{parameters(1024)}", SSLHARDEN_PROFILE=profile,
                                        SSLHARDEN_LOG="none", **lists)[0], found)


class LibsslsParameters(unittest.TestCase):
    """The same where libssl is to choose, by the size of the certificate's key (2048 bits here)."""
    prime = Parameters.prime

    def setUp(self):
        if not peer.modern():
            self.skipTest("this libssl chooses none")

    def test_by_the_certificate(self):
        for word in ("dhauto:1", "ssl:dhauto:1", "start:dhauto:1"):
            bare = self.prime(word, shim=False)[0]
            self.assertEqual(bare.bit_length(), 2048)
            for least, given in (("1024", bare), ("2048", bare), ("3072", ffdhe(3072))):
                found, log = self.prime(word, SSLHARDEN_MIN_DH_BITS=least)
                self.assertEqual((found, log), (given, []), word)
            found, log = self.prime(word, SSLHARDEN_MIN_DH_BITS="3072", SSLHARDEN="audit")
            self.assertEqual(found, bare)
            self.assertEqual(len([line for line in log if "DH parameters of 2048 bits, libssl's for "
                                  "its certificate, would be" in line]), 1, log)

    def test_1024_bits_whatever_the_certificate(self):
        for word in ("dhauto:2", "ssl:dhauto:2"):
            self.assertEqual(self.prime(word, shim=False)[0].bit_length(), 1024)
            self.assertEqual(self.prime(word, SSLHARDEN_MIN_DH_BITS="2048")[0].bit_length(), 2048)

    def test_without_a_certificate(self):
        """It depends on the suite, up to 3072 bits."""
        sizes = []
        for shim in (False, True):
            with peer.Server(f"new:{peer.flexible('server')}", peer.ciphers_word("ADH"), "dhauto:1",
                             shim=shim, SSLHARDEN_MIN_DH_BITS="2048") as server:
                sizes.append(prime_on_the_wire(server.port, ADH).bit_length())
                server.end()
        self.assertEqual(sizes, [1024, 3072])

    def test_taken_back(self):
        words = ["dhauto:1", "dhauto:0", f"dh:{parameters(4096)}"]
        self.assertEqual(self.prime(*words, SSLHARDEN_MIN_DH_BITS="3072")[0], ffdhe(4096))

    def test_taken_back_for_a_connection(self):
        """Nothing is written over what it has of its own, or has not."""
        for shim in (False, True):
            for words, found in (((f"ssl:dh:{parameters(4096)}",), ffdhe(4096)), ((), None)):
                self.assertEqual(self.prime("dhauto:1", "ssl:dhauto:0", *words, shim=shim,
                                            SSLHARDEN_MIN_DH_BITS="3072")[0], found)


class Forbidden(unittest.TestCase):
    """SSLHARDEN_FORBID."""

    def list(self, ciphers, **variables):
        """What of a list a connection has when its handshake has begun, below TLS 1.3.  Its program
        sets a curve: with ours a list is without anonymous suites (test_last_word.GivenCurve)."""
        curve = ["tmpecdh"] if peer.has_suite("ECDHE-RSA-AES128-SHA") else []
        lines = peer.run(f"new:{peer.flexible('server')}", peer.ciphers_word(ciphers),
                         f"cert:{peer.certificate()}", *curve, "ciphers?", **variables)
        return [name for name in peer.field(lines, "ciphers").split() if name[:4] != "TLS_"]

    @peer.with_curves
    def test_where_memory_ends_it_is_said(self):
        """Each allocation of a handshake fails once: who is served by what is forbidden is told of.
        (libssl 1.1.1 then leaks the list that it could not set.)"""
        told = denied = at = 0
        while True:
            at += 1
            served, server = self.ask("AES128-SHA:ECDHE-RSA-AES128-SHA", "AES128-SHA", shim=True,
                                      words=[f"fails:{at}"], SSLHARDEN_FORBID="kRSA",
                                      ASAN_OPTIONS="detect_leaks=0")
            if peer.field(server.lines, "denied") == "0":
                break
            lines = [line for line in server.log if "did not take the cipher list" in line]
            with self.subTest(at=at):
                self.assertEqual(len(lines), int(served is not None), server.log)
            told += len(lines)
            denied += 1
        self.assertGreater(denied, told)
        self.assertGreater(told, 0)

    def test_each_word_is_libssls(self):
        every = "ALL:COMPLEMENTOFALL"
        for word in ("aNULL", "eNULL", "EXPORT", "RC4", "DES", "3DES", "MD5", "kRSA"):
            with self.subTest(word=word):
                left = self.list(every, shim=True, SSLHARDEN_FORBID=word)
                own = self.list(f"{every}:!{word}")
                if word == "aNULL":  # in 1.0.1 SRP is, too
                    left, own = ([n for n in names if n[:4] != "SRP-"] for names in (left, own))
                self.assertEqual(left, own)
        self.assertEqual(self.list(every, shim=True), self.list(every))

    def test_cbc(self):
        every = "ALL:COMPLEMENTOFALL"
        left = self.list(every, shim=True, SSLHARDEN_FORBID="CBC")
        gone = [name for name in self.list(every) if name not in left]
        for name in left:
            self.assertRegex(name, "GCM|CCM|POLY1305|RC4|NULL|GOST")
        for name in gone:
            self.assertNotRegex(name, "GCM|CCM|POLY1305|RC4|NULL|GOST")
        self.assertIn("AES128-SHA", gone)

    def ask(self, ciphers, offered, method=None, how="accept", words=(), **more):
        version, cipher, server = peer.ask([f"new:{method or peer.flexible('server')}", *words], "TLSv1.2",
                                           ciphers=offered, server_ciphers=ciphers, how=how, **more)
        return version and cipher, server

    def setUp(self):
        if not peer.speaks("TLSv1.2"):
            self.skipTest("this libssl does not speak TLS 1.2")

    @peer.with_curves
    def test_a_client_that_has_nothing_else(self):
        forbid = {"SSLHARDEN_FORBID": "RC4,kRSA"}
        both = "AES128-SHA:ECDHE-RSA-AES128-SHA:ECDHE-RSA-AES256-SHA"
        for method, how in ((peer.flexible("server"), "accept"), (peer.flexible(""), "read"),
                            ("TLSv1_2_server_method", "accept")):
            with self.subTest(method=method):
                more = {"method": method, "how": how}
                for bare in ({}, {"shim": True}, {"shim": True, "SSLHARDEN": "audit", **forbid}):
                    self.assertEqual(self.ask(both, "AES128-SHA", **more, **bare)[0], "AES128-SHA")
                refused, server = self.ask(both, "AES128-SHA", **more, shim=True, **forbid)
                self.assertIsNone(refused)
                self.assertRegex(server.log[-1], "offering no cipher of the list.*; "
                                 "(SSLHARDEN_FORBID without kRSA|a shorter SSLHARDEN_FORBID) admits it")
                # Who has something else is served, in the order of the list.
                self.assertEqual(self.ask(both, "ALL", **more, shim=True, **forbid)[0],
                                 "ECDHE-RSA-AES128-SHA")

    def test_a_list_that_would_be_empty_stays(self):
        """Also one of which the certificate could use nothing else."""
        forbid = {"SSLHARDEN_FORBID": "kRSA"}
        for own in ("AES128-SHA:AES256-SHA", "AES128-SHA:ECDHE-ECDSA-AES128-SHA"):
            with self.subTest(own=own):
                served, server = self.ask(own, "ALL", shim=True, **forbid)
                self.assertEqual(served, "AES128-SHA")
                self.assertEqual(len(server.log), 1, server.log)
                self.assertRegex(server.log[0], "SSLHARDEN_FORBID names all .*own list stays")
                refused, server = self.ask(own, "ALL", shim=True, SSLHARDEN_STRICT="1", **forbid)
                self.assertIsNone(refused)
                self.assertTrue(any("SSLHARDEN_STRICT: refused: SSLHARDEN_FORBID" in line
                                    for line in server.log), server.log)

    def test_so_does_that_of_a_server_without_a_certificate(self):
        words = [f"new:{peer.flexible('server')}", peer.ciphers_word("AECDH-AES128-SHA:AES128-SHA"),
                 "tmpecdh"]
        for shim in (False, True):
            with peer.Server(*words, shim=shim, SSLHARDEN_FORBID="aNULL") as server:
                lines = peer.run(*peer.client_words("TLSv1.2", "AECDH-AES128-SHA"),
                                 f"connect:{server.port}")
                server.end()
            self.assertEqual(peer.field(lines, "connected").split()[1], "AECDH-AES128-SHA")
            self.assertEqual(len(server.log), int(shim), server.log)

    def test_what_the_versions_cannot_use_is_nothing(self):
        """A server of TLS 1.1 has no GCM."""
        if not peer.modern():
            self.skipTest("bounds came with 1.1.0")
        words = [f"new:{peer.flexible('server')}", "max:302"]
        own = "AES128-SHA:AES128-GCM-SHA256"
        version, _, server = peer.ask(words, "TLSv1.1", server_ciphers=own, shim=True,
                                      SSLHARDEN_FORBID="CBC")
        self.assertEqual((version, len(server.log)), ("TLSv1.1", 1))

    @peer.with_curves
    def test_beside_a_list_of_the_operator_s(self):
        both = {"SSLHARDEN_CIPHERS": "AES256-SHA:ECDHE-RSA-AES256-SHA", "SSLHARDEN_FORBID": "kRSA"}
        self.assertEqual(self.ask("AES128-SHA", "ALL", shim=True, **both)[0],
                         "ECDHE-RSA-AES256-SHA")
        # Nothing of which is left: the program's own, without what is forbidden, and a line.
        both["SSLHARDEN_CIPHERS"] = "AES256-SHA"
        served, server = self.ask("AES128-SHA:ECDHE-RSA-AES128-SHA", "ALL", shim=True, **both)
        self.assertEqual(served, "ECDHE-RSA-AES128-SHA")
        self.assertRegex(server.log[0], "SSLHARDEN_CIPHERS: .*SSLHARDEN_FORBID leaves something")

    @peer.with_curves
    def test_beside_a_list_that_libssl_does_not_take(self):
        """It is as none: whom the other leaves served stays so."""
        own = "AES128-SHA:ECDHE-ECDSA-AES128-SHA"  # nothing else for the certificate
        more = {"shim": True, "SSLHARDEN_FORBID": "kRSA", "SSLHARDEN_CIPHERS": "NO-SUCH"}
        served, server = self.ask(own, "ALL", **more)
        self.assertEqual(served, "AES128-SHA")
        self.assertRegex(server.log[-1], "SSLHARDEN_FORBID names all .*own list stays")
        # Its twin has something else.
        self.assertEqual(self.ask("AES128-SHA:ECDHE-RSA-AES128-SHA", "ALL", **more)[0],
                         "ECDHE-RSA-AES128-SHA")

    @peer.with_curves
    def test_what_nobody_knows_to_work_is_not_all_that_is_left(self):
        """Suites of which nobody tells whether the server has the parameters, or that kind of key."""
        every = self.list("ALL:COMPLEMENTOFALL")
        for unsure in ("DHE-RSA-AES128-SHA", "ECDH-RSA-AES128-SHA", "DH-RSA-AES128-SHA"):
            if unsure not in every:
                continue
            if unsure[:4] == "DHE-" and peer.runs() >= 0x40000000:
                continue  # finite fields are groups there: it has them without parameters
            own = f"AES128-SHA:{unsure}"
            with self.subTest(own=own):
                self.assertEqual(self.ask(own, "ALL")[0], "AES128-SHA")
                served, server = self.ask(own, "ALL", shim=True, SSLHARDEN_FORBID="kRSA")
                self.assertEqual(served, "AES128-SHA")
                self.assertRegex(server.log[-1], "SSLHARDEN_FORBID names all .*own list stays")
                # Nor of the operator's.
                served, server = self.ask("AES128-SHA:ECDHE-RSA-AES128-SHA", "ALL", shim=True,
                                          SSLHARDEN_FORBID="kRSA", SSLHARDEN_CIPHERS=own)
                self.assertEqual(served, "ECDHE-RSA-AES128-SHA")
                self.assertRegex(server.log[0], "SSLHARDEN_FORBID leaves something")

    @peer.with_curves
    def test_a_context_that_it_is_moved_to(self):
        key, offered = f"cert:{peer.certificate()}", "AES128-SHA:ECDHE-RSA-AES128-SHA"
        words = [f"new:{peer.flexible('server')}", peer.ciphers_word("AES256-SHA"), key, "other",
                 f"new:{peer.flexible('server')}",
                 peer.ciphers_word(offered), key, "first", "ssl:sni"]
        for shim, chosen in ((False, "AES128-SHA"), (True, "ECDHE-RSA-AES128-SHA")):
            with peer.Server(*words, shim=shim, SSLHARDEN_FORBID="kRSA") as server:
                lines = peer.run(*peer.client_words("TLSv1.2", offered), f"connect:{server.port}")
                server.end()
            self.assertEqual(peer.field(lines, "connected").split()[1], chosen, server.log)


if __name__ == "__main__":
    unittest.main()
