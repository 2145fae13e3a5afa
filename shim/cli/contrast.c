/* SPDX-License-Identifier: MIT */
#include "contrast.h"

#include <string.h>

#include "sslharden/policy.h"
#include "sslharden/suites.h"

/* Both sides of a row, as its functions get them. */
struct pair {
	const struct measured *bare, *hardened;
	const struct config *config;
	enum question question;
};

struct kind {
	const char *name, *word;
	enum question question;
	char *(*tell)(const struct measured *measured, enum question question);
	enum change (*judge)(const struct pair *pair);
};

/* --- in words --------------------------------------------------------------------- */

static bool is_served(const struct measured *measured, enum question question)
{
	return measured->answers[question].outcome == OUTCOME_SERVED;
}

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

static char *tell_suite(const struct measured *measured, enum question question)
{
	const struct reply *reply = &measured->answers[question];
	char text[SUITE_TEXT_MAX];

	if (reply->outcome != OUTCOME_SERVED)
		return tell_outcome(reply);
	return text_make("%s", suite_name(reply->suite, text));
}

static char *tell_version(const struct measured *measured, enum question question)
{
	const struct reply *reply = &measured->answers[question];

	if (reply->outcome != OUTCOME_SERVED)
		return tell_outcome(reply);
	return text_make("%s %s", version_name(reply->version), tell_suite(measured, question));
}

enum order { ORDER_UNKNOWN, ORDER_ONE_SUITE, ORDER_CLIENT, ORDER_SERVER };

/* Whether this client got another suite than who could have any: the server has more than one. */
static bool is_another(const struct measured *measured, enum question question)
{
	return is_served(measured, question) &&
	       measured->answers[question].suite != measured->answers[ASK_BEST].suite;
}

static enum order order_of(const struct measured *measured)
{
	if (!is_served(measured, ASK_WORST) || !is_served(measured, ASK_BEST))
		return ORDER_UNKNOWN;
	if (is_another(measured, ASK_WORST))
		return ORDER_CLIENT;
	return is_another(measured, ASK_REST) || is_another(measured, ASK_STATIC) ||
			       is_another(measured, ASK_ECDHE)
		       ? ORDER_SERVER
		       : ORDER_ONE_SUITE;
}

static char *tell_order(const struct measured *measured, enum question question)
{
	static const char *const words[] = {
		[ORDER_UNKNOWN] = "-",
		[ORDER_ONE_SUITE] = "one suite",
		[ORDER_CLIENT] = "the client",
		[ORDER_SERVER] = "the server",
	};

	(void)question;
	return text_make("%s", words[order_of(measured)]);
}

/* Of the questions of one kind, from @first on. */
static bool is_reused(const struct measured *measured, enum question first)
{
	const struct reply *a = &measured->answers[first];

	return reply_same_key(&a[0], &a[1]) || reply_same_key(&a[0], &a[2]) ||
	       reply_same_key(&a[1], &a[2]);
}

static char *tell_keys(const struct measured *measured, enum question question)
{
	const struct reply *reply = &measured->answers[question];
	const char *key = is_reused(measured, question) ? "used again" : "used once";

	if (reply->outcome != OUTCOME_SERVED)
		return tell_outcome(reply);
	return reply->dh_bits > 0 ? text_make("%s, %u bits", key, reply->dh_bits)
				  : text_make("%s", key);
}

static char *tell_compression(const struct measured *measured, enum question question)
{
	const struct reply *reply = &measured->answers[question];

	return text_make("%s", reply->outcome != OUTCOME_SERVED ? "-"
			       : reply->compressed              ? "yes"
								: "no");
}

static char *tell_tickets(const struct measured *measured, enum question question)
{
	const struct reply *reply = &measured->answers[question];

	return text_make("%s", reply->outcome != OUTCOME_SERVED ? "-"
			       : reply->ticket                  ? "yes"
								: "no");
}

/* --- better or worse --------------------------------------------------------------- */

/* Which of two numbers is better, the greater one. */
static enum change compare(int before, int after)
{
	return after > before ? CHANGE_STRONGER : after < before ? CHANGE_WEAKER : CHANGE_NONE;
}

static bool has_lists(const struct config *config)
{
	return config->ciphers[0] != '\0' || config->ciphersuites[0] != '\0' ||
	       config->groups[0] != '\0';
}

/* Whether the settings ask that clients of at most @version are refused. */
static bool is_unwanted(const struct config *config, int version)
{
	return (version == SSL3 && !config->allow_sslv3) || version < config->min_protocol ||
	       (config->max_protocol != 0 && version > config->max_protocol);
}

/* Whether the settings ask that its suite goes. */
static bool is_forbidden(const struct config *config, const struct reply *reply)
{
	char text[SUITE_TEXT_MAX];

	return config->forbid != 0 && reply->outcome == OUTCOME_SERVED &&
	       suite_grade(reply->suite) != GRADE_UNKNOWN &&
	       (suite_properties(suite_name(reply->suite, text)) & config->forbid) != 0;
}

