/* SPDX-License-Identifier: MIT
 *
 * hello_callbacks: our callbacks between a client's hello and the choice of version and cipher (the
 * ClientHello callback's and the servername callback's), which call the program's and look at the
 * connection once more.
 *
 * Safe from any thread that may use the object itself.
 */
#ifndef SSLHARDEN_HELLO_CALLBACKS_H
#define SSLHARDEN_HELLO_CALLBACKS_H

#include "loader/resolve.h"

/* Sets our ClientHello callback on a context that was made; it may have another's address. */
void hello_callbacks_begin(const struct image *image, SSL_CTX *ctx);

/* A connection is moved to another context; @before: the one that it had. */
void hello_callbacks_moved(SSL *ssl, const SSL_CTX *before);

/* What to set on a context for a servername callback of the program's (NULL: none). */
any_callback hello_callbacks_servername(any_callback callback, SSL_CTX *ctx);

#endif
