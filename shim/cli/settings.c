/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "group_names.h"
#include "memory/shared.h"
#include "settings/config_file.h"
#include "settings/variables.h"
#include "sslharden/names.h"
#include "sslharden/suites.h"

static const char *word_text(const struct word *words, int value)
{
	for (; words->text[0] != '\0'; words++) {
		if (words->value == value)
			return words->text;
	}
	return "";
}

const char *mode_name(enum mode mode)
{
	return word_text(words_mode, (int)mode);
}

enum { SETTING_TEXT_MAX = SUITE_WORDS_MAX }; /* of a value that has to be written */

static const char *bits_text(unsigned int bits, char text[SETTING_TEXT_MAX])
{
	text[0] = '\0';
	if (bits != 0)
		snprintf(text, SETTING_TEXT_MAX, "%u", bits);
	return text;
}

/* The value of a setting, "" if it has none. */
static const char *value_text(const struct config *config, const struct variable *variable,
			      char room[SETTING_TEXT_MAX])
{
	const void *member = (const char *)config + variable->offset;

	switch (variable->kind) {
	case KIND_BOOL:
		return *(const bool *)member ? "1" : "0";
	case KIND_MODE:
		return mode_name(config->mode);
	case KIND_PROTOCOL:
		return word_text(words_protocol, *(const int *)member);
	case KIND_CIPHERS:
	case KIND_TEXT:
	case KIND_PATH:
		return member;
	case KIND_BITS:
		return bits_text(config->min_dh_bits, room);
	case KIND_SUITES:
		return suite_words_text(config->forbid, room, SETTING_TEXT_MAX);
	case KIND_PROFILE:
		return config_profile(config)->name;
	case KIND_LOG:
		return config->log_target == LOG_TARGET_FILE
			       ? config->log_path
			       : word_text(words_target, (int)config->log_target);
	case KIND_LEVEL:
		return word_text(words_level, (int)config->log_level);
	case KIND_CONFIG: /* what it names has been read */
		break;
	}
	return "";
}

void settings_list(const struct config *config, struct strings *list)
{
	static struct config defaults;

	config_parse(&defaults, NULL, NULL);
	for (size_t i = 0; i < VARIABLE_COUNT; i++) {
		char room[2][SETTING_TEXT_MAX];
		const char *value = value_text(config, &variables[i], room[0]);

		if (strcmp(value, value_text(&defaults, &variables[i], room[1])) != 0)
			strings_addf(list, "%s=%s", variables[i].name, value);
	}
}

void instead_list(const struct config *config, struct strings *list)
{
	for (size_t i = 0; i < VARIABLE_COUNT; i++) {
		char room[SETTING_TEXT_MAX];
		const char *value = value_text(config, &variables[i], room);

		if ((config->unread >> i & 1) == 0)
			continue;
		if (variables[i].kind == KIND_CONFIG)
			strings_addf(list, "%s, if it is there", CONFIG_FILE_SYSTEM);
		else if (value[0] != '\0')
			strings_addf(list, "%s=%s", variables[i].name, value);
		else
			strings_addf(list, "%s is not set", variables[i].name);
	}
}

void complaints_list(const struct config *config, struct strings *list)
{
	const char *line = config->complaints;

	for (const char *end; (end = strchr(line, '\n')) != NULL; line = end + 1)
		strings_addf(list, "%.*s", (int)(end - line), line);
}

int complaint_length(const char *complaint)
{
	const char *in_force = strstr(complaint, COMPLAINT_IN_FORCE);
	int len = (int)strcspn(complaint, "\n");

	return in_force != NULL && in_force - complaint < len ? (int)(in_force - complaint) : len;
}

/* Those of a list's names whose bit is set, to be freed. */
static char *names_text(enum shared_list list, const char *at, uint64_t set)
{
	char *text = text_make("%s", "");
	size_t len;

	for (int i = 0; i < SHARED_NAMES && (len = name_next(&at)) != 0; i++, at += len) {
		char *before = text, *name;

		if ((set >> i & 1) == 0)
			continue;
		name = list == LIST_GROUPS ? group_names_said(at, len)
					   : text_make("%.*s", (int)len, at);
		text = text_make("%s%s%s", before, before[0] == '\0' ? "" : ", ", name);
		free(before);
		free(name);
	}
	return text;
}

void untaken_list(const struct config *config, const uint64_t *untaken, struct strings *list)
{
	const struct {
		const char *variable, *names;
	} lists[SHARED_LISTS] = {[LIST_CIPHERS] = {"SSLHARDEN_CIPHERS", config->ciphers},
				 [LIST_SUITES] = {"SSLHARDEN_CIPHERSUITES", config->ciphersuites},
				 [LIST_GROUPS] = {"SSLHARDEN_GROUPS", config->groups}};

	for (int i = 0; i < SHARED_LISTS; i++) {
		bool nothing = (untaken[i] & SHARED_NOTHING_TAKEN) != 0;
		char *names = names_text((enum shared_list)i, lists[i].names, untaken[i]);

		if (nothing)
			strings_addf(list,
				     "%s: this libssl takes nothing of it%s%s; programs' own "
				     "lists stay",
				     lists[i].variable,
				     names[0] == '\0' ? "" : ", for it does not know ", names);
		else if (names[0] != '\0')
			strings_addf(list, "%s: this libssl does not know %s", lists[i].variable,
				     names);
		free(names);
	}
}

/* Each text ends, and each number is one that we have. */
static bool is_sound(const struct config *config)
{
	const char *texts[] = {config->log_path, config->counts_in, config->ciphers,
			       config->ciphersuites, config->groups};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (memchr(texts[i], '\0', CONFIG_TEXT_MAX) == NULL)
			return false;
	}
	if (*(const unsigned char *)&config->groups_from_profile > true)
		return false;
	for (size_t i = 0; i < VARIABLE_COUNT; i++) {
		const unsigned char *member = (const unsigned char *)config + variables[i].offset;

		if (variables[i].kind == KIND_BOOL && *member > true)
			return false;
	}
	return memchr(config->complaints, '\0', CONFIG_COMPLAINTS_MAX) != NULL &&
	       config->profile < PROFILE_COUNT && (unsigned int)config->mode <= MODE_OFF &&
	       (unsigned int)config->log_target <= LOG_TARGET_FILE;
}

struct config *settings_of_memory(const char *memory, size_t len, bool *is_other)
{
	static const char mark[] = CONFIG_RECORD_MARK;
	size_t any = strlen(mark) - strlen("1"); /* of each version */
	const char *found = memmem(memory, len, mark, sizeof(mark));
	struct config_record record;
	struct config *config;

	*is_other = memmem(memory, len, mark, any) != NULL;
	if (found == NULL || (size_t)(memory + len - found) < sizeof(record))
		return NULL;
	memcpy(&record, found, sizeof(record));
	if (record.size != sizeof(record) || !is_sound(&record.config))
		return NULL;
	config = memory_or_exit(malloc(sizeof(*config)));
	return memcpy(config, &record.config, sizeof(*config));
}
