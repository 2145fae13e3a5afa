/* SPDX-License-Identifier: MIT
 *
 * keep: a key that the program gave to a context or a connection, and whose place another took.
 * libssl would have kept it as long as the object, so its program may go on using it until then.
 */
#ifndef SSLHARDEN_KEEP_H
#define SSLHARDEN_KEEP_H

#include "loader/resolve.h"

/*
 * Takes @key over, and frees the one that was kept before.  Of OpenSSL 3.0 and later, where keys
 * are given so (SSL_CTX_set0_tmp_dh_pkey).  From any thread that may use the object.
 *
 * @ctx, @ssl  the object: one of the two, the other is NULL
 *
 * False: there is no memory, and it is the caller's.
 */
bool keep_key(const struct image *image, SSL_CTX *ctx, SSL *ssl, EVP_PKEY *key);

#endif
