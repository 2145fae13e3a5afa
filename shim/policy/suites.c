/* SPDX-License-Identifier: MIT */
#include "sslharden/suites.h"

#include <stdio.h>
#include <string.h>

const struct suite_word suite_words[SUITE_WORDS] = {
	{"aNULL", SUITE_ANULL}, {"eNULL", SUITE_ENULL}, {"EXPORT", SUITE_EXPORT},
	{"RC4", SUITE_RC4},     {"DES", SUITE_DES},     {"3DES", SUITE_3DES},
	{"MD5", SUITE_MD5},     {"CBC", SUITE_CBC},     {"kRSA", SUITE_KRSA},
};

unsigned int suite_word_bit(const char *text, size_t len)
{
	for (size_t i = 0; i < SUITE_WORDS; i++) {
		if (strlen(suite_words[i].text) == len &&
		    strncmp(suite_words[i].text, text, len) == 0)
			return suite_words[i].bit;
	}
	return 0;
}

size_t suite_word_next(const char **at)
{
	*at += **at == ',';
	*at += strspn(*at, " ");
	return strcspn(*at, ",");
}

const char *suite_words_text(unsigned int set, char *text, size_t size)
{
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = 0; i < SUITE_WORDS && used < size; i++) {
		if ((set & suite_words[i].bit) != 0)
			used += (size_t)snprintf(text + used, size - used, "%s%s",
						 used == 0 ? "" : ",", suite_words[i].text);
	}
	return text;
}

/*
 * The parts of names that say something, in the order in which they are applied.  A name without
 * any (AES128-SHA) is a suite in CBC mode that exchanges keys by RSA.
 */
static const struct {
	char part[9];
	unsigned int adds, removes;
} parts[] = {
	{"DHE-", SUITE_DH_PARAMETERS, 0},
	{"ECDHE-", 0, SUITE_DH_PARAMETERS},
	{"DH-RSA-", SUITE_STATIC_DH, 0},
	{"DH-DSS-", SUITE_STATIC_DH, 0},
	{"ECDH-", SUITE_STATIC_DH, 0},
	{"EDH-", SUITE_DH_PARAMETERS, SUITE_STATIC_DH},
	{"ADH-", SUITE_ANULL | SUITE_DH_PARAMETERS, 0},
	{"AECDH-", SUITE_ANULL, SUITE_STATIC_DH},
	{"NULL", SUITE_ENULL, SUITE_CBC},
	{"EXP", SUITE_EXPORT, 0},
	{"RC4", SUITE_RC4, SUITE_CBC},
	{"DES-CBC-", SUITE_DES, 0},
	{"CBC3", SUITE_3DES, 0},
	{"3DES", SUITE_3DES, 0},
	{"MD5", SUITE_MD5, 0},
	{"SHA256", SUITE_TLS1_2, 0},
	{"SHA384", SUITE_TLS1_2, 0},
	{"PSK", 0, SUITE_KRSA | SUITE_TLS1_2}, /* RFC 5487: with SHA256 in older versions, too */
	{"GCM", SUITE_TLS1_2, SUITE_CBC},
	{"CCM", SUITE_TLS1_2, SUITE_CBC},
	{"POLY1305", SUITE_TLS1_2, SUITE_CBC},
	{"GOST", 0, SUITE_CBC | SUITE_KRSA},
	{"DH", 0, SUITE_KRSA},
	{"SRP", 0, SUITE_KRSA},
	{"KRB5", 0, SUITE_KRSA},
};

unsigned int suite_properties(const char *name)
{
	unsigned int properties = SUITE_CBC | SUITE_KRSA;

	if (strncmp(name, "TLS_", 4) == 0)
		return 0;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (strstr(name, parts[i].part) != NULL)
			properties = (properties | parts[i].adds) & ~parts[i].removes;
	}
	return properties;
}

bool suite_is_unsafe_ecdhe(const char *name)
{
	return strncmp(name, "AECDH-", 6) == 0 ||
	       (strncmp(name, "ECDHE-", 6) == 0 && (suite_properties(name) & SUITE_ENULL) != 0);
}
