/* SPDX-License-Identifier: MIT
 *
 * last_word: what is done while a connection's handshake goes on, whenever libssl says so.
 *
 * Every function leaves errno and OpenSSL's error queue as found, but for the entry of a refusal
 * under SSLHARDEN_STRICT, and may be called from any thread that may use the SSL itself.
 */
#ifndef SSLHARDEN_LAST_WORD_H
#define SSLHARDEN_LAST_WORD_H

#include "loader/resolve.h"

/* A handshake begins; the program's own callback has been called. */
void last_word_begins(const struct image *image, SSL *ssl);

/*
 * The program's ClientHello callback returned: no version is chosen yet.  Its servername callback
 * returned: the version is chosen, the cipher is not.
 *
 * @before  the context that the connection had until then
 */
void last_word_hello(const struct image *image, SSL *ssl, const SSL_CTX *before);
void last_word_servername(const struct image *image, SSL *ssl, const SSL_CTX *before);

/*
 * It was moved to another context, perhaps by a callback that nobody stands in front of (of
 * certificates, of protocols): the list is that one's, until a cipher is chosen.
 */
void last_word_moved(const struct image *image, SSL *ssl, const SSL_CTX *before);

/* It is done: what came out is compared with what was decided. */
void last_word_ends(const struct image *image, SSL *ssl);

#endif
