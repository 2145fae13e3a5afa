/* SPDX-License-Identifier: MIT
 *
 * offer: what a client offers, and what of a list would serve it.
 *
 * The caller brackets OpenSSL's error queue and errno.
 */
#ifndef SSLHARDEN_OFFER_H
#define SSLHARDEN_OFFER_H

#include "loader/resolve.h"

struct offer {
	versions newest; /* of those up to TLS 1.2, the newest; 0: not known */
	bool newer; /* it may speak TLS 1.3, too */
	/* Its suites, as a hello has them; NULL: they are not known. */
	const unsigned char *suites;
	size_t suites_len, suite_size;
	unsigned int groups; /* those there by default, a bit each; 0: not known, or none */
};

/*
 * libssl has all of it while it sends a fatal alert because of the version (from 1.1.1 on).  Once
 * that is chosen it tells suites and groups (from 1.0.2 on).  What versions a client of TLS 1.3
 * speaks it does not tell.
 */
struct offer offer_of(const struct image *image, SSL *ssl);

/* A suite serves at a version, by a certificate, at a security level. */
struct place {
	versions version; /* one */
	/* What the certificates give (credentials.h); 0: a callback brings one. */
	unsigned int given;
	int level;
	unsigned int forbid; /* what the operator forbids (suites.h) */
	bool groupless; /* none that needs a group */
	const char *chosen; /* one that served there; NULL: none has */
};

/*
 * The first suite of a stack of ciphers that serves there, and that the client offers (or any,
 * where that is not known).  None that takes DH parameters: nobody tells whether the program has
 * any; and none with a key, but for the one that served.  NULL: there is none.
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

#endif
