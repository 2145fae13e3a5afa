/* SPDX-License-Identifier: MIT
 *
 * offer: what a client offers, and which suite of a list would serve it.
 *
 * The caller brackets OpenSSL's error queue and errno.
 */
#ifndef SSLHARDEN_OFFER_H
#define SSLHARDEN_OFFER_H

#include "loader/resolve.h"

struct offer {
	versions newest; /* its newest version up to TLS 1.2; 0: not known */
	bool newer; /* it may speak TLS 1.3, too */
	/* Its suites as in the hello, in libssl's memory; NULL: they are not known. */
	const unsigned char *suites;
	size_t suites_len, suite_size; /* bytes: of all, and of one */
	unsigned int
		groups; /* those that libssl has by default, a bit each; 0: none, or not known */
};

/*
 * Reads what libssl tells.  From 1.1.1 on that is everything while it sends a fatal alert because
 * of the version.  Once the version is chosen it is suites and groups (from 1.0.2 on).  Which
 * versions a client of TLS 1.3 offers is never told.
 */
struct offer offer_of(const struct image *image, SSL *ssl);

/* What a suite must fit in order to serve. */
struct place {
	versions version; /* one */
	/* AUTH_* of the certificates (credentials.h); 0: none yet, a callback may bring one. */
	unsigned int given;
	int level;
	unsigned int forbid; /* what the operator forbids (suites.h) */
	bool groupless; /* only suites that need no group */
	const char *chosen; /* a suite that has served; NULL: none */
};

/*
 * The first suite of a stack of ciphers that fits @place and that the client offers (if its suites
 * are not known: the first that fits).  Suites that take DH parameters are left out, since libssl
 * does not tell whether the program has any, and so are those with a key, but for place->chosen.
 * Returns a name in libssl's memory; NULL: there is none.
 */
const char *offer_suite(const struct image *image, const struct offer *offer, const void *list,
			const struct place *place);

/*
 * The first group of the client that a libssl has by default, by its name; NULL: it names none of
 * those, or a list has one of the client's.
 */
const char *offer_group_beyond(const struct offer *offer, const char *list);

/* The versions that libssl serves at a security level. */
versions level_permits(const struct image *image, int level);

/* Whether it serves a suite at a security level, as SSL_CTX_set_security_level(3) has it. */
bool level_permits_suite(const struct image *image, const void *cipher, const char *name,
			 int level);

#endif
