/* SPDX-License-Identifier: MIT
 *
 * ex_index: an index of OpenSSL's ex_data, one a libssl, made when something is first kept there.
 *
 * From 1.1.0 on, and not with LibreSSL, where index 0 is SSL_set_app_data's.  Safe from any thread.
 */
#ifndef SSLHARDEN_EX_INDEX_H
#define SSLHARDEN_EX_INDEX_H

#include "loader/resolve.h"

/* CRYPTO_EX_INDEX_SSL and _SSL_CTX of openssl/crypto.h, from 1.1.0 on. */
enum ex_class { EX_SSL = 0, EX_SSL_CTX = 1 };

struct ex_use {
	unsigned int number; /* its own: 1 and up */
	int (*make)(const struct image *image); /* answers an index; below 0: there is none */
};

/*
 * Below 0: there is none.
 *
 * @wanted  make one: it is the first time that something has to be kept
 */
int ex_index(const struct image *image, const struct ex_use *use, bool wanted);

#endif
