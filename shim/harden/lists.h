/* SPDX-License-Identifier: MIT
 *
 * lists: writes the cipher list, TLS 1.3 suites and groups of a connection that serves: the
 * operator's, or the program's without what is not to be served.
 *
 * The caller brackets OpenSSL's error queue and errno.  Safe from any thread that may use the
 * connection itself.
 */
#ifndef SSLHARDEN_LISTS_H
#define SSLHARDEN_LISTS_H

#include "harden/decide.h"
#include "loader/resolve.h"

/* Writes what was decided of them.  Returns whether the connection has its first own list by it. */
bool lists_write(const struct image *image, SSL *ssl, const struct change *change)
	__attribute__((cold));

/*
 * Gives a connection that is used again its context's list anew, if it has one of this library from
 * its last handshake: the program may have changed the context's since.  Returns whether it has.
 * Brackets the error queue and errno itself.
 */
bool lists_renew(const struct image *image, SSL *ssl);

/*
 * Gives the connection a list that serves nobody, until lists_renew.  Returns whether it had its
 * context's, or one of this library.
 */
bool lists_leave_none(const struct image *image, SSL *ssl);

/* Gives the connection the list of a context, as libssl does where it has none of its own. */
void lists_take(const struct image *image, SSL *ssl, const SSL_CTX *ctx);

#endif
