/* SPDX-License-Identifier: MIT */
#include "contrast_judge.h"

#include "unwanted.h"

/* Which of two numbers is better, the greater one. */
static enum change compare(int before, int after)
{
	return after > before ? CHANGE_STRONGER : after < before ? CHANGE_WEAKER : CHANGE_NONE;
}

/* Both serve. */
static enum change judge_suites(const struct pair *pair)
{
	const struct reply *before = &pair->bare->answers[pair->question];
	const struct reply *after = &pair->hardened->answers[pair->question];
	enum change change =
		compare((int)suite_grade(before->suite), (int)suite_grade(after->suite));

	if (unwanted_suite(pair->config, before) && !unwanted_suite(pair->config, after))
		return CHANGE_STRONGER;
	return change == CHANGE_NONE && before->suite != after->suite ? CHANGE_OTHER : change;
}

/*
 * One of them does not, or is no TLS.
 *
 * @version     in which the bare server served the client; settings may ask that it is refused
 * @opens_well  whether it is better if this client is served now, and was not
 */
static enum change judge_outcomes(const struct pair *pair, int version, bool opens_well)
{
	bool before = measured_serves(pair->bare, pair->question);
	bool after = measured_serves(pair->hardened, pair->question);

	if (before == after)
		return pair->bare->answers[pair->question].outcome ==
				       pair->hardened->answers[pair->question].outcome
			       ? CHANGE_NONE
			       : CHANGE_OTHER;
	if (after)
		return opens_well ? CHANGE_STRONGER : CHANGE_WEAKER;
	return unwanted_version(pair->config, version) || unwanted_by_lists(pair->config) ||
			       unwanted_suite(pair->config, &pair->bare->answers[pair->question])
		       ? CHANGE_STRONGER
		       : CHANGE_LOST;
}

/* What the bare server served this client in; @version: if it did not. */
static int version_before(const struct pair *pair, int version)
{
	const struct reply *before = &pair->bare->answers[pair->question];

	return measured_serves(pair->bare, pair->question) ? before->version : version;
}

static bool both_serve(const struct pair *pair)
{
	return measured_serves(pair->bare, pair->question) &&
	       measured_serves(pair->hardened, pair->question);
}

enum change judge_client(const struct pair *pair)
{
	int version = question_version(pair->question);
	bool is_above = false; /* bare, too, it serves a version, and a lower one */

	if (both_serve(pair))
		return judge_suites(pair);
	for (int lower = ASK_SSL3; lower < (int)pair->question; lower++)
		is_above = is_above || measured_serves(pair->bare, (enum question)lower);
	return judge_outcomes(pair, version, is_above && version > SSL3);
}

enum change judge_newest(const struct pair *pair)
{
	const struct reply *before = &pair->bare->answers[pair->question];
	const struct reply *after = &pair->hardened->answers[pair->question];
	int version = version_before(pair, TLS1_3);
	enum change change;

	if (!both_serve(pair))
		return judge_outcomes(pair, version, true);
	change = judge_suites(pair);
	if (change == CHANGE_WEAKER || before->version == after->version)
		return change;
	return compare(before->version, after->version);
}

/* To serve a client now who was refused before is better. */
enum change judge_suite(const struct pair *pair)
{
	if (both_serve(pair))
		return judge_suites(pair);
	return judge_outcomes(pair, version_before(pair, TLS1_2), true);
}

enum change judge_static(const struct pair *pair)
{
	if (both_serve(pair))
		return judge_suites(pair);
	return judge_outcomes(pair, version_before(pair, TLS1_2), false);
}

enum change judge_order(const struct pair *pair)
{
	enum order before = measured_order(pair->bare), after = measured_order(pair->hardened);

	if (before < ORDER_CLIENT || after < ORDER_CLIENT)
		return before == after ? CHANGE_NONE : CHANGE_OTHER;
	return compare((int)before, (int)after);
}

enum change judge_keys(const struct pair *pair)
{
	enum change change, size;

	if (!both_serve(pair))
		return judge_outcomes(pair, version_before(pair, TLS1_2), true);
	change = compare(!measured_reuses_key(pair->bare, pair->question),
			 !measured_reuses_key(pair->hardened, pair->question));
	size = compare((int)pair->bare->answers[pair->question].dh_bits,
		       (int)pair->hardened->answers[pair->question].dh_bits);
	return change == CHANGE_WEAKER || size == CHANGE_NONE ? change : size;
}

enum change judge_compression(const struct pair *pair)
{
	return compare(!pair->bare->answers[pair->question].compressed,
		       !pair->hardened->answers[pair->question].compressed);
}

/* A ticket's key lives as long as the process; but who resumes by tickets now did not before. */
enum change judge_tickets(const struct pair *pair)
{
	if (!both_serve(pair))
		return CHANGE_NONE;
	return compare(!pair->bare->answers[pair->question].ticket,
		       !pair->hardened->answers[pair->question].ticket);
}
