/* SPDX-License-Identifier: MIT
 *
 * serving: what is done to a connection, always through the real functions of
 * its own libssl and always so that doing it twice is doing it once.
 *
 * What holds for a connection is what its context was when it was made, even
 * if it is moved to another one (SSL_set_SSL_CTX): connection.h remembers.
 * Where libssl itself takes what the other one is, the higher floor holds.
 *
 * Every function leaves errno and OpenSSL's error queue as found, and may be
 * called from any thread that may use the SSL itself.
 */
#ifndef SSLHARDEN_SERVING_H
#define SSLHARDEN_SERVING_H

#include "harden/apply.h"
#include "loader/resolve.h"

/* --- its life ------------------------------------------------------------- */

/* @ssl was made of @ctx just now: nothing of an older one at its address is true of it. */
void serving_new(const struct image *image, SSL *ssl, SSL_CTX *ctx);

/* SSL_dup answered @copy, which may be @ssl itself, shared. */
void serving_dup(const struct image *image, SSL *ssl, SSL *copy);

/* SSL_up_ref: an SSL_free need not be the last. */
void serving_shared(const struct image *image, SSL *ssl);

/*
 * About to be moved to another context; and moved: what it lost is put back.
 *
 * @lists  what serving_moves answered: the cipher list is the old context's
 */
bool serving_moves(const struct image *image, SSL *ssl);
void serving_moved(const struct image *image, SSL *ssl, bool lists);

/*
 * SSL_clear: a connection that is used again has its context's method by now, which may be a
 * pinned one.  libssl calls it itself where a handshake begins; where it does so through its
 * PLT, that is seen, too.
 */
void serving_cleared(const struct image *image, SSL *ssl);

/*
 * The method to give a connection for which the program asks @asked by
 * SSL_set_ssl_method; and what to do when it has it.
 */
const SSL_METHOD *serving_method_for(const struct image *image, const struct plan *plan,
				     const SSL_METHOD *asked);
void serving_method(const struct image *image, SSL *ssl, const struct plan *plan);

/* --- its side ------------------------------------------------------------- */

/* Hardens a connection that takes, or may have taken, the server side. */
void serving_takes_side(const struct image *image, SSL *ssl);

/* The same where SSL_accept, or what does its work, is about to take it. */
void serving_accepts(const struct image *image, SSL *ssl);

/* Whether a connection serves for certain; one without a side yet does not. */
bool serving_is_certain(const struct image *image, SSL *ssl);

/* Whether SSLv3 would be served on a connection but for us. */
bool serving_took_sslv3(const struct image *image, SSL *ssl);

/* --- what the program does to it ------------------------------------------- */

/*
 * Puts back what a connection that serves lost when SSL_CONF_cmd or SSL_config wrote into
 * it; and the pin of one that does not.
 */
void serving_configured(const struct image *image, SSL *ssl);

/* Puts the operator's lists back over what the program set. */
void serving_lists(const struct image *image, SSL *ssl);

/* What the program may take away of @options that it wants cleared. */
uint64_t serving_clearable(const struct image *image, SSL *ssl, uint64_t options);

/* As apply_bound_context, for a connection. */
bool serving_bound(const struct image *image, SSL *ssl, bool highest, long *version);

#endif