/* Both serve. */
static enum change judge_suites(const struct pair *pair)
{
	const struct reply *before = &pair->bare->answers[pair->question];
	const struct reply *after = &pair->hardened->answers[pair->question];
	enum change change =
		compare((int)suite_grade(before->suite), (int)suite_grade(after->suite));

	if (is_forbidden(pair->config, before) && !is_forbidden(pair->config, after))
		return CHANGE_STRONGER;
	return change == CHANGE_NONE && before->suite != after->suite ? CHANGE_OTHER : change;
}

/* One of them does not, or is no TLS. */
static enum change judge_outcomes(const struct pair *pair, int version, bool opens_well)
{
	bool before = is_served(pair->bare, pair->question);
	bool after = is_served(pair->hardened, pair->question);

	if (before == after)
		return pair->bare->answers[pair->question].outcome ==
				       pair->hardened->answers[pair->question].outcome
			       ? CHANGE_NONE
			       : CHANGE_OTHER;
	if (after)
		return opens_well ? CHANGE_STRONGER : CHANGE_WEAKER;
	return is_unwanted(pair->config, version) || has_lists(pair->config) ||
			       is_forbidden(pair->config, &pair->bare->answers[pair->question])
		       ? CHANGE_STRONGER
		       : CHANGE_LOST;
}

/* What the bare server served this client in; @version: if it did not. */
static int version_before(const struct pair *pair, int version)
{
	const struct reply *before = &pair->bare->answers[pair->question];

	return is_served(pair->bare, pair->question) ? before->version : version;
}

static bool both_serve(const struct pair *pair)
{
	return is_served(pair->bare, pair->question) && is_served(pair->hardened, pair->question);
}

static enum change judge_client(const struct pair *pair)
{
	int version = question_version(pair->question);
	bool is_above = false; /* a version that bare serves */

	if (both_serve(pair))
		return judge_suites(pair);
	for (int lower = ASK_SSL3; lower < (int)pair->question; lower++)
		is_above = is_above || is_served(pair->bare, (enum question)lower);
	return judge_outcomes(pair, version, is_above && version > SSL3);
}

static enum change judge_newest(const struct pair *pair)
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

/* Of a client up to TLS 1.2, whom it opens to is better than whom it was closed to. */
static enum change judge_suite(const struct pair *pair)
{
	if (both_serve(pair))
		return judge_suites(pair);
	return judge_outcomes(pair, version_before(pair, TLS1_2), true);
}

static enum change judge_static(const struct pair *pair)
{
	if (both_serve(pair))
		return judge_suite(pair);
	return judge_outcomes(pair, version_before(pair, TLS1_2), false);
}

static enum change judge_order(const struct pair *pair)
{
	enum order before = order_of(pair->bare), after = order_of(pair->hardened);

	if (before < ORDER_CLIENT || after < ORDER_CLIENT)
		return before == after ? CHANGE_NONE : CHANGE_OTHER;
	return compare((int)before, (int)after);
}

static enum change judge_keys(const struct pair *pair)
{
	enum change change, size;

	if (!both_serve(pair))
		return judge_outcomes(pair, version_before(pair, TLS1_2), true);
	change = compare(!is_reused(pair->bare, pair->question),
			 !is_reused(pair->hardened, pair->question));
	size = compare((int)pair->bare->answers[pair->question].dh_bits,
		       (int)pair->hardened->answers[pair->question].dh_bits);
	return change == CHANGE_WEAKER || size == CHANGE_NONE ? change : size;
}

static enum change judge_compression(const struct pair *pair)
{
	return compare(!pair->bare->answers[pair->question].compressed,
		       !pair->hardened->answers[pair->question].compressed);
}

/* A ticket's key lives as long as the process; but who resumes by tickets now did not before. */
static enum change judge_tickets(const struct pair *pair)
{
	if (!both_serve(pair))
		return CHANGE_NONE;
	return compare(!pair->bare->answers[pair->question].ticket,
		       !pair->hardened->answers[pair->question].ticket);
}

/* --- the rows ----------------------------------------------------------------------- */

/* clang-format off */ /* a table */
static const struct kind kinds[ROW_COUNT] = {
	{"a client of SSLv3", "sslv3", ASK_SSL3, tell_suite, judge_client},
	{"a client of TLSv1", "tlsv1", ASK_TLS1, tell_suite, judge_client},
	{"a client of TLSv1.1", "tlsv1.1", ASK_TLS1_1, tell_suite, judge_client},
	{"a client of TLSv1.2", "tlsv1.2", ASK_TLS1_2, tell_suite, judge_client},
	{"a client of TLSv1.3", "tlsv1.3", ASK_TLS1_3, tell_suite, judge_client},
	{"the newest client", "newest", ASK_NEWEST, tell_version, judge_newest},
	{"who prefers the worst cipher", "worst_first", ASK_WORST, tell_suite, judge_suite},
	{"who prefers the best cipher", "best_first", ASK_BEST, tell_suite, judge_suite},
	{"who has no forward secrecy", "no_forward_secrecy", ASK_STATIC, tell_suite, judge_static},
	{"whose order rules", "order", ASK_WORST, tell_order, judge_order},
	{"DH keys", "dh_keys", ASK_DHE, tell_keys, judge_keys},
	{"ECDH keys", "ecdh_keys", ASK_ECDHE, tell_keys, judge_keys},
	{"TLS compression", "compression", ASK_COMPRESSION, tell_compression, judge_compression},
	{"session tickets", "tickets", ASK_BEST, tell_tickets, judge_tickets},
};
/* clang-format on */

