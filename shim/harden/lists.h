/* SPDX-License-Identifier: MIT
 *
 * lists: cipher lists, TLS 1.3 suites and groups: what the program's ask of a client, and the
 * operator's, which are put on connections that serve.
 *
 * The caller brackets OpenSSL's error queue and errno.  Safe from any thread that may use the
 * object itself.
 */
#ifndef SSLHARDEN_LISTS_H
#define SSLHARDEN_LISTS_H

#include "harden/decide.h"
#include "loader/resolve.h"

/* Whether the operator gave any; and whether the libssl of @ctx takes all that were given. */
bool lists_are_given(void);
bool lists_are_changed(void); /* or forbids something of the program's */
bool lists_are_usable(const struct image *image, SSL_CTX *ctx);

/* Which of them connections of a context get, as far as it is known before there is one. */
struct change lists_planned(const struct image *image, SSL_CTX *ctx);

/* Their variables' names, for a message: ", SSLHARDEN_CIPHERS SSLHARDEN_GROUPS"; "": none. */
enum { LISTS_TEXT_MAX = 80 };
void lists_text(const struct change *change, char text[LISTS_TEXT_MAX]);

/* Asks the libssl of @ctx, once, what it takes of them; one that it does not is told. */
void lists_prepare(const struct image *image, SSL_CTX *ctx);

/*
 * What the program's list and credentials ask.
 *
 * @moved  the context whose list is meant, as libssl means it after SSL_set_SSL_CTX in a
 *         callback; NULL: the connection's own
 * @hint   a PSK identity hint was set
 */
struct demands lists_demands(const struct image *image, SSL *ssl, const SSL_CTX *moved, bool hint)
	__attribute__((cold));

/*
 * Whether of its usable suites those that came with TLS 1.2 ask less of a client than the older
 * ones do: no key, fewer bits, or no authentication or encryption at all.
 *
 * @moved   as above
 * @brings  a callback may bring another certificate, which older versions may have no use for
 */
bool lists_newer_ask_less(const struct image *image, SSL *ssl, const SSL_CTX *moved, bool brings)
	__attribute__((cold));

/*
 * Whether its list puts a suite without forward secrecy before one with it, of those that its
 * certificates can use before TLS 1.3.
 */
bool lists_prefer_worse(const struct image *image, SSL *ssl);

/*
 * Whether the connection's list has suites that need a curve and do not authenticate or encrypt.
 * @alone: and no others
 */
bool lists_have_unsafe_ecdhe(const struct image *image, const SSL *ssl, bool *alone)
	__attribute__((cold));

/* Writes what was decided of them; answers whether the connection has its first own list by it. */
bool lists_write(const struct image *image, SSL *ssl, const struct change *change)
	__attribute__((cold));

/* Whether the connection has a list of its own: SSL_get_ciphers returns its context's if not. */
bool lists_has_own(const struct image *image, const SSL *ssl);

/*
 * Gives a connection that is used again its context's list anew, if it has one of this library from its
 * last handshake: the program may have changed the context's since.  Returns whether it has.
 */
bool lists_renew(const struct image *image, SSL *ssl);

/*
 * Gives the connection a list that serves nobody, until lists_renew.  Returns whether it had its
 * context's, or one of this library.
 */
bool lists_leave_none(const struct image *image, SSL *ssl);

/* Gives the connection the list of a context, as libssl does where it has none of its own. */
void lists_take(const struct image *image, SSL *ssl, const SSL_CTX *ctx);

/* The list of a context, a stack of ciphers; and one that is read. */
const void *lists_of_context(const struct image *image, const SSL_CTX *ctx);
int lists_size(const struct image *image, const void *stack);
const void *lists_at(const struct image *image, const void *stack, int i);

#endif
