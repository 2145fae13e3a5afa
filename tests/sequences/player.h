/* SPDX-License-Identifier: MIT
 *
 * What the parts of the player share: its objects, and what a word of a sequence is.
 */
#ifndef SSLHARDEN_TESTS_PLAYER_H
#define SSLHARDEN_TESTS_PLAYER_H

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#if OPENSSL_VERSION_NUMBER < 0x10100000L
#define TLS_LEGACY 1
#endif
#if OPENSSL_VERSION_NUMBER >= 0x10000000L && !defined(OPENSSL_NO_PSK)
#define HAS_PSK 1
#endif
#if OPENSSL_VERSION_NUMBER >= 0x10001000L && !defined(OPENSSL_NO_SRP)
#define HAS_SRP 1
#endif
#if OPENSSL_VERSION_NUMBER >= 0x30000000L
typedef uint64_t option_bits;
#elif defined(TLS_LEGACY)
typedef long option_bits;
#else
typedef unsigned long option_bits;
#endif

/* 0.9.8e has no extension, and its programs write to the options themselves. */
#ifndef SSL_set_tlsext_host_name
#define SSL_TLSEXT_ERR_OK 0
#define SSL_set_tlsext_host_name(ssl, name) 0
#define SSL_set_SSL_CTX(ssl, ctx) (absent("SSL_set_SSL_CTX"), (SSL_CTX *)NULL)
#endif
#if defined(TLS_LEGACY) && !defined(SSL_CTX_clear_options)
#define SSL_CTX_clear_options(ctx, bits) ((ctx)->options &= ~(unsigned long)(bits))
#define SSL_clear_options(ssl, bits) ((ssl)->options &= ~(unsigned long)(bits))
#define DTLSv1_listen(ssl, peer) ((void)(peer), absent("DTLSv1_listen"), -1)
#endif

enum { SLOTS = 4, LINES = 12, LINE = 256 };

/* What a callback of the program's does: more words, with @ for its connection. */
struct program {
	char lines[LINES][LINE];
	int count;
};

/* A capital letter. */
struct context {
	SSL_CTX *ssl;
	struct program on_hello, on_servername, on_info, on_certificate, on_protocol;
};

/* A small letter; @ in a callback. */
struct connection {
	SSL *ssl;
	BIO *bio; /* of BIO_f_ssl, if one drives it */
	const SSL_METHOD *made; /* its context's method when it was made */
	SSL *peer; /* the scripted other end of its last handshake */
	int socket; /* its handshakes go over a pair of sockets */
	struct program in_gap; /* what is done while its next handshake waits for the hello */
};

extern struct context contexts[SLOTS];
extern struct connection connections[SLOTS];
extern struct connection in_callback;
extern int handshakes_begun, handshakes_done;

/* One call: its arguments as written, and what they name. */
struct call {
	const char *text[6];
	struct context *context, *other;
	struct connection *connection, *copy;
	const SSL_METHOD *method;
	char answer[4096]; /* what the call returned, in words */
};

/*
 * The arguments: C a context, D another (also a new one), S a connection, T another (also a
 * new one), E either kind, M a method, w a word, * the rest of the line.
 */
struct word {
	const char *name, *arguments;
	void (*run)(struct call *call);
};

extern const struct word context_words[], callback_words[], connection_words[], session_words[],
	drive_words[];

/* This libssl lacks it: the sequence ends here. */
void absent(const char *name);
void answer(struct call *call, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A line of what happened besides, indented under the call that it happened in. */
void tell(const char *format, ...) __attribute__((format(printf, 1, 2)));
void play_line(const char *line);
void run_program(const struct program *program, SSL *ssl);
void add_to_program(struct program *program, const char *line);

/* A function that not every header has, by its name; NULL and absent where there is none. */
typedef void (*any_function)(void);
any_function optional(const char *name);

const SSL_METHOD *method_of(const char *name);
const char *method_name(const SSL_METHOD *method);
unsigned long long options_of(const char *names);
int version_of(const char *name);
/* The cipher string; its suffix @0 is security level 0 where there are levels. */
const char *ciphers_of(const char *word, char *buffer, size_t size);
const char *last_reason(void);
void bound(SSL_CTX *ctx, SSL *ssl, int highest, int version);

/* Of a context, or of a connection. */
void use_certificate(SSL_CTX *ctx, SSL *ssl, const char *key);
void use_psk_server(SSL_CTX *ctx, SSL *ssl);
void use_psk_client(SSL_CTX *ctx, int needs_hint);
void use_psk13_client(SSL_CTX *ctx);
void use_srp_server(SSL_CTX *ctx);
void use_srp_client(SSL_CTX *ctx);
void use_extension_client(SSL_CTX *ctx);
void use_npn_client(SSL_CTX *ctx);
void use_fragments_client(SSL_CTX *ctx);
void use_dh(SSL_CTX *ctx);
long use_p256(SSL_CTX *ctx);

void drop_connection(struct connection *connection);
const SSL_METHOD *context_method(SSL *ssl);
/* What its list asks of a client, once a callback of the program's has changed it. */
void tell_begins(SSL *ssl);

void drop_session(void);
void drop_cache(void);
void close_conf(void);
extern SSL_CTX *scripted; /* the context of the last scripted peer */

#endif
