/* SPDX-License-Identifier: MIT
 *
 * info_callback: our info callback, by which libssl tells of the events of a handshake, in place of
 * the program's, which ours calls.
 *
 * Safe from any thread that may use the object itself.
 */
#ifndef SSLHARDEN_INFO_CALLBACK_H
#define SSLHARDEN_INFO_CALLBACK_H

#include "loader/resolve.h"

/* Sets it on a context, unless it is there. */
void info_callback_stand(const struct image *image, SSL_CTX *ctx);

/* Ours where the program has none of its own. */
void info_callback_alone(const SSL *ssl, int where, int ret);

/* info_callback_stand_on, where one look did not tell that there is nothing to do. */
void info_callback_stand_anew(const struct image *image, SSL *ssl);

/*
 * The same as info_callback_stand for a connection whose context does not have it, because its
 * making was not seen.  To be called of a libssl that is watched (wrap.h).
 */
static inline void info_callback_stand_on(const struct image *image, SSL *ssl)
{
	SSL_CTX *ctx = image->SSL_get_SSL_CTX(ssl);

	if (image->SSL_CTX_get_info_callback(ctx) != info_callback_alone ||
	    image->SSL_get_info_callback(ssl) != NULL)
		info_callback_stand_anew(image, ssl);
}

#endif
