/* SPDX-License-Identifier: MIT
 *
 * context_plan: with which method a context is made, and what holds a pin that is exchanged then.
 *
 * Nothing is changed here.  Safe from any thread.
 */
#ifndef SSLHARDEN_CONTEXT_PLAN_H
#define SSLHARDEN_CONTEXT_PLAN_H

#include "loader/resolve.h"

/* How a context is made. */
struct plan {
	const struct method_kind
		*kind; /* of the method asked for; NULL: not known, left as it is */
	const SSL_METHOD *method; /* the method to use */
	bool exchanged; /* that is not the method asked for */
};

/* Decides how; changes nothing. */
struct plan context_plan(const struct image *image, const SSL_METHOD *asked);

/*
 * Whether the pinned method is exchanged when the context is made.  From 1.1.0 on it is not: its
 * connections are opened when their handshake begins (decide_versions.c).  Before, libssl cannot do
 * that; and for DTLS it is too late, because the program may have called DTLSv1_listen.
 */
bool context_exchanges(const struct image *image, const struct method_kind *kind);

/*
 * Whether a pinned method is exchanged for a flexible one, given the options of its context or
 * connection.  Not where these forbid the pin's own version, nor for TLS 1.2 where that is libssl's
 * newest version, to which a flexible method would add none.
 */
bool context_opens(const struct image *image, const struct method_kind *kind, uint64_t options);

/* The versions below the floor of a pin to @kind; and the options that forbid them. */
versions context_below_pin(const struct method_kind *kind);
uint64_t context_pin_options(const struct image *image, const struct method_kind *kind);

#endif
