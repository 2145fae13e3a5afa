/* SPDX-License-Identifier: MIT
 *
 * strict: SSLHARDEN_STRICT.  What cannot be hardened is refused in the way of libssl: the call
 * fails, and an entry on OpenSSL's error queue says why.  Safe from any thread that may use the
 * object.
 */
#ifndef SSLHARDEN_STRICT_H
#define SSLHARDEN_STRICT_H

#include "harden/decide.h"
#include "loader/resolve.h"

/* Whether making a context with @method, or giving it to a connection, must fail. */
bool strict_refuses_method(const struct image *image, const SSL_METHOD *method);

/* The same, for reasons that only a finished context shows (which lists its libssl takes). */
bool strict_refuses_context(const struct image *image, SSL_CTX *ctx, const SSL_METHOD *method);

/*
 * Why a connection may not serve; NULL: it may.  A generic context may be a client's, and is not
 * refused itself; and what the operator's lists come to shows with each connection alone.
 *
 * @remark  what was decided of those lists
 */
const char *strict_objection(const struct image *image, const SSL *ssl, enum remark remark);

/*
 * Puts @why on the error queue, and writes a line.
 *
 * @each  write the line each time, not once a process
 */
void strict_raise(const struct image *image, const char *why, bool each) __attribute__((cold));

#endif
