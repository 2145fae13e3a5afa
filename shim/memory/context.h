/* SPDX-License-Identifier: MIT
 *
 * context: what is remembered of an SSL_CTX, one word of the table: what it does not say itself.
 *
 * A context that died leaves its word to the next one at its address, which SSL_CTX_new sets
 * anew.  Lock-free, and safe from any thread.
 */
#ifndef SSLHARDEN_CONTEXT_MEMORY_H
#define SSLHARDEN_CONTEXT_MEMORY_H

#include <stdbool.h>
#include <stdint.h>

#include "sslharden/role.h"

struct context {
	bool known; /* something is remembered */
	const struct method_kind *kind; /* what its program asked for */
	uint32_t added; /* options that we set and the program did not */
	/* What its pinned method takes no notice of, but what opens the pin has to. */
	int min, max; /* version bounds that its program set, 0: none */
	bool hint; /* a PSK identity hint */
	bool older; /* something else that TLS 1.3 would not carry over */
	bool names; /* a servername callback, which may move a connection when its version is chosen */
	bool dh_auto; /* libssl is to choose DH parameters by itself */
	bool told; /* a line that is said once a context was said */
	bool seen; /* a connection of it was, and what is said once was said of it */
};

struct context context_of(const void *ctx);

/* False for want of memory. */
bool context_set(const void *ctx, const struct context *context);

void context_forget(const void *ctx);

#endif
