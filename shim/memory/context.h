/* SPDX-License-Identifier: MIT
 *
 * context: what is remembered of an SSL_CTX because libssl has no getter for it.  It is one word in
 * memory/table, found by the context's address, for every handshake reads it.
 *
 * The word of a freed context stays until a new context gets its address; the wrapper of
 * SSL_CTX_new then writes it anew.  Lock-free, and safe from any thread.
 */
#ifndef SSLHARDEN_CONTEXT_MEMORY_H
#define SSLHARDEN_CONTEXT_MEMORY_H

#include <stdbool.h>
#include <stdint.h>

#include "sslharden/policy.h"

struct context {
	uint32_t added_options; /* options that this library set and the program did not */
	bool known : 1; /* false: nothing is remembered, and the rest is 0 */
	unsigned int kind_id : 6; /* of the method that the program asked for: see context_kind */
	/*
	 * A pinned method ignores the next nine; opening its pin must heed them (decide_versions.c).
	 * Before 1.1.0, which has no bounds, the first are the versions below pins that it had.
	 */
	unsigned int below_min : 6, above_max : 6; /* versions ruled out by the program's bounds */
	bool no_p256 : 1; /* the program set groups without it, which bind its clients' certificates */
	bool psk_hint : 1; /* it has a PSK identity hint */
	bool bars_tls1_3 : 1; /* the program set groups of which TLS 1.3 has none */
	bool signatures : 1; /* the program set signature algorithms (context_signatures_set) */
	bool custom_ext_read : 1; /* a callback reads an extension of the program's, but not in TLS 1.3 */
	bool servername_callback : 1; /* it has one, which may move a connection to another context */
	bool certificate_callback : 1; /* it has one, which may bring another certificate */
	bool ticket_callback : 1; /* it has one for tickets' keys, which may have none */
	bool own_curve : 1; /* its curve for ECDHE is this library's; bare it has no ECDHE */
	bool dh_auto : 1; /* the program left the choice of DH parameters to libssl */
	bool remark_told : 1; /* the line about a list that was not applied was written */
	bool connection_seen : 1; /* the lines about its first connection that serves were written */
};

_Static_assert(METHOD_COUNT <= 1 << 6 && VERSIONS_ALL < 1 << 6, "kinds and versions have to fit");
_Static_assert(sizeof(struct context) == sizeof(uint64_t), "the bits have to fit");

static inline const struct method_kind *context_kind(struct context context)
{
	return &method_kinds[context.kind_id];
}

/* What is remembered of @ctx, which is not dereferenced. */
struct context context_of(const void *ctx);

/* Returns false if there is no memory. */
bool context_set(const void *ctx, struct context context);

void context_forget(const void *ctx);

/*
 * Sets what is remembered of @ctx to @after if it still is @before.  Otherwise another thread has
 * changed it: returns false, and @before is what it is now.
 */
bool context_swap(const void *ctx, struct context *before, struct context after);

/*
 * Changes one member of what is remembered of a context, and leaves to other threads what they
 * change of the rest; of one of which nothing is remembered nothing is changed.  A statement.
 */
#define CONTEXT_MARK(ctx, member, value)                                      \
	do {                                                                  \
		struct context before = context_of(ctx), after;               \
		do {                                                          \
			after = before;                                       \
			after.member = (value);                               \
		} while (before.known && !context_swap(ctx, &before, after)); \
	} while (0)

#endif
