/* SPDX-License-Identifier: MIT
 *
 * operator_lists: what a libssl takes of the operator's lists: SSLHARDEN_CIPHERS, _CIPHERSUITES and
 * _GROUPS.  Each libssl is asked once, and one that takes nothing of a list is told of.
 *
 * The caller brackets OpenSSL's error queue and errno.  Safe from any thread that may use the object
 * itself.  Nothing that is given is kept.
 */
#ifndef SSLHARDEN_OPERATOR_LISTS_H
#define SSLHARDEN_OPERATOR_LISTS_H

#include "harden/credentials.h"
#include "harden/decide.h"
#include "loader/resolve.h"

struct taken_lists {
	bool asked : 1; /* the libssl was; if not, the rest is 0 */
	bool ciphers : 1, suites : 1, groups : 1;
	bool one_group : 1; /* it has P-256 alone, and no call to choose */
	unsigned int groups_left_out : 2; /* how many of a profile's groups, from the front */
	/* AUTH_* of the suites of SSLHARDEN_CIPHERS that came with TLS 1.2, and of older ones. */
	unsigned int auth_newer : AUTH_BITS, auth_older : AUTH_BITS;
};

/* What the libssl of @ctx takes.  Asks it, if nobody has yet. */
struct taken_lists operator_lists_taken(const struct image *image, SSL_CTX *ctx);

/* What it takes of SSLHARDEN_GROUPS, or of the profile's: a part of the settings' string. */
const char *operator_lists_groups(struct taken_lists taken);

/* Whether the operator gave any; and whether the libssl of @ctx takes all that were given. */
bool operator_lists_are_given(void);
bool operator_lists_are_taken(const struct image *image, SSL_CTX *ctx);

/* Whether the operator gave any, or forbids suites of the program's. */
bool operator_lists_change_any(void);

/* Which of them connections of a context get, as far as it is known before there is one. */
struct change operator_lists_planned(const struct image *image, SSL_CTX *ctx);

/*
 * SUITE_* of the suites on which a server cannot rely if SSLHARDEN_FORBID takes all others away:
 * they need DH parameters or a static DH certificate, and libssl does not tell whether it has
 * these.  0: nothing is forbidden.
 */
unsigned int operator_lists_unreliable(void);

/* Their variables' names, for a message: ", SSLHARDEN_CIPHERS SSLHARDEN_GROUPS"; "": none. */
enum { OPERATOR_LISTS_TEXT_MAX = 80 }; /* bytes, the NUL included */
void operator_lists_text(const struct change *change, char text[OPERATOR_LISTS_TEXT_MAX]);

#endif
