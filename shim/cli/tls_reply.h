/* SPDX-License-Identifier: MIT
 *
 * tls_reply: what a server answers to a hello, up to where cryptography begins.  Read here and by no
 * library: none of today says SSL 3.0.  Pure.
 */
#ifndef SSLHARDEN_TLS_REPLY_H
#define SSLHARDEN_TLS_REPLY_H

#include <stdbool.h>

#include "tls_suites.h"

enum outcome {
	OUTCOME_NONE, /* no answer: in time, or none was asked for */
	OUTCOME_SERVED,
	OUTCOME_REFUSED, /* by an alert, or the connection's end */
	OUTCOME_OTHER, /* it would serve a version that the client does not take */
	OUTCOME_NOT_TLS,
};

enum { KEY_KEPT = 32, REPLY_MAX = 1 << 17 };

struct reply {
	enum outcome outcome;
	int version;
	uint16_t suite;
	uint8_t alert; /* of a refusal, 0: none came (close_notify says as much) */
	bool compressed, ticket, retry; /* HelloRetryRequest */
	unsigned int group; /* of an ECDHE key, or of TLS 1.3; 0: not told */
	unsigned int dh_bits; /* 0: no DHE */
	size_t key_len; /* of the server's ephemeral key, 0: it has none */
	uint8_t key[KEY_KEPT]; /* its first bytes */
};

/*
 * What @len bytes (at most REPLY_MAX) from a server say.  Its outcome is OUTCOME_NONE as long as
 * more has to come.
 */
void reply_read(const uint8_t *bytes, size_t len, struct reply *reply);

/* Whether both tell of the same ephemeral key. */
bool reply_same_key(const struct reply *a, const struct reply *b);

#endif
