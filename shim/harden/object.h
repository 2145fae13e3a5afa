/* SPDX-License-Identifier: MIT
 *
 * object: reads and writes options, bounds, lists and methods of a context or connection with the calls of
 * its own libssl: controls before 1.1.0, functions later, other functions in BoringSSL.  Safe from
 * any thread that may use the object.
 */
#ifndef SSLHARDEN_OBJECT_H
#define SSLHARDEN_OBJECT_H

#include "loader/controls.h"
#include "loader/resolve.h"

/* Bits of SSL_state(), before 1.1.0 (ssl.h: SSL_ST_BEFORE, _CONNECT, _ACCEPT). */
enum { STATE_CONNECT = 0x1000, STATE_ACCEPT = 0x2000, STATE_BEFORE = 0x4000 };

/*
 * Between these two, what our own calls leave in errno and on OpenSSL's error queue is undone at
 * the second one.  They do not nest.
 */
struct bracket {
	int saved_errno;
};

struct bracket bracket_open(const struct image *image);
void bracket_close(const struct image *image, struct bracket bracket);

uint64_t ctx_options(const struct image *image, SSL_CTX *ctx);
void ctx_options_set(const struct image *image, SSL_CTX *ctx, uint64_t options);
void ctx_options_clear(const struct image *image, SSL_CTX *ctx, uint64_t options);
uint64_t ssl_options(const struct image *image, SSL *ssl);
void ssl_options_set(const struct image *image, SSL *ssl, uint64_t options);
void ssl_options_clear(const struct image *image, SSL *ssl, uint64_t options);

/* A connection's version bounds, 0: none.  For a libssl that has them (proto_version) only. */
int ssl_min_version(const struct image *image, SSL *ssl);
int ssl_max_version(const struct image *image, SSL *ssl);
void ssl_set_min_version(const struct image *image, SSL *ssl, int version);
void ssl_set_max_version(const struct image *image, SSL *ssl, int version);

/*
 * Give a connection a list of ciphers, of TLS 1.3 suites or of groups, in OpenSSL's own syntax.
 * Return false if libssl does not take it, or has no such call.
 */
bool ssl_set_ciphers(const struct image *image, SSL *ssl, const char *ciphers);
bool ssl_set_suites(const struct image *image, SSL *ssl, const char *suites);
bool ssl_set_groups(const struct image *image, SSL *ssl, const char *groups);

/* SSL_VERIFY_* of openssl/ssl.h; the last from 1.1.1 on. */
enum { VERIFY_PEER = 0x01, VERIFY_FAIL_IF_NO_CERTIFICATE = 0x02, VERIFY_POST_HANDSHAKE = 0x08 };

/* Whether a connection asks for its peer's certificate in all the ways of @mode, VERIFY_*. */
bool ssl_verifies(const struct image *image, const SSL *ssl, int mode);

/* The kind of method that a context has now; NULL if it cannot be told, or is QUIC's. */
const struct method_kind *ctx_kind(const struct image *image, const SSL_CTX *ctx);

/* Whether it takes lists of SSL 2.0's ciphers alone; connections that were moved to it do, too. */
bool ctx_is_of_ssl2(const struct image *image, const SSL_CTX *ctx);

/*
 * Gives a context of OpenSSL before 1.1.0 another method, and leaves it everything else.
 * (SSL_CTX_set_ssl_version would give it libssl's own list of ciphers.)
 */
void ctx_set_method(SSL_CTX *ctx, const SSL_METHOD *method);

/* The kind of method that a connection has now, as of a context. */
const struct method_kind *ssl_kind(const struct image *image, const SSL *ssl);

/*
 * The versions of a set that the program's security callback permits, asked as libssl asks it; without
 * one all, for libssl's own goes by the level.
 */
versions ssl_permits(const struct image *image, const SSL *ssl, enum transport transport,
		     versions set) __attribute__((cold));

/*
 * Whether a connection may use a suite: the program's security callback is asked, or libssl's own,
 * as libssl asks it when it chooses.  True of a libssl without one.
 */
bool ssl_permits_suite(const struct image *image, const SSL *ssl, const void *cipher)
	__attribute__((cold));

/* The same of session tickets, about which libssl does not ask in TLS 1.3. */
bool ssl_permits_tickets(const struct image *image, const SSL *ssl) __attribute__((cold));

bool may_serve_by_state(const struct image *image, const SSL *ssl);

/* As this libssl calls itself: "OpenSSL 3.0.22", "LibreSSL 3.7.2", "BoringSSL". */
enum { LIBSSL_TEXT_MAX = 32 };
void libssl_text(const struct image *image, char text[LIBSSL_TEXT_MAX]);

/*
 * True for a connection that serves and for a fresh one of a generic method,
 * which does not know yet: libssl sets the flag for every method that can
 * accept.
 */
static inline bool may_serve(const struct image *image, const SSL *ssl)
{
	return image->SSL_is_server != NULL ? image->SSL_is_server(ssl) != 0
					    : may_serve_by_state(image, ssl);
}

/*
 * Whether it is QUIC's: the method of its context is one that nobody knows.  libssl may hold the lock
 * of such a connection, which most calls would wait for, for ever.
 */
static inline bool ssl_is_quic(const struct image *image, const SSL *ssl)
{
	return image->methods[METHOD_OSSL_QUIC_server_method] != NULL &&
	       ctx_kind(image, image->SSL_get_SSL_CTX(ssl)) == NULL;
}

/* Its first handshake is done: libssl has the peer's Finished message from then on, until SSL_clear. */
static inline bool has_served(const struct image *image, const SSL *ssl)
{
	char none;

	return image->SSL_get_peer_finished != NULL &&
	       image->SSL_get_peer_finished(ssl, &none, 0) != 0;
}

/* Nothing of a handshake has happened yet. */
static inline bool is_before_handshake(const struct image *image, const SSL *ssl)
{
	if (image->SSL_in_before != NULL)
		return image->SSL_in_before(ssl) != 0;
	return image->SSL_state == NULL || (image->SSL_state(ssl) & STATE_BEFORE) != 0;
}

/*
 * Whether the connection has SRP parameters.  SSL_set_ssl_method frees them with the state of the old
 * method (SSL_SRP_CTX_free, 1.0.1 to 4.0), and there is no call that would read them all to set anew.
 */
static inline bool has_srp_parameters(const struct image *image, SSL *ssl)
{
	return image->SSL_get_srp_N != NULL && image->SSL_get_srp_N(ssl) != NULL;
}

#endif
