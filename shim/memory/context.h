/* SPDX-License-Identifier: MIT
 *
 * context: what is remembered of an SSL_CTX because libssl has no getter for it.  It is one word in
 * memory/table, found by the context's address.
 *
 * The word of a freed context stays until a new context gets its address; the wrapper of
 * SSL_CTX_new then writes it anew.  Lock-free, and safe from any thread.
 */
#ifndef SSLHARDEN_CONTEXT_MEMORY_H
#define SSLHARDEN_CONTEXT_MEMORY_H

#include <stdbool.h>
#include <stdint.h>

#include "sslharden/role.h"

struct context {
	bool known; /* false: nothing is remembered, and the rest is 0 */
	const struct method_kind *kind; /* of the method that the program asked for */
	uint32_t added_options; /* options that this library set and the program did not */
	/* A pinned method ignores the next six; opening its pin must heed them (decide.c). */
	int min, max; /* wire versions: bounds that the program set; 0: none */
	bool psk_hint; /* it has a PSK identity hint */
	bool bars_tls1_3; /* the program set signature algorithms or groups (context_bar_tls1_3) */
	bool custom_ext_read; /* a callback reads an extension of the program's, but not in TLS 1.3 */
	bool servername_callback; /* it has one, which may move a connection to another context */
	bool dh_auto; /* the program left the choice of DH parameters to libssl */
	bool remark_told; /* the line about a list that was not applied was written */
	bool connection_seen; /* the lines about its first connection that serves were written */
};

/* What is remembered of @ctx, which is not dereferenced. */
struct context context_of(const void *ctx);

/* Returns false if there is no memory. */
bool context_set(const void *ctx, const struct context *context);

void context_forget(const void *ctx);

#endif
