/* SPDX-License-Identifier: MIT
 *
 * subject: reads what decide.c needs to know of a connection whose handshake begins.  Nothing after
 * it reads the connection again.  Leaves errno and OpenSSL's error queue as found, unless said
 * otherwise.
 */
#ifndef SSLHARDEN_SUBJECT_H
#define SSLHARDEN_SUBJECT_H

#include "harden/decide.h"
#include "loader/resolve.h"

/* Returns false if the connection is a client's, or its method is not known. */
bool subject_read(const struct image *image, SSL *ssl, struct subject *subject);

/*
 * Reads what the program demands of clients.  @list_of: its context, if it has that one's list by now,
 * after a callback has moved it there; NULL: it has its own, or the one that it began with.  The caller
 * brackets the error queue.
 */
void subject_read_demands(const struct image *image, SSL *ssl, const SSL_CTX *list_of,
			  struct subject *subject);

/* Reads what a pinned method has ignored of @ctx, to which a callback has moved the connection. */
void subject_read_move(const struct image *image, const SSL *ssl, const SSL_CTX *ctx,
		       struct subject *subject);

/* Reads whether its list, which is another now, has suites that a curve of ours must not open. */
void subject_read_unsafe(const struct image *image, const SSL *ssl, struct subject *subject);

/* The flexible server method that takes the place of a pinned one; NULL: there is none. */
const SSL_METHOD *subject_flexible(const struct image *image, const struct subject *subject);

#endif
