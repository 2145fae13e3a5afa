/* SPDX-License-Identifier: MIT
 *
 * connection: what the program does to a connection outside of its handshake.
 *
 * Every function leaves errno and OpenSSL's error queue as found, and may be called from any
 * thread that may use the SSL itself.
 */
#ifndef SSLHARDEN_CONNECTION_H
#define SSLHARDEN_CONNECTION_H

#include "loader/resolve.h"
#include "memory/decision.h"

/* Of @options, which the program wants cleared, those that it may clear. */
uint64_t connection_clearable(const struct image *image, SSL *ssl, uint64_t options);

/* The program is setting @options: what is also ours while an opened pin's handshake lasts stays. */
void connection_program_options(const struct image *image, SSL *ssl, uint64_t options);

/*
 * The program called SSL_renegotiate, perhaps to ask for a client's certificate, and libssl
 * returned @ret.  If the connection has TLS 1.3, which has no renegotiation, because of this
 * library, its verify result is set to an error, so that the client does not pass for verified.
 */
void connection_renegotiates(const struct image *image, SSL *ssl, int ret);

/*
 * For SSLHARDEN_NO_CLIENT_RENEGOTIATION: whether the server has asked for a renegotiation that is
 * not done yet; and to be called when a handshake is done.
 *
 * @decision  what is noted of the connection
 */
bool connection_awaits_renegotiation(const SSL *ssl);
void connection_handshake_done(const struct image *image, SSL *ssl, struct decision decision);

/* It came to an error, and is not gone on with. */
void connection_handshake_failed(const struct image *image, SSL *ssl);

/*
 * The program called SSL_set_ssl_method; or SSL_clear, with which 1.1.0 gives a connection that has no
 * session its context's method.
 */
void connection_method_set(const struct image *image, SSL *ssl);
void connection_cleared(const struct image *image, SSL *ssl);

/* SSL_set_accept_state was called: sets the safe options at once, for the program to read back. */
void connection_takes_side(const struct image *image, SSL *ssl);

/*
 * What a pinned method takes no notice of, but what opens it has to: a version bound that the
 * program set, and what bars a version: TLS 1.3 a PSK identity hint, of which a client of that
 * learns nothing, and signature algorithms or groups (as of a context).  It stays with the
 * connection.
 *
 * @highest  an upper bound, not a lower one
 * @version  the wire number, as SSL_CTX_set_min_proto_version takes it
 */
void connection_bound_set(const struct image *image, SSL *ssl, bool highest, int version);
void connection_bar(const struct image *image, SSL *ssl, versions barred);

/* The program has given it a curve for ECDHE, or left the choice to libssl (before 1.1.0). */
void connection_curve_given(const struct image *image, SSL *ssl);

#endif
