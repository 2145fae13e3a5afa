/* SPDX-License-Identifier: MIT
 *
 * strict: SSLHARDEN_STRICT.  What cannot be hardened is refused as libssl refuses:
 * the call fails, and an entry on OpenSSL's error queue says why.
 */
#ifndef SSLHARDEN_STRICT_H
#define SSLHARDEN_STRICT_H

#include "loader/resolve.h"

/* Whether no context may be made with @method. */
bool strict_refuses_method(const struct image *image, const SSL_METHOD *method);

/* Whether a server context's new connection may not be used: no suite for its certificate. */
bool strict_refuses_new(const struct image *image, SSL *ssl);

/* Whether a generic context's connection may not take the server side. */
bool strict_refuses(const struct image *image, SSL *ssl);

#endif
