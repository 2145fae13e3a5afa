/* SPDX-License-Identifier: MIT */
#include "settings/value.h"

#include <string.h>
#include <strings.h>

#include "settings/profile.h"
#include "sslharden/suites.h"

/*
 * CPython's _RESTRICTED_SERVER_CIPHERS of issue 21013 (Lib/ssl.py, 3.4.0):
 * forward secrecy first, no RC4, MD5, DSS or anonymous suite.
 */
static const char restricted_ciphers[] =
	"ECDH+AESGCM:DH+AESGCM:ECDH+AES256:DH+AES256:ECDH+AES128:DH+AES:ECDH+HIGH:"
	"DH+HIGH:ECDH+3DES:DH+3DES:RSA+AESGCM:RSA+AES:RSA+HIGH:RSA+3DES:"
	"!aNULL:!eNULL:!MD5:!DSS:!RC4";

/* clang-format off */ /* a table */
static const struct word booleans[] = {
	{"1", 1},  {"yes", 1},   {"true", 1}, {"on", 1}, {"0", 0},
	{"no", 0}, {"false", 0}, {"off", 0},  {"", 0},
};
/* clang-format on */

static bool word_find(const struct word *words, const char *text, bool any_case, int *value)
{
	for (; words->text[0] != '\0'; words++) {
		if ((any_case ? strcasecmp : strcmp)(words->text, text) == 0) {
			*value = words->value;
			return true;
		}
	}
	return false;
}

/*
 * "TLSv1.2", or as people write it: "1.2", "TLS1.2", "tlsv1.2", "TLS 1.2", "TLSv1.0" for TLSv1.  But
 * "1" may be meant as yes.
 */
static bool protocol_read(const char *value, int *number)
{
	if (strncasecmp(value, "tls", 3) == 0) {
		value += 3;
		value += *value == 'v' || *value == 'V' || *value == ' ' || *value == '_';
	} else if (strchr(value, '.') == NULL) {
		return false;
	}
	if (strcmp(value, "1.0") == 0)
		value = "1";
	for (const struct word *word = words_protocol; word->text[0] != '\0'; word++) {
		if (strcmp(word->text + strlen("TLSv"), value) == 0) {
			*number = word->value;
			return true;
		}
	}
	return false;
}

bool value_copy(char to[CONFIG_TEXT_MAX], const char *from)
{
	size_t len = strlen(from);

	if (len >= CONFIG_TEXT_MAX)
		return false;
	memcpy(to, from, len + 1);
	return true;
}

static bool log_read(struct config *config, const char *value)
{
	int target;

	if (word_find(words_target, value, false, &target)) {
		config->log_target = (enum log_target)target;
		return true;
	}
	if (value[0] != '/' || !value_copy(config->log_path, value))
		return false;
	config->log_target = LOG_TARGET_FILE;
	return true;
}

static bool bits_read(const char *value, unsigned int *bits)
{
	unsigned int number = 0;
	size_t len = strlen(value);

	if (len != 4 || strspn(value, "0123456789") != len)
		return false;
	while (*value != '\0')
		number = number * 10 + (unsigned int)(*value++ - '0');
	if (number < 1024 || number > 8192)
		return false;
	*bits = number;
	return true;
}

/*
 * A word that is none leaves the others in force, and what an earlier source forbids: nobody wrote it
 * to have more served.
 */
static bool suites_read(const char *value, unsigned int *forbid)
{
	unsigned int all = 0;
	bool is_good = true;

	do {
		size_t len = suite_word_next(&value);
		unsigned int bit = suite_word_bit(value, len);

		all |= bit;
		is_good = is_good && bit != 0;
		value += len;
	} while (*value != '\0');
	*forbid = is_good ? all : *forbid | all;
	return is_good;
}

bool value_read(struct config *config, const struct variable *variable, const char *value)
{
	char *member = (char *)config + variable->offset;
	int number;

	switch (variable->kind) {
	case KIND_BOOL:
		if (!word_find(booleans, value, true, &number))
			return false;
		*(bool *)member = number != 0;
		return true;
	case KIND_MODE:
		if (!word_find(words_mode, value, true, &number))
			return false;
		config->mode = (enum mode)number;
		return true;
	case KIND_PROTOCOL:
		return protocol_read(value, (int *)(void *)member);
	case KIND_CIPHERS:
		if (value[0] == '\0')
			return false;
		return value_copy(member,
				  strcmp(value, "restricted") == 0 ? restricted_ciphers : value);
	case KIND_TEXT:
		if (value[0] == '\0' || !value_copy(member, value))
			return false;
		if (member == config->groups)
			config->groups_from_profile = false;
		return true;
	case KIND_PATH:
		return value[0] == '/' && value_copy(member, value);
	case KIND_BITS:
		return bits_read(value, &config->min_dh_bits);
	case KIND_SUITES:
		return suites_read(value, &config->forbid);
	case KIND_PROFILE:
		return profile_find(value) < PROFILE_COUNT; /* config.c has applied it */
	case KIND_LOG:
		return log_read(config, value);
	case KIND_LEVEL:
		if (!word_find(words_level, value, false, &number))
			return false;
		config->log_level = (enum log_level)number;
		return true;
	case KIND_CONFIG: /* config_load has used that of the environment */
		return false;
	}
	return false;
}

void value_harden(struct config *config, const struct variable *variable)
{
	char *member = (char *)config + variable->offset;

	if (!variable->loosens)
		return;
	if (variable->kind == KIND_BOOL)
		*(bool *)member = false;
	else if (variable->kind == KIND_MODE)
		config->mode = MODE_ON;
	else
		*(int *)member = 0;
}
