/* SPDX-License-Identifier: MIT
 *
 * callbacks: sets our callbacks in libssl in place of the program's, which ours then call.
 */
#ifndef SSLHARDEN_CALLBACKS_H
#define SSLHARDEN_CALLBACKS_H

#include "loader/resolve.h"

/* Sets our info callback on a context that was made; it may have another's address. */
void callbacks_begin(const struct image *image, SSL_CTX *ctx);

/* The same on one that was given another method. */
void callbacks_stand(const struct image *image, SSL_CTX *ctx);

/* A connection is moved to another context. */
void callbacks_moved(SSL *ssl, const SSL_CTX *before);

/* Our info callback where the program has none of its own. */
void callbacks_info_alone(const SSL *ssl, int where, int ret);

/* callbacks_stand_on, where one look did not tell that there is nothing to do. */
void callbacks_stand_anew(const struct image *image, SSL *ssl);

/*
 * The same as callbacks_stand for a connection whose context does not have it, because its making
 * was not seen.  To be called of a libssl that is watched (wrap.h).
 */
static inline void callbacks_stand_on(const struct image *image, SSL *ssl)
{
	SSL_CTX *ctx = image->SSL_get_SSL_CTX(ssl);

	if (image->SSL_CTX_get_info_callback(ctx) != callbacks_info_alone ||
	    image->SSL_get_info_callback(ssl) != NULL)
		callbacks_stand_anew(image, ssl);
}

#endif
