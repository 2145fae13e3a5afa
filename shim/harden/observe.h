/* SPDX-License-Identifier: MIT
 *
 * observe: SSLHARDEN=audit.  Says once a context what would be changed.
 */
#ifndef SSLHARDEN_OBSERVE_H
#define SSLHARDEN_OBSERVE_H

#include "loader/resolve.h"

/* A context was made with @method; a connection takes, or may take, the server side. */
void observe_created(const struct image *image, SSL_CTX *ctx, const SSL_METHOD *method);
void observe_serving(const struct image *image, SSL *ssl);

#endif