const char *change_name(enum change change)
{
	static const char *const names[] = {
		[CHANGE_NONE] = "",
		[CHANGE_OTHER] = "changed",
		[CHANGE_STRONGER] = "stronger",
		[CHANGE_WEAKER] = "weaker",
		[CHANGE_LOST] = "lost",
	};

	return names[change];
}

/* Each suite that is served and should not be, once. */
static void promises_of_suites(const struct measured *measured, const struct config *config,
			       struct strings *faults)
{
	for (int i = 0; i < QUESTION_COUNT; i++) {
		const struct reply *reply = &measured->answers[i];
		char text[SUITE_TEXT_MAX];
		bool told = !is_forbidden(config, reply);

		for (int j = 0; j < i && !told; j++)
			told = is_served(measured, (enum question)j) &&
			       measured->answers[j].suite == reply->suite;
		if (!told)
			strings_addf(faults, "not as asked: %s is served",
				     suite_name(reply->suite, text));
	}
}

/* What the settings promise, and this server does not keep.  In an audit they promise nothing. */
static void promises(const struct measured *measured, const struct config *config,
		     struct strings *faults)
{
	for (int i = ASK_SSL3; i <= ASK_TLS1_3; i++) {
		int version = question_version((enum question)i);

		if (is_served(measured, (enum question)i) && is_unwanted(config, version))
			strings_addf(faults, "not as asked: %s is served", version_name(version));
	}
	if (order_of(measured) == ORDER_CLIENT && !config->allow_client_preference)
		strings_add(faults, "not as asked: the client's order of ciphers rules");
	if (measured->answers[ASK_COMPRESSION].compressed && !config->allow_compression)
		strings_add(faults, "not as asked: TLS compression");
	if (is_reused(measured, ASK_DHE) && !config->allow_dh_reuse)
		strings_add(faults, "not as asked: DH keys are used again");
	if (is_reused(measured, ASK_ECDHE) && !config->allow_ecdh_reuse)
		strings_add(faults, "not as asked: ECDH keys are used again");
	if (is_served(measured, ASK_DHE) && measured->answers[ASK_DHE].dh_bits != 0 &&
	    measured->answers[ASK_DHE].dh_bits < config->min_dh_bits)
		strings_addf(faults, "not as asked: DH parameters of %u bits",
			     measured->answers[ASK_DHE].dh_bits);
	if (measured->answers[ASK_BEST].ticket && config->no_tickets)
		strings_add(faults, "not as asked: session tickets");
	promises_of_suites(measured, config, faults);
}

bool contrast_serves(const struct measured *measured)
{
	for (int i = ASK_SSL3; i <= ASK_NEWEST; i++)
		if (is_served(measured, (enum question)i))
			return true;
	return false;
}

void contrast(const struct measured *bare, const struct measured *hardened,
	      const struct config *config, struct row rows[ROW_COUNT], struct strings *faults)
{
	for (int i = 0; i < ROW_COUNT; i++) {
		const struct kind *kind = &kinds[i];
		struct pair pair = {bare, hardened, config, kind->question};
		struct row *row = &rows[i];
		bool is_one = kind->tell == tell_suite || kind->tell == tell_version;

		*row = (struct row){kind->name,
				    kind->word,
				    kind->tell(bare, kind->question),
				    kind->tell(hardened, kind->question),
				    is_one ? &bare->answers[kind->question] : NULL,
				    is_one ? &hardened->answers[kind->question] : NULL,
				    kind->judge(&pair)};
		if (row->change == CHANGE_WEAKER)
			strings_addf(faults, "weaker: %s: %s before, %s now", row->name,
				     row->before, row->after);
		else if (row->change == CHANGE_LOST)
			strings_addf(faults,
				     "lost: %s: %s before, %s now, and no setting asks for that",
				     row->name, row->before, row->after);
		else if (row->change != CHANGE_NONE && config->mode == MODE_AUDIT)
			strings_addf(faults, "changed, in an audit: %s: %s before, %s now",
				     row->name, row->before, row->after);
	}
	/* Each client may be one that a setting asks to refuse; nobody asks for all of them. */
	if (contrast_serves(bare) && !contrast_serves(hardened))
		strings_add(faults, "serves nobody: each client that was served is refused now");
	if (config->mode == MODE_ON)
		promises(hardened, config, faults);
}
