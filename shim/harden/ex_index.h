/* SPDX-License-Identifier: MIT
 *
 * ex_index: an index of OpenSSL's ex_data for each libssl, made when something is first kept there.
 *
 * Only from 1.1.0 on, and not with LibreSSL, where index 0 is that of SSL_set_app_data.  Safe from
 * any thread.
 */
#ifndef SSLHARDEN_EX_INDEX_H
#define SSLHARDEN_EX_INDEX_H

#include "loader/resolve.h"
#include "memory/table.h"

/* CRYPTO_EX_INDEX_SSL and _SSL_CTX of openssl/crypto.h, from 1.1.0 on. */
enum ex_class { EX_SSL = 0, EX_SSL_CTX = 1 };

struct ex_use {
	enum table_word word; /* that keeps the index; each use has another */
	int (*make)(const struct image *image); /* returns a new index; below 0: there is none */
};

/*
 * Returns the index, or a number below 0 if there is none.
 *
 * @wanted  make one if there is none yet
 */
int ex_index(const struct image *image, const struct ex_use *use, bool wanted);

#endif
