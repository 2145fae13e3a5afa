/* SPDX-License-Identifier: MIT
 *
 * variables: the settings by name, for what reads them (config.c) and what
 * shows them (cli/settings.c).
 */
#ifndef SSLHARDEN_VARIABLES_H
#define SSLHARDEN_VARIABLES_H

#include <stdbool.h>
#include <stddef.h>

/* What a setting's value is; each has its own words. */
enum kind {
	KIND_BOOL,
	KIND_MODE,
	KIND_PROTOCOL,
	KIND_CIPHERS,
	KIND_TEXT,
	KIND_BITS,
	KIND_SUITES,
	KIND_PROFILE,
	KIND_LOG,
	KIND_LEVEL,
	KIND_CONFIG,
};

/* Texts are arrays here: a pointer would be relocated, in a page of each process's own. */
struct variable {
	char name[36]; /* "SSLHARDEN_MIN_PROTOCOL" */
	enum kind kind;
	size_t offset; /* of the member of struct config that it sets */
	bool loosens; /* what is not set is harder than what can be */
};

enum { VARIABLE_COUNT = 22, KIND_COUNT = KIND_CONFIG + 1 };
extern const struct variable variables[VARIABLE_COUNT];

/* The values that a kind accepts, in words. */
extern const char accepted[KIND_COUNT][68];

struct word {
	char text[12];
	int value;
};

/* Each ended by a word without text. */
extern const struct word words_mode[], words_protocol[], words_level[], words_target[];

#endif
