/* SPDX-License-Identifier: MIT */
#include "settings/complaint.h"

#include <stdio.h>
#include <string.h>

#include "settings/escape.h"
#include "settings/nearest.h"
#include "settings/variables.h"
#include "sslharden/suites.h"

enum { OF_ROOM_MAX = 48 /* bytes that are kept free for complain_of_room */ };

/* A complaint without room is left out as a whole; this says so, once. */
static void complain_of_room(struct config *config)
{
	static const char more[] = "there are more settings that cannot be read\n";
	size_t len = sizeof(more) - 1;
	char *end = config->complaints + config->complaints_len;

	*end = '\0';
	if (config->complaints_len < len || strcmp(end - len, more) != 0) {
		memcpy(end, more, sizeof(more));
		config->complaints_len += (uint32_t)len;
	}
}

void complain(struct config *config, const char *format, const char *name, const char *value,
	      const char *hint)
{
	size_t most = sizeof(config->complaints) - OF_ROOM_MAX;
	size_t room = most > config->complaints_len ? most - config->complaints_len : 0;
	char name_text[COMPLAINT_NAME_MAX], value_text[192];
	int len;

	text_escape(name_text, sizeof(name_text), name);
	text_escape(value_text, sizeof(value_text), value);
	len = snprintf(config->complaints + config->complaints_len, room, format, name_text,
		       value_text, hint);
	if (len < 0 || (size_t)len >= room)
		complain_of_room(config);
	else
		config->complaints_len += (uint32_t)len;
}

void complain_of_words(struct config *config, const char *name, const char *value)
{
	char word[24], hint[224], rest[SUITE_WORDS_MAX];
	size_t len;

	suite_words_text(config->forbid, rest, sizeof(rest));
	do {
		len = suite_word_next(&value);
		snprintf(word, sizeof(word), "%.*s", (int)len, value);
		snprintf(hint, sizeof(hint), "nearest: %s; accepted: %s" COMPLAINT_IN_FORCE "%s",
			 suite_words[nearest_word(word, suite_words[0].text, sizeof(suite_words[0]),
						  SUITE_WORDS)]
				 .text,
			 accepted[KIND_SUITES], rest[0] != '\0' ? rest : "none");
		if (suite_word_bit(value, len) == 0)
			complain(config, "%s: cannot read \"%s\"; %s\n", name, word, hint);
		value += len;
	} while (*value != '\0');
}
