/* SPDX-License-Identifier: MIT
 *
 * decide: what is to be changed on a connection whose handshake begins.
 *
 * Pure: it calls no libssl, and knows only the settings and what subject.c has read of the
 * connection. tests/unit/test_decide.c runs it with every combination.  Safe from any thread.
 */
#ifndef SSLHARDEN_DECIDE_H
#define SSLHARDEN_DECIDE_H

#include <stdbool.h>
#include <stdint.h>

#include "memory/decision.h"
#include "sslharden/config.h"
#include "sslharden/policy.h"
#include "sslharden/role.h"

/* What the program's cipher list and credentials demand of a client. */
struct demands {
	bool known; /* false: they were not read, and the rest is 0 */
	/* libssl takes something of SSLHARDEN_CIPHERS, and of SSLHARDEN_CIPHERSUITES. */
	bool operator_ciphers, operator_suites;
	bool keys_only; /* no usable suite below TLS 1.3 takes a certificate: PSK, SRP, anonymous */
	bool psk; /* its list has a PSK suite below TLS 1.3 */
	bool tls1_2_asks_less; /* suites of TLS 1.2 than older ones, which alone it serves */
	bool can_tls1_3; /* it has a suite of TLS 1.3, and a certificate for it */
	/* AUTH_* (credentials.h) of its suites: of all, and of those before TLS 1.2. */
	unsigned int auth, auth_older;
	int weakest_bits; /* of the weakest usable suite below TLS 1.3; 0: there is none */
	bool off_groups; /* SSLHARDEN_GROUPS lacks its certificate's curve, which libssl heeds there */
	versions operator_list; /* in which SSLHARDEN_CIPHERS has a suite for it */
	bool has_forbidden; /* its list has suites that SSLHARDEN_FORBID names */
	versions
		left_by_forbid; /* below TLS 1.3: those with a usable suite that is not forbidden */
};

/* A connection that serves, as its program left it. */
struct subject {
	const struct dialect *dialect;
	const struct method_kind *method; /* the one that it has, or bare would have again */
	bool method_is_newer; /* what it has is the one that its last handshake came to */
	struct decision noted; /* of it before: what its program set on it, and whose its list is */
	uint64_t safe_options; /* policy_options */
	versions flexible_versions; /* what a flexible method of its transport can serve */
	uint64_t version_options; /* all that forbid a version to it */
	bool servername_callback; /* its context has one */
	bool context_seen; /* the lines about its context's first connection were written */
	bool first_handshake; /* false: a renegotiation */
	bool client_renegotiates; /* the client began one, which the operator forbids */
	bool can_exchange; /* its method can still be exchanged, and there is a flexible one */
	bool pin_opened; /* its pin was opened when this handshake began */
	versions opened_versions; /* to these; 0: it was not */
	bool reused; /* it had a handshake before an SSL_clear */
	bool heeds_sigpipe; /* a write to who has left ends or interrupts its program */
	bool breaks_tickets; /* a callback of its program's may leave tickets of TLS 1.3 unfinished */
	bool forbids_tickets; /* its security level, or the program's judgement, takes none */
	bool asks_post_handshake; /* TLS 1.3 would ask for the client's certificate too late */
	int min, max; /* wire versions: its bounds, which a pinned method ignores; 0: none */
	versions barred; /* ruled out by bounds or a hint that its pinned method ignored */
	uint64_t options;
	uint64_t our_options; /* those of options that this library has set */
	int exchanged_pin; /* wire version of its pinned method that was exchanged; 0: it had none */
	versions below_former_pins; /* older than one that it had; its context has another by now */
	/*
	 * It has its curve from this library, and its list has suites that need one and do not
	 * authenticate or encrypt; and no others.
	 */
	bool unsafe_ecdhe, unsafe_ecdhe_alone;
	unsigned int dh_weakest,
		dh_strongest; /* bits: libssl would choose between; 0: it does not */
	struct demands demands;
};

/* Why the program's own list stays although the operator has set another. */
enum remark {
	REMARK_NONE,
	REMARK_OWN_LIST, /* the operator's has no suite for the server's versions and certificates */
	REMARK_KEYS, /* the server authenticates by a key or not at all */
	REMARK_FORBID, /* SSLHARDEN_FORBID names every suite that the server can surely use */
	REMARK_GROUPS, /* SSLHARDEN_GROUPS would take its certificate away */
};

/* What write.c does to the connection, and what it then serves. */
struct change {
	versions bare; /* what the program alone would serve */
	versions allowed; /* what may be served now; the empty set: nobody is */
	bool pin_opened; /* the pin is to be opened */
	bool exchange; /* set the flexible server method, and no bounds */
	int max; /* wire version: the upper bound to set; 0: it stays */
	uint64_t clear, set; /* options to clear, and then to set */
	bool ciphers, suites, groups; /* set the operator's */
	unsigned int auth, auth_older; /* AUTH_*: leave of SSLHARDEN_CIPHERS only these suites */
	bool forbid; /* then take SSLHARDEN_FORBID's suites out of the list */
	bool no_unsafe_ecdhe; /* and those with ECDHE that do not authenticate or encrypt */
	/*
	 * TLS 1.3 is served that the program alone would not: it takes no PSK from the callback that
	 * it alone has, and no early data.
	 */
	bool adds_tls1_3;
	bool no_psk_callback; /* nor from that of older ones, if the list has no such suite */
	bool no_tickets; /* TLS 1.3 is to send no tickets */
	bool one_ticket; /* nor more than one, for there is one session to be taken back */
	int min_suite_bits; /* leave of the TLS 1.3 suites those with so many bits; 0: all */
	unsigned int dh_bits; /* set DH parameters of this size; 0: libssl's choice stays */
	enum remark remark;
	bool refuse; /* forbid every version, so that nobody is served */
};

/*
 * Fills @change.  In an audit it says what would be served and with which lists, and changes
 * nothing.
 */
void decide(const struct subject *subject, const struct config *config, struct change *change);

#endif
