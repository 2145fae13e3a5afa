/* SPDX-License-Identifier: MIT
 *
 * apply: what is done to a context, always through the real functions of its
 * own libssl and always so that doing it twice is doing it once.  Connections
 * are serving's.
 *
 * Every function leaves errno and OpenSSL's error queue as found, and may be
 * called from any thread that may use the object itself.
 */
#ifndef SSLHARDEN_APPLY_H
#define SSLHARDEN_APPLY_H

#include "loader/resolve.h"

/*
 * Whether this thread is in libssl's own SSL_CTX_new.  Where libssl calls
 * SSL_CTX_new_ex, SSL_CTX_ctrl and others of its functions through its PLT
 * they come back to the wrappers, and only the outermost call decides.
 *
 * Not enough alone: a callback of the program's may make a context in there, and
 * leave it by a jump or an exception, after which this stays true.
 */
extern _Thread_local bool inside_new __attribute__((tls_model("initial-exec")));

/* What a context is to be made with in place of what the program asked for. */
struct plan {
	const struct method_kind *kind; /* NULL: unknown method, passed through */
	const SSL_METHOD *method; /* the one to use */
	bool fresh; /* the context is new: no bound in it is the program's own */
	bool curveless; /* the context has no curve of ours or the program's yet */
};

/* Decides; changes nothing. */
struct plan plan_make(const struct image *image, const SSL_METHOD *asked);

/*
 * Hardens what the real SSL_CTX_new answered for @plan.
 *
 * @asked  the program's own method
 *
 * Answers @ctx, or NULL after freeing it where it could not be remembered and
 * so not be kept above its pin's floor: as if the allocation had failed inside.
 */
SSL_CTX *apply_created(const struct image *image, SSL_CTX *ctx, const struct plan *plan);

/*
 * The same for a context whose method was replaced by SSL_CTX_set_ssl_version;
 * what the old method had added is taken back first.
 */
void apply_replaced(const struct image *image, SSL_CTX *ctx, struct plan *plan);

/*
 * The method that the program asked for, where the context has another for it;
 * else NULL.
 */
const SSL_METHOD *apply_asked_method(const struct image *image, const SSL_CTX *ctx);

/* Puts back whatever @ctx lost since (SSL_CONF_cmd writes inside libssl). */
void apply_context(const struct image *image, SSL_CTX *ctx);

/* Puts the operator's lists back over what the program set. */
void apply_lists_context(const struct image *image, SSL_CTX *ctx);

/* What the program may take away of @options that it wants cleared. */
uint64_t apply_clearable_context(const struct image *image, SSL_CTX *ctx, uint64_t options);

/* The program set @options itself: they are no longer ours to take back. */
void apply_program_options(SSL_CTX *ctx, uint64_t options);

/*
 * The bound to set where the program asks for @version as its lowest
 * (@highest false) or highest version.  False: the context is pinned and
 * ignores bounds, as it would without us.
 */
bool apply_bound_context(const struct image *image, SSL_CTX *ctx, bool highest, long *version);

#endif
