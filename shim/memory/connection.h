/* SPDX-License-Identifier: MIT
 *
 * connection: what is remembered of a connection, where its context does not
 * say it: an SSL may be moved to another context, be given another method, or
 * take a side that its context left open.
 *
 * Most connections need nothing: only those that serve from a generic context,
 * that were pinned, or that changed hands are here.  Eight bytes each, in
 * buckets of a cache line, kept until SSL_free or until the next SSL_new at
 * that address.
 *
 * Lock-free and fork-safe; an SSL itself is used by one thread at a time.
 */
#ifndef SSLHARDEN_CONNECTION_H
#define SSLHARDEN_CONNECTION_H

#include <stdbool.h>

#include "sslharden/role.h"

struct connection {
	bool known; /* something is remembered */
	bool serves; /* it took the server side */
	bool shared; /* SSL_up_ref: an SSL_free does not end it */
	const struct method_kind *kind; /* what its context was made with, or it was given */
	int pin; /* the version that it is held at or above, 0: none; @kind's own */
	unsigned int own; /* the program's bounds, packed, in whose place a client's are at the pin */
};

/* A range's bounds in six bits; what is no version that a bound can be is taken for none. */
enum { BOUNDS_BITS = 6 };
unsigned int bounds_pack(int min, int max);
int bounds_min(unsigned int bounds);
int bounds_max(unsigned int bounds);

struct connection connection_of(const void *ssl);

/* False for want of memory. */
bool connection_set(const void *ssl, const struct connection *connection);

void connection_forget(const void *ssl);

/* The same when it is about to be freed, unless it is shared. */
void connection_freed(const void *ssl);

#endif
