/* SPDX-License-Identifier: MIT
 *
 * variables: the table of the settings, for config.c, which reads them, and the command, which shows
 * them.
 */
#ifndef SSLHARDEN_VARIABLES_H
#define SSLHARDEN_VARIABLES_H

#include <stdbool.h>
#include <stddef.h>

#define PREFIX "SSLHARDEN"
#define CONFIG_VARIABLE PREFIX "_CONFIG"

/* What the value of a setting may be. */
enum kind {
	KIND_BOOL,
	KIND_MODE,
	KIND_PROTOCOL,
	KIND_CIPHERS,
	KIND_TEXT,
	KIND_PATH,
	KIND_BITS,
	KIND_SUITES,
	KIND_PROFILE,
	KIND_LOG,
	KIND_LEVEL,
	KIND_CONFIG,
};

/* Names are arrays: pointers would be relocations, and the table private memory of each process. */
struct variable {
	char name[36]; /* "SSLHARDEN_MIN_PROTOCOL" */
	enum kind kind;
	size_t offset; /* of the member of struct config that it sets */
	bool loosens; /* every value but the default makes servers weaker */
};

enum { VARIABLE_COUNT = 23, KIND_COUNT = KIND_CONFIG + 1 };
extern const struct variable variables[VARIABLE_COUNT];

/* The place of the variable that has this name, of @len bytes; VARIABLE_COUNT: there is none. */
size_t variable_find(const char *name, size_t len);

/* The place of the one whose name is most like @name, which may lack the prefix. */
size_t variable_nearest(const char *name);

/* For messages: the values that each kind accepts. */
extern const char accepted[KIND_COUNT][68];

struct word {
	char text[12];
	int value;
};

/* Each table ends with an empty word. */
extern const struct word words_mode[], words_protocol[], words_level[], words_target[];

#endif
