/* SPDX-License-Identifier: MIT */
#include "questions.h"

#include <unistd.h>

#include "patience.h"

/* clang-format off */ /* a table */
static const struct hello hellos[QUESTION_COUNT] = {
	[ASK_SSL3] = {SSL3, SSL3, OFFER_BEST_FIRST, 0, false, 0},
	[ASK_TLS1] = {TLS1, TLS1, OFFER_BEST_FIRST, 0, false, 0},
	[ASK_TLS1_1] = {TLS1_1, TLS1_1, OFFER_BEST_FIRST, 0, false, 0},
	[ASK_TLS1_2] = {TLS1_2, TLS1_2, OFFER_BEST_FIRST, 0, false, 0},
	[ASK_TLS1_3] = {TLS1_3, TLS1_3, OFFER_BEST_FIRST, 0, false, 0},
	[ASK_NEWEST] = {TLS1, TLS1_3, OFFER_BEST_FIRST, 0, false, 0},
	[ASK_WORST] = {SSL3, TLS1_2, OFFER_WORST_FIRST, 0, false, 0},
	[ASK_BEST] = {SSL3, TLS1_2, OFFER_BEST_FIRST, 0, false, 0},
	[ASK_REST] = {SSL3, TLS1_2, OFFER_BEST_FIRST, 0, false, 0},
	[ASK_STATIC] = {SSL3, TLS1_2, OFFER_STATIC, 0, false, 0},
	[ASK_COMPRESSION] = {SSL3, TLS1_2, OFFER_BEST_FIRST, 0, true, 0},
	[ASK_DHE... ASK_DHE_LAST] = {SSL3, TLS1_2, OFFER_DHE, 0, false, 0},
	[ASK_ECDHE... ASK_ECDHE_LAST] = {SSL3, TLS1_2, OFFER_ECDHE, 0, false, 0},
};
/* clang-format on */

enum {
	TRIES = 4, /* of one question */
	BETWEEN = 250, /* milliseconds between them */
	HASTE = 10, /* behind a client without an answer the others wait for this part of the time */
	SLOWER = 4, /* or so many times what the slowest answer took */
};

/*
 * The plain words before TLS can go wrong without telling anything of TLS: a server may listen
 * before it has STARTTLS, or now and then leave a client without an answer (Prosody does both, bare
 * too).  One that has not said yes to any question is not asked again and again.
 */
static void ask_until_tls(const struct target *target, const struct hello *hello, bool has_tls,
			  struct reply *answer)
{
	for (int i = 1;; i++) {
		close(ask(target, hello, answer));
		if (answer->outcome != OUTCOME_NOT_TLS || target->starttls == NULL || !has_tls ||
		    i == TRIES)
			return;
		patience_wait(-1, 0, patience_now() + BETWEEN);
	}
}

static long longer(long a, long b)
{
	return a > b ? a : b;
}

/* How long answers take. */
struct pace {
	long slowest; /* milliseconds */
	bool has_silent; /* a client had none in its time */
};

/*
 * Some servers leave all clients of a kind without an answer (coturn those of a version that it is
 * told to forbid): then each further one is not waited for as long.
 */
static void ask_at_pace(const struct target *target, const struct hello *hello, bool has_tls,
			struct pace *pace, struct reply *answer)
{
	struct target hasty = *target;
	long begin = patience_now(), took;

	if (pace->has_silent)
		hasty.time = longer(target->time / HASTE, SLOWER * pace->slowest);
	if (hasty.time > target->time)
		hasty.time = target->time;
	ask_until_tls(&hasty, hello, has_tls, answer);
	took = patience_now() - begin;
	if (answer->outcome != OUTCOME_NONE)
		pace->slowest = longer(pace->slowest, took);
	else if (took >= hasty.time)
		pace->has_silent = true;
}

bool questions_ask(const struct target *target, long until, struct measured *measured)
{
	struct reply *answers = measured->answers;
	struct pace pace = {0};

	for (int i = 0; i < QUESTION_COUNT; i++) {
		struct hello hello = hellos[i];

		if (i == ASK_REST) {
			if (answers[ASK_WORST].outcome != OUTCOME_SERVED ||
			    answers[ASK_WORST].suite != answers[ASK_BEST].suite)
				continue;
			hello.without = answers[ASK_WORST].suite;
		}
		ask_at_pace(target, &hello, i == 0 || measured_has_tls(measured), &pace,
			    &answers[i]);
		if (answers[i].outcome == OUTCOME_SERVED &&
		    (answers[i].version < hello.lowest || answers[i].version > hello.highest))
			answers[i].outcome = OUTCOME_OTHER;
		if (patience_signal() != 0 || patience_now() > until)
			return false;
	}
	return true;
}

int questions_hold(const struct target *target)
{
	struct reply reply;

	return ask(target, &hellos[ASK_NEWEST], &reply);
}
