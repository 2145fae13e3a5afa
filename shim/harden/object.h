/* SPDX-License-Identifier: MIT
 *
 * object: what a context or a connection has, and what is wanted of it, in the
 * calls of its own libssl: before 1.1.0 controls, then functions, in BoringSSL
 * others.  Decides nothing.
 */
#ifndef SSLHARDEN_OBJECT_H
#define SSLHARDEN_OBJECT_H

#include "loader/resolve.h"
#include "sslharden/config.h"

/* Controls of openssl/ssl.h, the same numbers in every release that has the name. */
enum {
	CTRL_SET_TMP_ECDH = 4,
	CTRL_OPTIONS = 32,
	CTRL_DTLS_LISTEN = 75, /* before 1.1.0; then a function */
	CTRL_CLEAR_OPTIONS = 77,
	CTRL_SET_GROUPS = 91,
	CTRL_SET_GROUPS_LIST = 92, /* from 1.0.2 on, where it is called SET_CURVES_LIST */
	CTRL_SET_ECDH_AUTO = 94, /* 1.0.2 */
	CTRL_SET_MIN_PROTO_VERSION = 123,
	CTRL_SET_MAX_PROTO_VERSION = 124,
	CTRL_GET_MIN_PROTO_VERSION = 130,
	CTRL_GET_MAX_PROTO_VERSION = 131,
};

/* What is remembered of a context; one word of the table. */
struct state {
	bool known;
	const struct method_kind *kind; /* what it was made with */
	int pin; /* the version its method was fixed to, 0: none */
	uint64_t added; /* options that we set and the program did not (32 bits are all we set) */
	unsigned int own_list; /* the number of the program's cipher list (own_list.h) */
	bool told; /* that the operator's list is of no use to its certificate; or by an audit */
	/* A bound is ours, in place of the program's own: 0, or one of those that it may set. */
	bool min_added, max_added;
	unsigned int own; /* both, packed (connection.h) */
};

struct state state_of(const SSL_CTX *ctx);

/*
 * The same of a context whose method is now of @kind: a state whose method had another role is of
 * a dead context that was at this address, and says nothing.
 */
struct state state_as(const SSL_CTX *ctx, const struct method_kind *kind);

/* False for want of memory. */
bool state_set(const SSL_CTX *ctx, const struct state *state);

/* Whether this process ever had a context with a pin: most have none, and nothing to follow. */
bool pins_are_known(void);

/* Our own calls must not be seen in errno or on OpenSSL's error queue.  They do not nest. */
struct bracket {
	int saved_errno;
};

struct bracket bracket_open(const struct image *image);
void bracket_close(const struct image *image, struct bracket bracket);

uint64_t ctx_options(const struct image *image, SSL_CTX *ctx);
void ctx_options_set(const struct image *image, SSL_CTX *ctx, uint64_t options);
void ctx_options_clear(const struct image *image, SSL_CTX *ctx, uint64_t options);
uint64_t ssl_options(const struct image *image, SSL *ssl);
void ssl_options_set(const struct image *image, SSL *ssl, uint64_t options);

/* The kind of method that a context has now; NULL if it cannot be told, or is QUIC's. */
const struct method_kind *ctx_kind(const struct image *image, const SSL_CTX *ctx);

/*
 * True for a connection that serves and for a fresh one of a generic method,
 * which does not know yet: libssl sets the flag for every method that can
 * accept.
 */
bool may_serve(const struct image *image, const SSL *ssl);

/* Whether a connection that took the server side still has it. */
bool still_serves(const struct image *image, const SSL *ssl);

/* The operator's cap; never below @floor. */
int cap_for(const struct config *config, enum transport transport, int floor);

/* The options that a context or connection of a method pinned to @pin (0: none) is to have. */
uint64_t wanted_options(const struct image *image, enum transport transport, int pin);

#endif
