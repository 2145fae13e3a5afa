/* SPDX-License-Identifier: MIT */
#include "contrast_words.h"

#include "cli.h"
#include "sslharden/policy.h"

static char *tell_outcome(const struct reply *reply)
{
	static const char *const words[] = {
		[OUTCOME_NONE] = "no answer",
		[OUTCOME_SERVED] = "served",
		[OUTCOME_REFUSED] = "refused",
		[OUTCOME_NOT_TLS] = "no TLS",
	};

	if (reply->outcome == OUTCOME_OTHER)
		return text_make("only %s", version_name(reply->version));
	return text_make("%s", words[reply->outcome]);
}

char *words_of_suite(const struct measured *measured, enum question question)
{
	const struct reply *reply = &measured->answers[question];
	char text[SUITE_TEXT_MAX];

	if (reply->outcome != OUTCOME_SERVED)
		return tell_outcome(reply);
	return text_make("%s", suite_name(reply->suite, text));
}

char *words_of_version(const struct measured *measured, enum question question)
{
	const struct reply *reply = &measured->answers[question];

	if (reply->outcome != OUTCOME_SERVED)
		return tell_outcome(reply);
	return text_make("%s %s", version_name(reply->version), words_of_suite(measured, question));
}

char *words_of_order(const struct measured *measured, enum question question)
{
	static const char *const words[] = {
		[ORDER_UNKNOWN] = "-",
		[ORDER_ONE_SUITE] = "one suite",
		[ORDER_CLIENT] = "the client",
		[ORDER_SERVER] = "the server",
	};

	(void)question;
	return text_make("%s", words[measured_order(measured)]);
}

char *words_of_keys(const struct measured *measured, enum question question)
{
	const struct reply *reply = &measured->answers[question];
	const char *key = measured_reuses_key(measured, question) ? "used again" : "used once";

	if (reply->outcome != OUTCOME_SERVED)
		return tell_outcome(reply);
	return reply->dh_bits > 0 ? text_make("%s, %u bits", key, reply->dh_bits)
				  : text_make("%s", key);
}

char *words_of_compression(const struct measured *measured, enum question question)
{
	const struct reply *reply = &measured->answers[question];

	return text_make("%s", reply->outcome != OUTCOME_SERVED ? "-"
			       : reply->compressed              ? "yes"
								: "no");
}

char *words_of_tickets(const struct measured *measured, enum question question)
{
	const struct reply *reply = &measured->answers[question];

	return text_make("%s", reply->outcome != OUTCOME_SERVED ? "-"
			       : reply->ticket                  ? "yes"
								: "no");
}
