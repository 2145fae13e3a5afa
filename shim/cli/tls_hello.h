/* SPDX-License-Identifier: MIT
 *
 * tls_hello: what a client of a version says first, and what a server answers to it, up to where
 * cryptography begins.  Made and read here and by no library: none of today says SSL 3.0, or
 * takes a suite that is bad enough to be worth asking for.  Pure.
 */
#ifndef SSLHARDEN_TLS_HELLO_H
#define SSLHARDEN_TLS_HELLO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SSL3 = 0x0300, TLS1 = 0x0301, TLS1_1 = 0x0302, TLS1_2 = 0x0303, TLS1_3 = 0x0304 };

/* What a suite is worth: none within one is better than another. */
enum grade {
	GRADE_UNKNOWN, /* no suite of the table */
	GRADE_NOBODY, /* nobody proves who he is */
	GRADE_PLAIN, /* nothing is encrypted */
	GRADE_BROKEN, /* export, DES */
	GRADE_WEAK, /* RC4, 3DES */
	GRADE_STATIC, /* without forward secrecy */
	GRADE_STATIC_AEAD,
	GRADE_SECRET, /* with it */
	GRADE_SECRET_AEAD,
};

/* Which suites a client offers, and in which order. */
enum offer { OFFER_BEST_FIRST, OFFER_WORST_FIRST, OFFER_STATIC, OFFER_DHE, OFFER_ECDHE };

struct hello {
	int lowest, highest; /* versions; below TLS 1.3 a client can name the highest alone */
	enum offer offer;
	uint16_t without; /* a suite that is left out, 0: none */
	bool compression;
	const char *name; /* the server's, NULL: none is said */
};

enum { HELLO_MAX = 1024, HELLO_NAME_MAX = 255, HELLO_RANDOM = 96 };

/* @random: bytes that nobody can guess need not be it; answers how many of @to it wrote. */
size_t hello_make(const struct hello *hello, const uint8_t random[HELLO_RANDOM],
		  uint8_t to[HELLO_MAX]);

enum outcome {
	OUTCOME_NONE, /* no answer: in time, or none was asked for */
	OUTCOME_SERVED,
	OUTCOME_REFUSED, /* by an alert, or the connection's end */
	OUTCOME_OTHER, /* it would serve a version that the client does not take */
	OUTCOME_NOT_TLS,
};

enum { KEY_KEPT = 32, REPLY_MAX = 1 << 17 };

struct reply {
	enum outcome outcome;
	int version;
	uint16_t suite;
	uint8_t alert; /* of a refusal, 0: none came (close_notify says as much) */
	bool compressed, ticket, retry; /* HelloRetryRequest */
	unsigned int group; /* of an ECDHE key, or of TLS 1.3; 0: not told */
	unsigned int dh_bits; /* 0: no DHE */
	size_t key_len; /* of the server's ephemeral key, 0: it has none */
	uint8_t key[KEY_KEPT]; /* its first bytes */
};

/*
 * What @len bytes (at most REPLY_MAX) from a server say.  Its outcome is OUTCOME_NONE as long as
 * more has to come.
 */
void reply_read(const uint8_t *bytes, size_t len, struct reply *reply);

/* Whether both tell of the same ephemeral key. */
bool reply_same_key(const struct reply *a, const struct reply *b);

/* As OpenSSL has it; "0x1234" for one that is not known, in @text. */
enum { SUITE_TEXT_MAX = 8 };
const char *suite_name(uint16_t suite, char text[SUITE_TEXT_MAX]);
enum grade suite_grade(uint16_t suite);

#endif
