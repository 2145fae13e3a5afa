/* SPDX-License-Identifier: MIT
 *
 * context: what is done to a context when it is made or given another method, and what its
 * program may take away of it.
 *
 * Every function leaves errno and OpenSSL's error queue as found, and may be called from any
 * thread that may use the context itself.
 */
#ifndef SSLHARDEN_CONTEXT_H
#define SSLHARDEN_CONTEXT_H

#include "loader/resolve.h"

/* What a context is to be made with in place of what the program asked for. */
struct plan {
	const struct method_kind *kind; /* what it asked for; NULL: unknown, passed through */
	const SSL_METHOD *method; /* the one to use */
	bool exchanged; /* and that is another */
};

/* Decides; changes nothing. */
struct plan context_plan(const struct image *image, const SSL_METHOD *asked);

/* What the real SSL_CTX_new answered for @plan gets what a context of its kind has. */
void context_created(const struct image *image, SSL_CTX *ctx, const struct plan *plan);

/* The same where SSL_CTX_set_ssl_version succeeded; what the old method had added goes first. */
void context_replaced(const struct image *image, SSL_CTX *ctx, const struct plan *plan);

/* The method that the program asked for, where the context has another for it; else NULL. */
const SSL_METHOD *context_asked_method(const struct image *image, const SSL_CTX *ctx);

/* What the program may take away of @options that it wants cleared. */
uint64_t context_clearable(const struct image *image, SSL_CTX *ctx, uint64_t options);

/*
 * What of @options is to be set where the program sets them: a pinned method takes no notice of
 * its own version's being forbidden, but the flexible one in its place would.
 */
uint64_t context_settable(const struct image *image, const SSL_CTX *ctx, uint64_t options);

/* The program set @options itself: they are no longer ours to take back. */
void context_program_options(SSL_CTX *ctx, uint64_t options);

/* The options of a context that we set and its program did not. */
uint64_t context_added(const SSL_CTX *ctx);

/* As connection_bound and connection_stays_older, of a context. */
void context_bound(SSL_CTX *ctx, bool highest, int version);
void context_psk_hint_set(SSL_CTX *ctx);

/*
 * The program set signature algorithms, its own or those of its clients' certificates, which for a
 * list that was written for TLS 1.2 leave nothing in TLS 1.3 (RFC 8446, 4.2.3: no RSA but PSS).
 */
void context_sigalgs_set(SSL_CTX *ctx);

/* libssl is to choose DH parameters by itself. */
void context_dh_auto_set(SSL_CTX *ctx, bool chooses);

/*
 * A callback of the program's reads an extension of its own, and may refuse who sends it; in TLS 1.3
 * libssl does not call it.
 */
void context_custom_ext_read(SSL_CTX *ctx);

/* The program set a servername callback, or took it away. */
void context_servername_callback_set(SSL_CTX *ctx, bool names);

/* The versions that a pin to @kind forbids where options hold it: everything below its floor. */
uint64_t context_pin_options(const struct image *image, const struct method_kind *kind);

#endif
