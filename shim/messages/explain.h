/* SPDX-License-Identifier: MIT
 *
 * explain: the line about a client that is refused, for an operator who does not know why.
 */
#ifndef SSLHARDEN_EXPLAIN_H
#define SSLHARDEN_EXPLAIN_H

#include "loader/resolve.h"

enum cause {
	CAUSE_NONE,
	CAUSE_SSLV3, /* the client speaks nothing newer, and we forbid it */
	CAUSE_MIN_PROTOCOL, /* the operator's floor is above what the client speaks */
	CAUSE_MAX_PROTOCOL, /* the operator's cap is below what the client speaks */
	CAUSE_FORBIDDEN, /* the operator's floor is a version that the program forbids */
	CAUSE_CIPHERS, /* the operator's list and the client's have none in common */
	CAUSE_FORBID, /* likewise, of what the operator leaves of a list */
	CAUSE_CIPHERSUITES, /* likewise, of TLS 1.3 */
	CAUSE_GROUPS, /* likewise */
	CAUSE_OPENED, /* a pin was opened to TLS 1.3, where the client shares no group or suite */
	CAUSE_RENEGOTIATION, /* the client began one, and the operator forbids it */
	CAUSE_COUNT,
};

/*
 * Says who was refused (in an audit: would be), what it offered, and every setting that has to
 * change to let it in.
 *
 * @offered  the newest wire version of its hello
 *
 * At most one line a minute for one cause, or version below the floor, which counts those that
 * were not told.  Safe from any thread.
 */
void explain(const struct image *image, const SSL *ssl, enum cause cause, int offered);

#endif
