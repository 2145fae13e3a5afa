/* SPDX-License-Identifier: MIT
 *
 * refusal: finds out whether a client was refused because of this library, and which settings would
 * let it in.  Somebody with an old scanner or printer sees only a dropped connection; the operator
 * is to see who it was.
 *
 * Every function leaves errno and OpenSSL's error queue as found, and is safe from any thread
 * that may use the SSL itself.
 */
#ifndef SSLHARDEN_REFUSAL_H
#define SSLHARDEN_REFUSAL_H

#include "loader/resolve.h"

/*
 * Whether a call that returned without finishing the handshake has failed, and need not be
 * repeated.
 */
bool refusal_is_one(const struct image *image, const SSL *ssl);

/*
 * A fatal alert was sent (libssl from 1.1.1 on then still has the client's hello), or a call of the
 * handshake failed (@is_over).  Counts the handshake, once, and writes a line if a well-formed
 * hello was refused that the program alone would have served, as far as that can be known
 * (explain.h).
 */
void refusal_explain(const struct image *image, SSL *ssl, bool is_over) __attribute__((cold));

/* SSLHARDEN_STRICT refuses a connection before its client's hello is read: counts the handshake. */
void refusal_count_strict(void) __attribute__((cold));

/* The handshake is done; in an audit, says if the client would not have got in. */
void refusal_done(const struct image *image, SSL *ssl);

#endif
