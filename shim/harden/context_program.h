/* SPDX-License-Identifier: MIT
 *
 * context_program: what the program sets on a context and what has to be remembered of it, for a
 * pinned method takes no notice, or libssl has no getter.
 *
 * Safe from any thread that may use the context itself.
 */
#ifndef SSLHARDEN_CONTEXT_PROGRAM_H
#define SSLHARDEN_CONTEXT_PROGRAM_H

#include "loader/resolve.h"
#include "memory/context.h"

/*
 * The real SSL_CTX_new is about to be called.  What openssl.cnf says of signature algorithms and groups
 * libssl sets inside it, as a program would.
 */
void context_begins(void);

/* What it has set there since: what is remembered of the context begins with it. */
struct context context_set_inside(void);

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

#endif
