/* SPDX-License-Identifier: MIT
 *
 * measured: the questions that a server is asked, and what its answers, taken together, say of it.
 * Pure.
 */
#ifndef SSLHARDEN_MEASURED_H
#define SSLHARDEN_MEASURED_H

#include "tls_reply.h"

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

/* The version on the wire of the client of ASK_SSL3 to ASK_TLS1_3. */
int question_version(enum question question);

/* Whether the client who asked so was served, in whatever version. */
bool measured_serves(const struct measured *measured, enum question question);

/* Whether any client gets in, of whatever version. */
bool measured_serves_any(const struct measured *measured);

/* Whether any of the answers is one of TLS. */
bool measured_has_tls(const struct measured *measured);

/* Whether there is any answer, of whatever kind. */
bool measured_has_answer(const struct measured *measured);

/* Whose order of suites rules, up to TLS 1.2; of the latter two the greater one is better. */
enum order {
	ORDER_UNKNOWN,
	ORDER_ONE_SUITE, /* nobody's: as far as was seen the server has one */
	ORDER_CLIENT,
	ORDER_SERVER,
};

enum order measured_order(const struct measured *measured);

/* Whether an ephemeral key came twice; @first: ASK_DHE or ASK_ECDHE. */
bool measured_reuses_key(const struct measured *measured, enum question first);

#endif
