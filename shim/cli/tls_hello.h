/* SPDX-License-Identifier: MIT
 *
 * tls_hello: what a client of a version says first.  Made here and by no library: none of today says
 * SSL 3.0.  Pure.
 */
#ifndef SSLHARDEN_TLS_HELLO_H
#define SSLHARDEN_TLS_HELLO_H

#include <stdbool.h>

#include "tls_suites.h"

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

#endif
