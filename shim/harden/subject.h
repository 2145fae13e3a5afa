/* SPDX-License-Identifier: MIT
 *
 * subject: what is read of a connection whose handshake begins.  The only place that looks; what
 * follows is told (decide.h).
 */
#ifndef SSLHARDEN_SUBJECT_H
#define SSLHARDEN_SUBJECT_H

#include "harden/decide.h"
#include "loader/resolve.h"

/* False: it is a client's, or of a method that is not known. */
bool subject_read(const struct image *image, SSL *ssl, struct subject *subject);

/* Reads what the context that it has now asks of a client; the caller brackets the error queue. */
void subject_ask(const struct image *image, SSL *ssl, struct subject *subject);

/* The method that a serving connection gets in place of a pinned one; NULL: there is none. */
const SSL_METHOD *subject_flexible(const struct image *image, const struct subject *subject);

#endif
