/* SPDX-License-Identifier: MIT
 *
 * lists: the operator's cipher list, TLS 1.3 cipher suites and groups, put on
 * contexts and connections that serve.
 *
 * The caller brackets OpenSSL's error queue and errno.  Safe from any thread
 * that may use the object itself.
 */
#ifndef SSLHARDEN_LISTS_H
#define SSLHARDEN_LISTS_H

#include "loader/resolve.h"

/*
 * Sets what the operator gave and this libssl can take; a list that it cannot
 * take leaves the program's own, and is told once for each libssl.
 */
void lists_set_context(const struct image *image, SSL_CTX *ctx);
void lists_set(const struct image *image, SSL *ssl);

/* The program set a context's cipher list itself; it may have to stay. */
void lists_note_own(const struct image *image, SSL_CTX *ctx, const char *list);

/*
 * Whether the operator's cipher list has a suite that the connection's
 * certificates can be used with; true while it has none.  TLS 1.3 needs none.
 */
bool lists_suit(const struct image *image, SSL *ssl);

/* For a connection that they do not suit: the program's own list stays, and a line says so. */
void lists_keep_own(const struct image *image, SSL *ssl, SSL_CTX *ctx);

/*
 * A serving connection was moved to another context, whose certificates may be of another kind.
 *
 * @contexts  its cipher list was the old context's, as lists_are_contexts says, and not its own
 */
bool lists_are_contexts(const struct image *image, SSL *ssl);
void lists_follow(const struct image *image, SSL *ssl, bool contexts);

/* Whether the operator gave any; and whether this libssl takes all that were given. */
bool lists_are_given(void);

/* Their variables' names, for a message: ", SSLHARDEN_CIPHERS SSLHARDEN_GROUPS"; "": none. */
enum { LISTS_TEXT_MAX = 64 };
void lists_text(char text[LISTS_TEXT_MAX]);
bool lists_are_usable(const struct image *image);

#endif
