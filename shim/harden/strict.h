/* SPDX-License-Identifier: MIT
 *
 * strict: SSLHARDEN_STRICT.  What cannot be hardened is refused as libssl refuses:
 * the call fails, and an entry on OpenSSL's error queue says why.
 */
#ifndef SSLHARDEN_STRICT_H
#define SSLHARDEN_STRICT_H

#include "loader/resolve.h"

/* Whether no context may be made with @method, nor a connection be given it. */
bool strict_refuses_method(const struct image *image, const SSL_METHOD *method);

/* Whether @ctx may not serve by @method: what only a context can be asked. */
bool strict_refuses_context(const struct image *image, SSL_CTX *ctx, const SSL_METHOD *method);

/*
 * Why a connection that takes the server side of a generic context may not serve; NULL: it may.
 * A generic context may be a client's, and is not refused itself.
 */
const char *strict_objection(const struct image *image, const SSL *ssl);

/*
 * As a call of libssl fails: an entry on the error queue, which says why; and a line, @each time or
 * once a process.
 */
void strict_raise(const struct image *image, const char *why, bool each) __attribute__((cold));

#endif
