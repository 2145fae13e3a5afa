/* SPDX-License-Identifier: MIT
 *
 * side: what has to be done to a connection of OpenSSL before 1.1.0 before its handshake begins.
 * These releases cannot change the method then (ssl23_accept and ssl3_accept are different
 * functions), so a pinned method is exchanged when the connection takes the server side.
 *
 * Does nothing for a newer libssl.  Leaves errno and OpenSSL's error queue as found.
 */
#ifndef SSLHARDEN_SIDE_H
#define SSLHARDEN_SIDE_H

#include "loader/resolve.h"
#include "sslharden/config.h"

/* Whether anything has to be done to connections of this libssl. */
static inline bool side_follows(const struct image *image)
{
	return image->dialect.pinning == PIN_BEFORE_HANDSHAKE && image->known &&
	       image->SSL_set_ssl_method != NULL && config_get()->mode == MODE_ON;
}

/* Whether SSL_accept, which is about to be called, begins another handshake after one that is done. */
bool side_begins_anew(const struct image *image, const SSL *ssl);

/*
 * The connection takes the server side.  To be called where side_follows.
 *
 * @begins  its handshake is about to begin
 */
void side_taken(const struct image *image, SSL *ssl, bool begins);

/*
 * SSL_clear was called, which may have given the connection its context's method back.
 *
 * @before  of the method that it had
 * @served  its first handshake was done
 * @inside  libssl called it itself, in a handshake mostly
 */
void side_cleared(const struct image *image, SSL *ssl, const struct method_kind *before,
		  bool served, bool inside);

/* The program gave it a method of @kind by SSL_set_ssl_method. */
void side_method(const struct image *image, SSL *ssl, const struct method_kind *kind);

/*
 * The program moves it to another context: it keeps the method that it has.  If that was exchanged
 * for a pinned one, the pin is remembered until its handshake begins.
 */
void side_moves(const struct image *image, SSL *ssl);

/* The versions below the pins that it was moved away from; forgets them. */
versions side_below_pin(const SSL *ssl);

#endif
