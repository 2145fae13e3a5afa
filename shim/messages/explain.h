/* SPDX-License-Identifier: MIT
 *
 * explain: writes the line about a refused client: who it was, what it offered, and which settings
 * would let it in.
 */
#ifndef SSLHARDEN_EXPLAIN_H
#define SSLHARDEN_EXPLAIN_H

#include "loader/resolve.h"

/* Why a client was refused.  The numbers are indexes of shared_counts: new ones go to the end. */
enum cause {
	CAUSE_NONE, /* the program or libssl itself refused it */
	CAUSE_SSLV3, /* it speaks nothing newer than SSL 3.0, which is not allowed */
	CAUSE_MIN_PROTOCOL, /* its versions are below SSLHARDEN_MIN_PROTOCOL */
	CAUSE_MAX_PROTOCOL, /* its versions are above SSLHARDEN_MAX_PROTOCOL */
	CAUSE_FORBIDDEN, /* SSLHARDEN_MIN_PROTOCOL leaves only versions that the program forbids */
	CAUSE_CIPHERS, /* it offers no suite of SSLHARDEN_CIPHERS */
	CAUSE_CIPHERSUITES, /* it offers no suite of SSLHARDEN_CIPHERSUITES */
	CAUSE_GROUPS, /* it offers no group of SSLHARDEN_GROUPS */
	CAUSE_OPENED, /* a pin was opened to TLS 1.3, in which it shares no group or suite */
	CAUSE_LEVEL, /* the security level in SSLHARDEN_CIPHERS forbids its version */
	CAUSE_FORBID, /* it offers no suite that SSLHARDEN_FORBID leaves in the list */
	CAUSE_RENEGOTIATION, /* it began one, which SSLHARDEN_NO_CLIENT_RENEGOTIATION forbids */
	CAUSE_STRICT, /* SSLHARDEN_STRICT refuses it, whatever it offers; only counted */
	CAUSE_COUNT,
};

/* A client that the program alone would have served, and all that has to change to let it in. */
struct refusal {
	enum cause cause;
	int offered; /* wire version: the newest in its hello */
	int admitted; /* wire version: it would be served with this one */
	bool serves_nobody; /* the server has no version left, and did not read the hello */
	versions older; /* where it did not: what it could also serve below that */
	const char *suite; /* the operator's list lacks this one; NULL: it lacks none */
	const char *group; /* SSLHARDEN_GROUPS lacks this one; NULL: it lacks none */
	unsigned int forbidden; /* SUITE_* (suites.h) that SSLHARDEN_FORBID must not name */
	/* A list lacks something, or names too much, but what is not known. */
	bool needs_longer_list, needs_longer_groups, needs_shorter_forbid;
	bool program_list_unknown; /* whether that has a suite for it is not known */
	int security_level; /* that SSLHARDEN_CIPHERS must set; -1: none */
};

/*
 * Writes the line, in an audit about a client that would have been refused.
 *
 * At most one line a minute is written for a cause (of CAUSE_MIN_PROTOCOL: for each version), with
 * the number of those that were left out since the last.  Safe from any thread that may use the
 * SSL.
 */
void explain(const struct image *image, const SSL *ssl, const struct refusal *refusal)
	__attribute__((cold));

#endif
