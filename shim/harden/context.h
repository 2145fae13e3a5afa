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
 * The real SSL_CTX_new is about to be called.  What openssl.cnf says of signature algorithms and groups
 * libssl sets inside it, as a program would.
 */
void context_begins(void);

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

/*
 * Whether a pinned method is exchanged for a flexible one, given the options of its context or
 * connection.  Not where these forbid the pin's own version, nor for TLS 1.2 where that is libssl's
 * newest version, to which a flexible method would add none.
 */
bool context_opens(const struct image *image, const struct method_kind *kind, uint64_t options);

/* The program has set @options itself, so that they are no longer among our own. */
void context_program_options(SSL_CTX *ctx, uint64_t options);

/* The options of a context that we set and its program did not. */
uint64_t context_added(const SSL_CTX *ctx);

/* As connection_bound_set and connection_bar, of a context. */
void context_bound_set(SSL_CTX *ctx, bool highest, int version);
void context_psk_hint_set(SSL_CTX *ctx);

/*
 * The program set signature algorithms, its own or those of its clients' certificates.  Versions
 * below TLS 1.2 have none, so there each key and certificate does; and a list that was written for
 * TLS 1.2 leaves nothing in TLS 1.3 (RFC 8446, 4.2.3: no RSA but PSS).
 *
 * @everybody  also where openssl.cnf sets them, for every server of the host, whatever its key
 */
void context_signatures_set(SSL_CTX *ctx, bool everybody);
/* Those that have them; they look for the curve of a client's certificate among the groups, too. */
enum { VERSIONS_OF_SIGNATURES = VERSION_TLS1_2 | VERSION_TLS1_3 };

/* The program set groups, of which TLS 1.3 has none. */
void context_bar_tls1_3(SSL_CTX *ctx);

/*
 * The program set groups, with P-256 or without: below TLS 1.3 a client's certificate has to be on one
 * of them, and in TLS 1.3 it need not.
 */
void context_p256_set(SSL_CTX *ctx, bool lacks);

/* libssl is to choose DH parameters by itself. */
void context_dh_auto_set(SSL_CTX *ctx, bool chooses);

/*
 * The program has given it a curve for ECDHE, or left the choice to libssl (before 1.1.0).  Connections
 * that it has made keep the curve that is ours, which no libssl tells; so of a context that serves by
 * then nothing changes.
 */
void context_curve_given(SSL_CTX *ctx);

/*
 * A callback of the program's reads an extension of its own, and may refuse who sends it; in TLS
 * 1.3 libssl does not call it.
 */
void context_custom_ext_read(SSL_CTX *ctx);

/* The program set a servername callback, or took it away. */
void context_servername_callback_set(SSL_CTX *ctx, bool names);

/* The same of one that gives the key to seal a ticket with (SSL_CTX_set_tlsext_ticket_key_cb). */
void context_ticket_callback_set(SSL_CTX *ctx, bool seals);

/*
 * The program set a certificate callback (cert_cb), or took it away.  libssl calls it when it has
 * chosen the version, and TLS 1.3 cannot sign with each certificate that older ones take.
 */
void context_certificate_callback_set(SSL_CTX *ctx, bool brings);

/* The versions below the floor of a pin to @kind; and the options that forbid them. */
versions context_below_pin(const struct method_kind *kind);
uint64_t context_pin_options(const struct image *image, const struct method_kind *kind);

/*
 * Before 1.1.0: the versions below the pins that the context had until it was given another method.
 * Connections that it made before may still have them.
 */
versions context_below_earlier(const struct image *image, SSL_CTX *ctx);

#endif
