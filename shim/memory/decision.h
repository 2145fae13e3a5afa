/* SPDX-License-Identifier: MIT
 *
 * decision: what was decided of a connection when its handshake began, until it ends; and before
 * that, what its program asked of it that a pinned method takes no notice of.
 *
 * A few hundred words, found by the connection's address; two that fall on one place drive each
 * other out.  What is asked here must bear to be forgotten: it is for messages, and for looking
 * once more at what has been made sure of before.  What must not be forgotten is with the
 * connection itself (harden/note.h).  Lock-free, and safe from any thread.
 */
#ifndef SSLHARDEN_DECISION_H
#define SSLHARDEN_DECISION_H

#include <stdbool.h>
#include <stdint.h>

#include "sslharden/policy.h"

struct decision {
	versions bare; /* what the program itself would serve */
	versions held; /* what it may serve */
	versions barred; /* what its program set bounds against, or a hint, on a pinned method */
	bool opened; /* its pin was opened */
	bool listed; /* it had no list of its own, and was given one */
	bool ciphers; /* it has the operator's list (in an audit: would have), or what is left of it */
	bool forbids; /* what the operator forbids was taken out of its list (would be) */
	bool counted; /* how its handshake ended is counted: what comes now is a renegotiation */
};

/* All of it in the low bits of a word: these sets, then a bit each. */
enum {
	DECISION_BITS = 23,
	DECISION_SET = 6, /* bits of a set of versions */
	DECISION_BARE = 0 * DECISION_SET,
	DECISION_HELD = 1 * DECISION_SET,
	DECISION_BARRED = 2 * DECISION_SET,
	DECISION_FLAGS = 3 * DECISION_SET,
};
uint32_t decision_pack(const struct decision *decision);
struct decision decision_unpack(uint32_t word);

void decision_note(const void *ssl, const struct decision *decision);

/* False: nothing is known (any more). */
bool decision_of(const void *ssl, struct decision *decision);

/* Marks it as counted.  False: it is so already; else @word is it, 0 if nothing is known. */
bool decision_count(const void *ssl, uint32_t *word);

#endif
