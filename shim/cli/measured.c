/* SPDX-License-Identifier: MIT */
#include "measured.h"

int question_version(enum question question)
{
	return SSL3 + (int)question - ASK_SSL3;
}

bool measured_serves(const struct measured *measured, enum question question)
{
	return measured->answers[question].outcome == OUTCOME_SERVED;
}

bool measured_serves_any(const struct measured *measured)
{
	for (int i = ASK_SSL3; i <= ASK_NEWEST; i++) {
		if (measured_serves(measured, (enum question)i))
			return true;
	}
	return false;
}

bool measured_has_tls(const struct measured *measured)
{
	for (int i = 0; i < QUESTION_COUNT; i++) {
		const struct reply *reply = &measured->answers[i];

		if (reply->outcome == OUTCOME_SERVED || reply->outcome == OUTCOME_OTHER ||
		    reply->alert != 0)
			return true;
	}
	return false;
}

bool measured_has_answer(const struct measured *measured)
{
	for (int i = 0; i < QUESTION_COUNT; i++) {
		if (measured->answers[i].outcome != OUTCOME_NONE)
			return true;
	}
	return false;
}

/* Whether this client got another suite than who could have any: the server has more than one. */
static bool is_another(const struct measured *measured, enum question question)
{
	return measured_serves(measured, question) &&
	       measured->answers[question].suite != measured->answers[ASK_BEST].suite;
}

enum order measured_order(const struct measured *measured)
{
	if (!measured_serves(measured, ASK_WORST) || !measured_serves(measured, ASK_BEST))
		return ORDER_UNKNOWN;
	if (is_another(measured, ASK_WORST))
		return ORDER_CLIENT;
	return is_another(measured, ASK_REST) || is_another(measured, ASK_STATIC) ||
			       is_another(measured, ASK_ECDHE)
		       ? ORDER_SERVER
		       : ORDER_ONE_SUITE;
}

bool measured_reuses_key(const struct measured *measured, enum question first)
{
	const struct reply *a = &measured->answers[first];

	return reply_same_key(&a[0], &a[1]) || reply_same_key(&a[0], &a[2]) ||
	       reply_same_key(&a[1], &a[2]);
}
