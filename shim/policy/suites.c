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
 * The words of names that say something, in the order in which they are applied.  A name without
 * any (AES128-SHA) is a suite in CBC mode that exchanges keys by RSA.
 */
static const struct {
	char word[10]; /* or its beginning */
	unsigned char len;
	unsigned short adds, removes;
} meanings[] = {
#define WORD(text, adds, removes)                     \
	{                                             \
		text, sizeof(text) - 1, adds, removes \
	}
	WORD("ECDHE-", 0, SUITE_KRSA),
	WORD("DHE-", SUITE_DH_PARAMETERS, SUITE_KRSA),
	WORD("EDH-", SUITE_DH_PARAMETERS, SUITE_KRSA),
	WORD("DH-", SUITE_STATIC_DH, SUITE_KRSA),
	WORD("ECDH-", SUITE_STATIC_DH, SUITE_KRSA),
	WORD("ADH-", SUITE_ANULL | SUITE_DH_PARAMETERS, SUITE_KRSA),
	WORD("AECDH-", SUITE_ANULL, SUITE_KRSA),
	WORD("NULL", SUITE_ENULL, SUITE_CBC),
	WORD("EXP", SUITE_EXPORT, 0),
	WORD("RC4", SUITE_RC4, SUITE_CBC),
	WORD("DES-CBC-", SUITE_DES, 0),
	WORD("CBC3", SUITE_3DES, 0),
	WORD("3DES", SUITE_3DES, 0),
	WORD("MD5", SUITE_MD5, 0),
	WORD("SHA256", SUITE_TLS1_2, 0),
	WORD("SHA384", SUITE_TLS1_2, 0),
	/* RFC 5487: with SHA256 in older versions, too */
	WORD("PSK", 0, SUITE_KRSA | SUITE_TLS1_2),
	WORD("GCM", SUITE_TLS1_2, SUITE_CBC),
	WORD("CCM", SUITE_TLS1_2, SUITE_CBC),
	WORD("POLY1305", SUITE_TLS1_2, SUITE_CBC),
	WORD("GOST", 0, SUITE_CBC | SUITE_KRSA),
	WORD("SRP", 0, SUITE_KRSA),
	WORD("KRB5", 0, SUITE_KRSA),
#undef WORD
};

enum { WORDS_MAX = 8 }; /* the longest, EXP1024-DHE-DSS-DES-CBC-SHA, has six */

static size_t words_of(const char *name, const char *words[WORDS_MAX])
{
	size_t count = 0;

	while (name != NULL && count < WORDS_MAX) {
		words[count++] = name;
		name = strchr(name, '-');
		name += name != NULL;
	}
	return count;
}

/*
 * Words are compared by their first letter before anything else: a pinned server's whole list is read
 * at each handshake.
 */
unsigned int suite_properties(const char *name)
{
	unsigned int properties = SUITE_CBC | SUITE_KRSA;
	const char *words[WORDS_MAX];
	size_t count;

	if (strncmp(name, "TLS_", 4) == 0)
		return 0;
	count = words_of(name, words);
	for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++) {
		for (size_t at = 0; at < count; at++) {
			if (words[at][0] == meanings[i].word[0] &&
			    strncmp(words[at], meanings[i].word, meanings[i].len) == 0)
				properties = (properties | meanings[i].adds) & ~meanings[i].removes;
		}
	}
	return properties;
}

bool suite_is_unsafe_ecdhe(const char *name)
{
	return strncmp(name, "AECDH-", 6) == 0 ||
	       (strncmp(name, "ECDHE-", 6) == 0 && (suite_properties(name) & SUITE_ENULL) != 0);
}
