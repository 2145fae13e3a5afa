/* SPDX-License-Identifier: MIT
 *
 * tls_suites: numbers that a hello and its answer have on the wire, and what each suite is worth.  A
 * table of its own: no library of today has the suites that are bad enough to be worth asking for.
 */
#ifndef SSLHARDEN_TLS_SUITES_H
#define SSLHARDEN_TLS_SUITES_H

#include <stddef.h>
#include <stdint.h>

enum { SSL3 = 0x0300, TLS1 = 0x0301, TLS1_1 = 0x0302, TLS1_2 = 0x0303, TLS1_3 = 0x0304 };

enum {
	RECORD_ALERT = 21,
	RECORD_HANDSHAKE = 22,
	EXT_SESSION_TICKET = 35,
	EXT_SUPPORTED_VERSIONS = 43,
	EXT_KEY_SHARE = 51,
};

enum exchange { KX_RSA, KX_DHE, KX_ECDHE, KX_TLS1_3 };

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

struct suite {
	uint16_t code;
	enum exchange exchange;
	enum grade grade;
	const char *name;
};

/* The suite at a place, the worst first; NULL behind the last one. */
const struct suite *suite_at(size_t place);

/* The one of that code; NULL: it is not in the table. */
const struct suite *suite_find(uint16_t code);

/* As OpenSSL has it; "0x1234" for one that is not known, in @text. */
enum { SUITE_TEXT_MAX = 8 };
const char *suite_name(uint16_t suite, char text[SUITE_TEXT_MAX]);
enum grade suite_grade(uint16_t suite);

#endif
