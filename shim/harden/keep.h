/* SPDX-License-Identifier: MIT
 *
 * keep: keeps a key that the program has given to a context or a connection, and in whose place
 * another was set.  libssl would have kept it as long as the object lives, so the program may use
 * it until then.
 */
#ifndef SSLHARDEN_KEEP_H
#define SSLHARDEN_KEEP_H

#include "loader/resolve.h"

/*
 * Takes ownership of @key until the object is freed, and frees the key that was kept before.  For
 * OpenSSL 3.0 and later (SSL_CTX_set0_tmp_dh_pkey).  Safe from any thread that may use the object.
 *
 * @ctx, @ssl  the object: one of the two, the other is NULL
 *
 * Returns false if there is no memory; then the key stays the caller's.
 */
bool keep_key(const struct image *image, SSL_CTX *ctx, SSL *ssl, EVP_PKEY *key);

#endif
