/* SPDX-License-Identifier: MIT
 *
 * connection: what its program does to a connection besides its handshake.
 *
 * Every function leaves errno and OpenSSL's error queue as found, and may be called from any
 * thread that may use the SSL itself.
 */
#ifndef SSLHARDEN_CONNECTION_H
#define SSLHARDEN_CONNECTION_H

#include "loader/resolve.h"

/* What the program may take away of @options that it wants cleared. */
uint64_t connection_clearable(const struct image *image, SSL *ssl, uint64_t options);

/*
 * The program wanted a renegotiation, which answered @ret: it may be to ask for a certificate.
 * Where TLS 1.3 is there because of us and knows no such thing, it must not pass for verified.
 */
void connection_renegotiates(const struct image *image, SSL *ssl, int ret);

/*
 * Whether the server asked for a renegotiation that has not come to its end, since the operator
 * forbids the others; and a handshake came to its end.
 */
bool connection_asks(const SSL *ssl);
void connection_asked(const struct image *image, const SSL *ssl);

/* It takes the server side by a call that says so: it has the safe options from then on. */
void connection_takes_side(const struct image *image, SSL *ssl);

/*
 * What a pinned method takes no notice of, but what opens it has to: a version bound that the
 * program set, and what keeps it below TLS 1.3: a PSK identity hint, of which a client of that
 * learns nothing, and signature algorithms (see context_sigalgs_set).  It stays with the connection.
 *
 * @highest  an upper bound, not a lower one
 * @version  the wire number, as SSL_CTX_set_min_proto_version takes it
 */
void connection_bound(const struct image *image, SSL *ssl, bool highest, int version);
void connection_stays_older(const struct image *image, SSL *ssl);

#endif
