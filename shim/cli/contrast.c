/* SPDX-License-Identifier: MIT */
#include "contrast.h"

#include "contrast_words.h"

struct kind {
	const char *name, *word;
	enum question question;
	char *(*tell)(const struct measured *measured, enum question question);
	enum change (*judge)(const struct pair *pair);
};

/* clang-format off */ /* a table */
static const struct kind kinds[ROW_COUNT] = {
	{"a client of SSLv3", "sslv3", ASK_SSL3, words_of_suite, judge_client},
	{"a client of TLSv1", "tlsv1", ASK_TLS1, words_of_suite, judge_client},
	{"a client of TLSv1.1", "tlsv1.1", ASK_TLS1_1, words_of_suite, judge_client},
	{"a client of TLSv1.2", "tlsv1.2", ASK_TLS1_2, words_of_suite, judge_client},
	{"a client of TLSv1.3", "tlsv1.3", ASK_TLS1_3, words_of_suite, judge_client},
	{"the newest client", "newest", ASK_NEWEST, words_of_version, judge_newest},
	{"who prefers the worst cipher", "worst_first", ASK_WORST, words_of_suite, judge_suite},
	{"who prefers the best cipher", "best_first", ASK_BEST, words_of_suite, judge_suite},
	{"who has no forward secrecy", "no_forward_secrecy", ASK_STATIC, words_of_suite, judge_static},
	{"whose order rules", "order", ASK_WORST, words_of_order, judge_order},
	{"DH keys", "dh_keys", ASK_DHE, words_of_keys, judge_keys},
	{"ECDH keys", "ecdh_keys", ASK_ECDHE, words_of_keys, judge_keys},
	{"TLS compression", "compression", ASK_COMPRESSION, words_of_compression, judge_compression},
	{"session tickets", "tickets", ASK_BEST, words_of_tickets, judge_tickets},
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

void contrast(const struct measured *bare, const struct measured *hardened,
	      const struct config *config, struct row rows[ROW_COUNT], struct strings *faults)
{
	for (int i = 0; i < ROW_COUNT; i++) {
		const struct kind *kind = &kinds[i];
		struct pair pair = {bare, hardened, config, kind->question};
		struct row *row = &rows[i];
		bool is_one = kind->tell == words_of_suite || kind->tell == words_of_version;

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
	if (measured_serves_any(bare) && !measured_serves_any(hardened))
		strings_add(faults, "serves nobody: each client that was served is refused now");
}
