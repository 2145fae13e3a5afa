/* SPDX-License-Identifier: MIT
 *
 * callbacks: ours stand in front of the program's, and hand on to them.
 */
#ifndef SSLHARDEN_CALLBACKS_H
#define SSLHARDEN_CALLBACKS_H

#include "loader/resolve.h"

/* libssl is to tell us of every handshake of this context; called when it is made. */
void callbacks_stand(const struct image *image, SSL_CTX *ctx);

/* The same for a connection whose context does not: it came about unseen. */
void callbacks_stand_on(const struct image *image, SSL *ssl);

#endif
