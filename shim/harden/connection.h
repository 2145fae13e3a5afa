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
 * The program set a PSK identity hint, of which a client of TLS 1.3 learns nothing: a pinned
 * context, or connection, is not opened that far.  What it never served without us is told by an
 * option that a pinned method takes no notice of.
 */
void connection_hints(const struct image *image, SSL *ssl);
void context_hints(const struct image *image, SSL_CTX *ctx);

#endif
