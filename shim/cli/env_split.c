/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "env_split.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* @len bytes more for the word that is being read; NULL: none is. */
static void append(char **word, const char *text, size_t len)
{
	char *before = *word;

	*word = text_make("%s%.*s", before != NULL ? before : "", (int)len, text);
	free(before);
}

static void word_end(struct strings *words, char **word)
{
	if (*word != NULL)
		strings_add(words, *word);
	free(*word);
	*word = NULL;
}

/* A backslash and @c; \c and a \_ that parts words are not for here. */
static bool escape_add(char **word, char c, char quote)
{
	static const struct {
		char written, meant;
	} escapes[] = {
		{'f', '\f'}, {'n', '\n'}, {'r', '\r'},  {'t', '\t'},  {'v', '\v'}, {'"', '"'},
		{'#', '#'},  {'$', '$'},  {'\'', '\''}, {'\\', '\\'}, {'_', ' '},
	};

	for (size_t i = 0; i < sizeof(escapes) / sizeof(escapes[0]); i++) {
		if (escapes[i].written != c || (c == '_' && quote == '\0'))
			continue;
		append(word, &escapes[i].meant, 1);
		return true;
	}
	return false;
}

/* @c is at "${NAME}", the one form there is; answers its last byte, NULL: it is another. */
static const char *variable_add(char **word, const char *c)
{
	static const char name[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "0123456789_";
	size_t len = c[1] == '{' ? strspn(c + 2, name) : 0;
	const char *value;

	if (len == 0 || c[2 + len] != '}')
		return NULL;
	value = getenv(text_make("%.*s", (int)len, c + 2));
	if (value != NULL)
		append(word, value, strlen(value));
	return c + 2 + len;
}

bool env_split(const char *text, struct strings *words)
{
	char *word = NULL, quote = '\0';

	for (const char *c = text; *c != '\0'; c++) {
		bool escapes = *c == '\\' && (quote != '\'' || c[1] == '\\' || c[1] == '\'');

		if (quote == '\0' && (isspace((unsigned char)*c) || (escapes && c[1] == '_'))) {
			c += escapes;
			word_end(words, &word);
		} else if (quote == '\0' &&
			   ((*c == '#' && word == NULL) || (escapes && c[1] == 'c'))) {
			break; /* what follows is a comment */
		} else if (*c == quote) {
			quote = '\0';
		} else if (quote == '\0' && (*c == '"' || *c == '\'')) {
			quote = *c;
			append(&word, "", 0);
		} else if (escapes) {
			if (!escape_add(&word, *++c, quote))
				return false;
		} else if (*c == '$' && quote != '\'') {
			c = variable_add(&word, c);
			if (c == NULL)
				return false;
		} else {
			append(&word, c, 1);
		}
	}
	word_end(words, &word);
	return quote == '\0';
}
