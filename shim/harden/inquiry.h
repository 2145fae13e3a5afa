/* SPDX-License-Identifier: MIT
 *
 * inquiry: what is known of a client that was refused: what it offers, and what its program alone
 * would have served it.
 *
 * The caller brackets OpenSSL's error queue and errno.  Safe from any thread that may use the SSL
 * itself.
 */
#ifndef SSLHARDEN_INQUIRY_H
#define SSLHARDEN_INQUIRY_H

#include "harden/offer.h"
#include "loader/resolve.h"
#include "memory/decision.h"

/* What is known of a refused client. */
struct inquiry {
	const struct image *image;
	SSL *ssl;
	struct decision decision;
	struct offer offer;
	versions bare_versions; /* those of the client's that the program alone could serve */
	versions bare_version; /* the one that it would serve the client; 0: none */
	int level, level_in_force; /* security level of the program, and that in force */
	const char *chosen; /* in an audit: the suite that served the client */
};

/* In an audit nobody was refused: a client that was served is looked at. */
bool inquiry_is_audit(void);

/* @decision  what was noted of the connection when its handshake began */
struct inquiry inquiry_of(const struct image *image, SSL *ssl, const struct decision *decision);

#endif
