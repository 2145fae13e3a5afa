/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "source_check.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cipher_names.h"
#include "group_names.h"
#include "settings.h"
#include "source.h"

/* A heading's program: what the kernel calls it has no link in it. */
static void section_check(const char *path, unsigned int line, const char *program,
			  struct strings *complaints)
{
	char *real = realpath(program, NULL);
	struct stat st;

	if (real == NULL)
		strings_addf(complaints, "%s:%u: [%s]: %s; this section is for no program", path,
			     line, program, strerror(errno));
	else if (strcmp(real, program) != 0)
		strings_addf(complaints,
			     "%s:%u: [%s] is a link: no process is called so; accepted: [%s]", path,
			     line, program, real);
	else if (stat(real, &st) == 0 && (!S_ISREG(st.st_mode) || (st.st_mode & 0111) == 0))
		strings_addf(complaints, "%s:%u: [%s] is no program; this section is for none",
			     path, line, program);
	free(real);
}

/* What follows a name that no OpenSSL knows. */
static char *suite_text(const char *entry, size_t len)
{
	return text_make("no OpenSSL knows '%.*s', and each passes over it; accepted: names of "
			 "openssl ciphers ALL:COMPLEMENTOFALL",
			 (int)len, entry);
}

static char *group_text(const char *entry, size_t len)
{
	bool is_optional = len > 0 && memchr(entry, '?', strspn(entry, "?*-")) != NULL;

	return text_make("no OpenSSL knows '%.*s' (nearest: %s), and %s; accepted: names such as "
			 "X25519MLKEM768 X25519 P-256 P-384 ffdhe2048, ':' between, and from "
			 "OpenSSL 3.5 on ? * - / and DEFAULT",
			 (int)len, entry, group_names_nearest(entry, len),
			 is_optional
				 ? "each passes over it"
				 : "each drops the whole list for it: programs' own groups stay");
}

/* Names in a list that no libssl knows: it works without them, or not at all, and not as meant. */
static void names_check(const struct config *config, const struct config_file *file,
			struct strings *found)
{
	static const struct {
		const char *variable;
		size_t offset; /* of the list in struct config */
		const char *(*unknown)(const char **rest, size_t *len);
		char *(*text)(const char *entry, size_t len);
	} lists[] = {
		{"SSLHARDEN_CIPHERS", offsetof(struct config, ciphers), cipher_names_unknown,
		 suite_text},
		{"SSLHARDEN_CIPHERSUITES", offsetof(struct config, ciphersuites),
		 cipher_names_unknown, suite_text},
		{"SSLHARDEN_GROUPS", offsetof(struct config, groups), group_names_unknown,
		 group_text},
	};

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		const char *variable = lists[i].variable, *entry;
		const char *rest = (const char *)config + lists[i].offset;
		char *source =
			source_of(file, &variables[variable_find(variable, strlen(variable))]);
		size_t len;

		if (rest[0] == '\0')
			rest = NULL;
		while (rest != NULL && (entry = lists[i].unknown(&rest, &len)) != NULL) {
			char *said = lists[i].text(entry, len);

			strings_addf(found, "%s: %s: %s", source, variable, said);
			free(said);
		}
		free(source);
	}
}

static void parse_check(const struct config_file *file, char *const *environment,
			struct strings *complaints)
{
	struct config *config = memory_or_exit(calloc(1, sizeof(*config)));
	struct strings found = {0};

	config_load(config, environment, false, file->program);
	complaints_list(config, &found);
	names_check(config, file, &found);
	for (size_t i = 0; i < found.count; i++) {
		if (!strings_have(complaints, found.items[i]))
			strings_add(complaints, found.items[i]);
	}
	free(config);
}

/* The lines of a scope: for each variable the one that had it last, and what is wrong between them. */
struct lines {
	unsigned int last[VARIABLE_COUNT]; /* 0: none */
	struct strings *complaints;
};

static void line_again(void *user, const struct config_file *file, unsigned int line,
		       const char *name, const char *value)
{
	struct lines *lines = user;
	unsigned int *last;
	size_t number = name != NULL ? variable_find(name, strlen(name)) : VARIABLE_COUNT;
	char *said;

	(void)value;
	if (number == VARIABLE_COUNT)
		return;
	last = &lines->last[number];
	if (*last != 0) {
		said = text_make("%s:%u: %s: not applied: line %u sets it again", file->path, *last,
				 name, line);
		if (!strings_have(lines->complaints, said))
			strings_add(lines->complaints, said);
		free(said);
	}
	*last = line;
}

/* Of what one section sets more than once, the last line counts: the others were meant otherwise. */
static void again_check(const struct config_file *file, struct strings *complaints)
{
	static const enum config_scope scopes[] = {CONFIG_SCOPE_ALL, CONFIG_SCOPE_PROGRAM};

	for (size_t s = 0; s < sizeof(scopes) / sizeof(scopes[0]); s++) {
		struct lines lines = {.complaints = complaints};

		config_file_each(file, scopes[s], line_again, &lines);
	}
}

/* To the library a link to nothing is no file at all. */
static void link_check(struct strings *complaints)
{
	char *to = memory_or_exit(calloc(1, PATH_MAX));

	if (access(CONFIG_FILE_SYSTEM, F_OK) != 0 && errno == ENOENT &&
	    readlink(CONFIG_FILE_SYSTEM, to, PATH_MAX - 1) > 0)
		strings_addf(complaints, "%s: a link to %s, which is not there", CONFIG_FILE_SYSTEM,
			     to);
	free(to);
}

bool source_check(struct strings *complaints)
{
	const char *text, *path = source_file(&text);
	struct config_file file = {.path = path, .text = text, .program = "-"};
	char *environment[] = {path != NULL ? text_make("SSLHARDEN_CONFIG=%s", path) : NULL, NULL};
	char *rest, *line;
	unsigned int number = 0;

	link_check(complaints);
	parse_check(&file, path == NULL ? environ : environment, complaints);
	if (path == NULL)
		return getenv("SSLHARDEN_CONFIG") != NULL || complaints->count > 0;
	if (strcmp(path, CONFIG_FILE_SYSTEM) == 0)
		environment[0] = NULL;
	again_check(&file, complaints);
	rest = text_make("%s", text);
	while ((line = strsep(&rest, "\n")) != NULL) {
		char *heading = line + strspn(line, " \t"), *end = strchr(heading, ']');

		number++;
		if (heading[0] != '[' || heading[1] != '/' || end == NULL)
			continue;
		*end = '\0';
		file.program = heading + 1;
		section_check(path, number, file.program, complaints);
		parse_check(&file, environment, complaints);
		again_check(&file, complaints);
	}
	return true;
}
