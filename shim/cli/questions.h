/* SPDX-License-Identifier: MIT
 *
 * questions: who asks a server when it is compared.
 */
#ifndef SSLHARDEN_QUESTIONS_H
#define SSLHARDEN_QUESTIONS_H

#include "ask.h"

enum question {
	ASK_SSL3, /* one client a version, in ascending order */
	ASK_TLS1,
	ASK_TLS1_1,
	ASK_TLS1_2,
	ASK_TLS1_3,
	ASK_NEWEST, /* one who has them all */
	ASK_WORST, /* who would like the worst suite, and takes any; as all below, up to TLS 1.2 */
	ASK_BEST,
	ASK_REST, /* without the suite that those two got, if they got the same */
	ASK_STATIC, /* who has no suite with forward secrecy */
	ASK_COMPRESSION,
	ASK_DHE, /* more than once: is its key the same? */
	ASK_DHE_LAST = ASK_DHE + 2,
	ASK_ECDHE,
	ASK_ECDHE_LAST = ASK_ECDHE + 2,
	QUESTION_COUNT,
};

struct measured {
	struct reply answers[QUESTION_COUNT];
};

/* False: a signal came, or @until before all were asked; each has @target's time for itself. */
bool questions_ask(const struct target *target, long until, struct measured *measured);

/* A connection on which the newest client has had its answer, -1: none. */
int questions_hold(const struct target *target);

/* Whether any of the answers is one of TLS. */
bool questions_found_tls(const struct measured *measured);

/* Whether there is any answer, of whatever kind. */
bool questions_have_answer(const struct measured *measured);

/* The client's version of ASK_SSL3 to ASK_TLS1_3, on the wire. */
int question_version(enum question question);

#endif
