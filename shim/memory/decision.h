/* SPDX-License-Identifier: MIT
 *
 * decision: what was decided for a connection when its handshake began, kept until it ends.
 *
 * A cache of 512 words, found by the connection's address.  Two connections whose addresses hash to
 * one place overwrite each other, so a reader must be right without the answer too: it serves
 * messages, counts, and the comparison at the end of the handshake.  What must not be lost is kept
 * with the connection itself (harden/note.h).  Lock-free, and safe from any thread.
 */
#ifndef SSLHARDEN_DECISION_H
#define SSLHARDEN_DECISION_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "sslharden/policy.h"

/* The sets are of enum VERSION_* (versions.h).  In an audit: what would be so. */
struct decision {
	unsigned int bare : 6; /* served without this library; 0: not known, or reported already */
	unsigned int allowed : 6; /* the connection may come out as one of these */
	unsigned int barred : 6; /* ruled out by bounds or a hint, which a pinned method ignores */
	unsigned int toggled : 6; /* opening its pin forbade them by options, or took such back */
	bool dh_auto_off : 1; /* the program took libssl's choice of DH parameters back for it */
	bool curve_given : 1; /* the program gave it a curve, whatever its context has */
	bool pin_opened : 1; /* its pinned method was exchanged for a flexible one */
	bool list_is_ours : 1; /* it had its context's cipher list, and was given one of its own */
	bool operator_ciphers : 1; /* its list is SSLHARDEN_CIPHERS, or a part of it */
	bool forbid_applied : 1; /* its list is without what SSLHARDEN_FORBID names */
	bool needs_certificate : 1; /* opened to TLS 1.3, where a key or a ticket must not do for it */
	bool counted : 1; /* the end of its handshake is counted; another is a renegotiation's */
};

_Static_assert(VERSIONS_ALL < 1 << 6, "a set has to fit");
_Static_assert(sizeof(struct decision) == sizeof(uint32_t), "the bits have to fit");

/* A decision as a number, and back: ex_data (harden/note.c) has room for no more. */
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

/*
 * @in_hand  the handshake is in libssl's hands, and not in its program's, until decision_leaves_hand
 */
void decision_store(const void *ssl, const struct decision *decision, bool in_hand);

/* Returns false if nothing is known, or no longer. */
bool decision_load(const void *ssl, struct decision *decision);

void decision_leaves_hand(const void *ssl);
/* False also if nothing is known of the connection. */
bool decision_is_in_hand(const void *ssl);

/*
 * Marks the connection's handshake as counted.  Returns the decision as it was before: counted already
 * or not, and all 0 if nothing is known.
 */
struct decision decision_mark_counted(const void *ssl);

#endif
