/* SPDX-License-Identifier: MIT
 *
 * decide: what is to be changed of a connection whose handshake begins.
 *
 * Pure: it knows no libssl, only what was read of one (subject.h), and the
 * settings.  tests/unit/test_decide.c asks it about every combination.
 */
#ifndef SSLHARDEN_DECIDE_H
#define SSLHARDEN_DECIDE_H

#include <stdbool.h>
#include <stdint.h>

#include "sslharden/config.h"
#include "sslharden/policy.h"
#include "sslharden/role.h"

/* What the program's cipher list and credentials ask of a client. */
struct asked {
	bool known; /* they were read; else nothing below is said */
	bool ciphers, suites; /* the operator's, of which this libssl takes something */
	bool by_key; /* every suite below TLS 1.3 that it can use authenticates by a key, or nobody */
	bool psk; /* it has a suite with a key of a client's, below TLS 1.3 */
	bool tls1_3; /* it has a suite of TLS 1.3, and a certificate that can be used there */
	unsigned int ways, ways_older; /* how suites of its list authenticate, and before TLS 1.2 */
	bool suits; /* the operator's list has a suite of such a way and for its certificates */
	int bits; /* of the weakest suite below TLS 1.3 that it can use; 0: it has none */
	bool forbidden; /* its list has suites that the operator forbids */
	versions left; /* where it can use a suite of the others, below TLS 1.3 */
};

/* A connection that serves, as its program left it. */
struct subject {
	const struct dialect *dialect;
	const struct method_kind *method; /* the one in force: it serves if nothing is changed */
	uint64_t wanted; /* the safe options */
	versions spoken; /* what a flexible method of its transport can serve */
	bool hint; /* its context has a PSK identity hint */
	bool names; /* its context has a servername callback */
	bool seen; /* what is said once of its context was said */
	bool first; /* its first handshake, and not a renegotiation */
	bool unasked; /* a renegotiation that the client began, and nobody allows */
	bool can_exchange; /* another method can still be set, and there is a flexible one */
	bool opened; /* its pin was opened when this handshake began */
	versions bound; /* and then to these; 0: it was not */
	bool reused; /* it had a handshake before an SSL_clear */
	bool dies_of_writing; /* a client that has left kills the program which writes to it */
	bool asks_later; /* TLS 1.3 would ask for a client's certificate only when its program does */
	int min, max; /* its version bounds, 0: none; a pinned method ignores them */
	versions noted; /* of the next, what was set on the connection itself */
	versions barred; /* what the program set bounds against, or a hint, on a pinned method */
	uint64_t options;
	uint64_t ours; /* those of them that it has from us */
	int pin; /* of a method that was exchanged before, or opened; 0: none was */
	bool own_dh; /* that choice is not libssl's, though it is in its context */
	unsigned int dh_weakest, dh_strongest; /* sizes that libssl is to choose from; 0: none */
	struct asked asked;
};

enum remark {
	REMARK_NONE,
	REMARK_OWN_LIST, /* the operator's list has nothing for the certificate: the own one stays */
	REMARK_KEYS, /* likewise, since the server authenticates by a key or not at all */
	REMARK_FORBID, /* what the operator forbids is all that it could use: the own list stays */
};

struct change {
	versions bare; /* what the program itself would serve */
	versions held; /* what it serves now; the empty set: nobody */
	bool opened; /* a pin was opened upwards */
	bool exchange; /* set the flexible method of a server, and no bounds */
	int max; /* the upper bound to set in place of a lower one; 0: as it is */
	uint64_t clear, set; /* options, to be done in this order */
	bool ciphers, suites, groups; /* set the operator's */
	unsigned int ways, ways_older; /* leave of the operator's list what authenticates so */
	bool forbid; /* then take out of the list what the operator forbids */
	bool keyless; /* TLS 1.3 is to find no key of a client's as it alone does */
	bool pskless; /* nor as older versions do, where the program's list has nothing with a key */
	bool ticketless; /* TLS 1.3 is to send no tickets */
	int suites_bits; /* leave of the program's TLS 1.3 suites those of so many; 0: all */
	unsigned int
		dh; /* set DH parameters of so many bits in place of libssl's choice; 0: none */
	enum remark remark;
	bool refuse; /* leave it nothing to serve */
};

/* Whether a connection whose pin was opened may not be served TLS 1.3 with a suite of @bits. */
bool decide_objects(const struct subject *subject, int bits);

/* Whether decide looks at what the program's list and credentials ask. */
bool decide_asks(const struct subject *subject, const struct config *config);

/* In an audit only what would be served, and by which lists: nothing is to be changed. */
void decide(const struct subject *subject, const struct config *config, struct change *change);

#endif
