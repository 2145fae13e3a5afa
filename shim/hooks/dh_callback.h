/* SPDX-License-Identifier: MIT
 *
 * dh_callback: our callback that gives DH parameters, which calls the program's and replaces what
 * is smaller than SSLHARDEN_MIN_DH_BITS.
 *
 * Safe from any thread that may use the object itself.
 */
#ifndef SSLHARDEN_DH_CALLBACK_H
#define SSLHARDEN_DH_CALLBACK_H

#include "loader/resolve.h"

/* What to set on a context for a callback of the program's (NULL: none). */
dh_callback dh_callback_of_context(const struct image *image, dh_callback callback, SSL_CTX *ctx);

#endif
