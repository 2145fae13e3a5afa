/* SPDX-License-Identifier: MIT */
#ifndef SSLHARDEN_TESTS_CALLBACKS_H
#define SSLHARDEN_TESTS_CALLBACKS_H

#include <openssl/ssl.h>

#if OPENSSL_VERSION_NUMBER >= 0x10000000L && !defined(OPENSSL_NO_PSK)
#define PEER_PSK 1
#endif

/* What is done to each connection, in the order of the command line. */
struct words {
	const char *list[16];
	int count;
};

void ssl_apply(SSL *ssl, const struct words *words);

/* By the info callbacks, at the start of a handshake and at each of its steps. */
extern struct words start_words, step_words;

/* A word that begins with "info": for the connection, or with none for the context. */
void peer_info(SSL_CTX *ctx, SSL *ssl, const char *word);

/* A word that begins with "names": servername callbacks, which refuse everybody but for the last. */
void peer_names(SSL_CTX *ctx, const char *word);

/* Prints what the info callbacks were told since it was asked last. */
void peer_events(void);

/* Both ends know a key; the client asks for it by the server's hint alone. */
void peer_keys(SSL_CTX *ctx);
void peer_keys_newer(SSL_CTX *ctx, SSL *ssl);
void peer_hint(SSL_CTX *ctx, SSL *ssl, const char *hint);

/* A word that begins with "dh", if it is one: DH parameters, likewise. */
int peer_parameters(SSL_CTX *ctx, SSL *ssl, const char *word);

#endif
