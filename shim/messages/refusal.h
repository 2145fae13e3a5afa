/* SPDX-License-Identifier: MIT
 *
 * refusal: says why a client was refused, where we are the reason.
 *
 * Someone with an old scanner or printer sees only a dropped connection.  The
 * operator is to see who it was, what it offered, and which variable lets it
 * in.
 */
#ifndef SSLHARDEN_REFUSAL_H
#define SSLHARDEN_REFUSAL_H

#include "loader/resolve.h"

/*
 * To be called before and after the real SSL_accept or SSL_do_handshake of a
 * connection that serves, with what the call answered.  Says nothing unless a
 * well-formed hello was refused and would not have been without us; at most one
 * line a minute for one cause, which counts those that were not told.  Leaves
 * errno and OpenSSL's error queue as found.  Safe from any thread.
 */
void refusal_watch(const struct image *image, SSL *ssl);
void refusal_explain(const struct image *image, SSL *ssl, int ret);

/* In an audit, instead of the last: says which of those that got in would not have. */
void refusal_foresee(const struct image *image, SSL *ssl, int ret);

#endif
