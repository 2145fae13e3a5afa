/* SPDX-License-Identifier: MIT
 *
 * callbacks: sets our callbacks in libssl in place of the program's, which ours then call.
 */
#ifndef SSLHARDEN_CALLBACKS_H
#define SSLHARDEN_CALLBACKS_H

#include "loader/resolve.h"

/* Sets our info callback on a context that was made, or given another method. */
void callbacks_stand(const struct image *image, SSL_CTX *ctx);

/* The same for a connection whose context does not have it, because its making was not seen. */
void callbacks_stand_on(const struct image *image, SSL *ssl);

#endif
