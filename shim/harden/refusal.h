/* SPDX-License-Identifier: MIT
 *
 * refusal: finds out why a client was refused, where we are the reason.
 *
 * Someone with an old scanner or printer sees only a dropped connection.  The operator is to see
 * who it was, what it offered, and which variable lets it in.
 *
 * Every function leaves errno and OpenSSL's error queue as found, and is safe from any thread
 * that may use the SSL itself.
 */
#ifndef SSLHARDEN_REFUSAL_H
#define SSLHARDEN_REFUSAL_H

#include "loader/resolve.h"

/* The handshake of a connection that serves begins: its hello is looked at where libssl forgets. */
void refusal_watch(const struct image *image, SSL *ssl);

/* Whether a call of the handshake that returned without having finished it has failed. */
bool refusal_is_one(const struct image *image, const SSL *ssl);

/*
 * A fatal alert was sent, while libssl still has the client's hello (from 1.1.1 on), or such a call
 * returned (@is_over).  Counts the handshake, once.  Says nothing unless a well-formed hello was
 * refused and the program itself would have served it, as far as that can be known; at most one
 * line a minute for one cause, which counts those that were not told.
 */
void refusal_explain(const struct image *image, SSL *ssl, bool is_over) __attribute__((cold));

/* The handshake is done; in an audit, says if the client would not have got in. */
void refusal_done(const struct image *image, SSL *ssl);

#endif
