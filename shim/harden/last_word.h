/* SPDX-License-Identifier: MIT
 *
 * last_word: what is done at each event of a connection's handshake: read (subject.c), decide
 * (decide.c), write (write.c).
 *
 * Every function leaves errno and OpenSSL's error queue as found, but for the entry of a refusal
 * under SSLHARDEN_STRICT, and may be called from any thread that may use the SSL itself.
 */
#ifndef SSLHARDEN_LAST_WORD_H
#define SSLHARDEN_LAST_WORD_H

#include "loader/resolve.h"

/* A handshake begins, and the program's own info callback has returned. */
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
 * The hello of a connection whose context has no such callback of its program's has come, some time
 * after its handshake began: the program had the word in between, and may have said something.
 */
void last_word_hello_alone(const struct image *image, SSL *ssl);

/*
 * The program moved the connection to another context, perhaps in a callback that is not wrapped
 * (cert_cb, ALPN's).  Until the cipher is chosen, libssl takes the list of that context.
 */
void last_word_moved(const struct image *image, SSL *ssl, const SSL_CTX *before);

#endif
