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
#include <string.h>

#include "sslharden/policy.h"

struct decision { /* half a word, with sets of versions of six bits */
	unsigned int bare : 6; /* what the program itself would serve; 0: forgotten, or told of */
	unsigned int held : 6; /* what it may serve */
	unsigned int barred : 6; /* what it set bounds against, or a hint, on a pinned method */
	bool own_dh : 1; /* its DH parameters are its own: the choice is not libssl's, as its context's is */
	bool opened : 1; /* its pin was opened */
	bool listed : 1; /* it had no list of its own, and was given one */
	bool ciphers : 1; /* it has the operator's list (in an audit: would have), or what is left of it */
	bool forbids : 1; /* what the operator forbids was taken out of its list (would be) */
	bool counted : 1; /* how its handshake ended is counted: what comes now is a renegotiation */
};

_Static_assert(VERSIONS_ALL < 1 << 6, "a set has to fit");
_Static_assert(sizeof(struct decision) == sizeof(uint32_t), "the bits have to fit");

/* The same as a number, for who keeps one. */
static inline uint32_t decision_pack(struct decision decision)
{
	uint32_t half;

	memcpy(&half, &decision, sizeof(half));
	return half;
}

static inline struct decision decision_unpack(uint32_t half)
{
	struct decision decision;

	memcpy(&decision, &half, sizeof(half));
	return decision;
}

void decision_note(const void *ssl, const struct decision *decision);

/* False: nothing is known (any more). */
bool decision_of(const void *ssl, struct decision *decision);

/* Marks it as counted.  It as it was before, which may be counted already; all 0: nothing is known. */
struct decision decision_count(const void *ssl);

#endif
