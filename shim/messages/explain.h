/* SPDX-License-Identifier: MIT
 *
 * explain: the line about a client that is refused, for an operator who does not know why.
 */
#ifndef SSLHARDEN_EXPLAIN_H
#define SSLHARDEN_EXPLAIN_H

#include "loader/resolve.h"

/* The numbers of shared_counts: a later one comes behind what is there. */
enum cause {
	CAUSE_NONE,
	CAUSE_SSLV3, /* the client speaks nothing newer, and we forbid it */
	CAUSE_MIN_PROTOCOL, /* the operator's floor is above what the two speak */
	CAUSE_MAX_PROTOCOL, /* the operator's cap is below that */
	CAUSE_FORBIDDEN, /* the operator's floor is a version that the program forbids */
	CAUSE_CIPHERS, /* the operator's list and the client's have none in common */
	CAUSE_CIPHERSUITES, /* likewise, of TLS 1.3 */
	CAUSE_GROUPS, /* likewise */
	CAUSE_OPENED, /* a pin was opened to TLS 1.3, where the client shares no group or suite */
	CAUSE_LEVEL, /* the operator's list sets a security level that forbids its version */
	CAUSE_FORBID, /* what the operator leaves of a list and the client's have none in common */
	CAUSE_RENEGOTIATION, /* the client began one, and the operator forbids it */
	CAUSE_COUNT,
};

/* A client that the program itself would have served, and all that has to change for it. */
struct refusal {
	enum cause cause;
	int offered; /* the newest wire version of its hello */
	int admits; /* the one that would be served */
	bool nobody; /* no version is left, and the hello was not read */
	const char *suite; /* to be in the operator's list; NULL: nothing is missing there */
	unsigned int forbidden; /* not to be forbidden (suites.h) */
	const char *group; /* likewise */
	bool longer, longer_groups; /* something has to be there, and what is not known */
	bool shorter; /* likewise not to be forbidden */
	bool unsure; /* whether the program's own list has a suite for it is not known */
	int level; /* the security level that the operator's list has raised; -1: none */
};

/*
 * Says who was refused (in an audit: would be), what it offered, and every setting that has to
 * change to let it in.
 *
 * At most one line a minute for one cause, or version below the floor, which counts those that
 * were not told.  Safe from any thread.
 */
void explain(const struct image *image, const SSL *ssl, const struct refusal *refusal)
	__attribute__((cold));

#endif
