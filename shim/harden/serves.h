/* SPDX-License-Identifier: MIT
 *
 * serves: which versions a connection serves as its program left it, and which it would without this
 * library; whether its pin opens, and what bars TLS 1.3 to it.  Pure.
 */
#ifndef SSLHARDEN_SERVES_H
#define SSLHARDEN_SERVES_H

#include "harden/decide.h"

enum { BITS_TLS1_3 = 128 }; /* of the weakest suite that TLS 1.3 has by default (RFC 8446, B.4) */

static inline bool is_pinned(const struct subject *subject)
{
	return subject->method->pin != 0;
}

/* What it would serve now; a pinned method ignores bounds and options. */
versions serves_now(const struct subject *subject);

/* What it would serve without this library.  @now: serves_now's answer. */
versions serves_bare(const struct subject *subject, versions now);

/* What the flexible method serves with these bounds and options. */
versions serves_within(const struct subject *subject, int min, int max, uint64_t options);

/* Whether its pin is to be opened, if that changes anything. */
bool pin_opens(const struct subject *subject, const struct config *config);

/*
 * TLS 1.3 does not heed what the program demands in older versions: not the keys that its list asks
 * for, not that it wants no suite of TLS 1.3, and not the certificate that it asks a client for.
 */
bool stays_below_tls1_3(const struct subject *subject);

/* The oldest version of a set alone; and that with those that follow it without a gap. */
static inline versions lowest_of(versions set)
{
	return set & (~set + 1);
}

static inline versions without_gap(versions set)
{
	versions run = lowest_of(set);

	while ((run << 1 & set & ~run) != 0)
		run |= run << 1 & set;
	return run;
}

/* Whether a connection whose pin was opened may not be served TLS 1.3 with a suite of @bits. */
bool serves_below_tls1_3(const struct subject *subject, const struct config *config, int bits);

/* Whether the program alone serves nothing newer than TLS 1.1, and libssl could. */
bool serves_older(const struct subject *subject);

/* Whether decide looks at subject->demands, so that they have to be read. */
bool serves_by_demands(const struct subject *subject, const struct config *config);

/* Whether it may be given TLS 1.3 that its program alone would not serve. */
bool may_be_given_tls1_3(const struct subject *subject, const struct config *config);

#endif
