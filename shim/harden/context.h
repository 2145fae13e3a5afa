/* SPDX-License-Identifier: MIT
 *
 * context: what is done to a context when it is made or given another method, and which options its
 * program may clear.
 *
 * Every function leaves errno and OpenSSL's error queue as found, and may be called from any
 * thread that may use the context itself.
 */
#ifndef SSLHARDEN_CONTEXT_H
#define SSLHARDEN_CONTEXT_H

#include "harden/context_plan.h"
#include "loader/resolve.h"

/*
 * The real SSL_CTX_new returned @ctx: gives it the options and what else its kind of context gets.
 */
void context_created(const struct image *image, SSL_CTX *ctx, const struct plan *plan);

/* The same where SSL_CTX_set_ssl_version succeeded; what the old method had added goes first. */
void context_replaced(const struct image *image, SSL_CTX *ctx, const struct plan *plan);

/* The method that the program asked for, if the context has another in its place; else NULL. */
const SSL_METHOD *context_asked_method(const struct image *image, const SSL_CTX *ctx);

/* Of @options, which the program wants cleared, those that it may clear. */
uint64_t context_clearable(const struct image *image, SSL_CTX *ctx, uint64_t options);

/*
 * The program has set options.  A pinned method ignores the one that forbids its own version, and
 * the flexible method in its place would heed it; so there the pinned one comes back, and whatever
 * the program does next finds what it has made.
 */
void context_options_set(const struct image *image, SSL_CTX *ctx);

/* The program has set @options itself, so that they are no longer among our own. */
void context_program_options(SSL_CTX *ctx, uint64_t options);

/* The options of a context that we set and its program did not. */
uint64_t context_added(const SSL_CTX *ctx);

/*
 * Before 1.1.0: the versions below the pins that the context had until it was given another method.
 * Connections that it made before may still have them.
 */
versions context_below_earlier(const struct image *image, SSL_CTX *ctx);

#endif
