/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "source.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cipher_names.h"
#include "group_names.h"
#include "settings/config_file.h"
#include "options.h"
#include "settings.h"
#include "settings/variables.h"

/* --- the file ------------------------------------------------------------------ */

static const char *text; /* of the file that source_file has found */

const char *source_file(void)
{
	const char *named = getenv("SSLHARDEN_CONFIG"), *why;

	if (named != NULL && named[0] == '/') {
		text = config_file_read(named, geteuid(), &why);
		if (text != NULL)
			return named;
	}
	text = config_file_read(CONFIG_FILE_SYSTEM, 0, &why);
	return text != NULL ? CONFIG_FILE_SYSTEM : NULL;
}

/* What is looked for in the lines of one scope; the last one counts. */
struct wanted {
	const char *name;
	unsigned int line; /* 0: none has it */
	char *value;
};

static void line_look(void *user, const struct config_file *file, unsigned int line,
		      const char *name, const char *value)
{
	struct wanted *wanted = user;

	(void)file;
	if (name == NULL || strcmp(name, wanted->name) != 0)
		return;
	wanted->line = line;
	wanted->value = text_make("%s", value);
}

static struct wanted look(const struct config_file *file, enum config_scope scope, const char *name)
{
	struct wanted wanted = {.name = name};

	if (file->path != NULL)
		config_file_each(file, scope, line_look, &wanted);
	return wanted;
}

/* --- where from ------------------------------------------------------------------ */

static void line_count(void *user, const struct config_file *file, unsigned int line,
		       const char *name, const char *value)
{
	(void)file, (void)line, (void)name, (void)value;
	*(size_t *)user += 1;
}

const char *source_has(const char *program)
{
	struct config_file file = {.path = source_file(), .text = text, .program = program};
	size_t count = 0;

	if (file.path != NULL)
		config_file_each(&file, CONFIG_SCOPE_PROGRAM, line_count, &count);
	return count > 0 ? file.path : NULL;
}

/* What a profile sets; a source's profile is over all that a source below it names. */
static bool is_of_profile(const struct variable *variable)
{
	static const size_t members[] = {offsetof(struct config, min_protocol),
					 offsetof(struct config, allow_client_preference),
					 offsetof(struct config, no_client_renegotiation),
					 offsetof(struct config, min_dh_bits),
					 offsetof(struct config, ciphers),
					 offsetof(struct config, ciphersuites),
					 offsetof(struct config, groups)};

	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		if (variable->offset == members[i] && variable->kind != KIND_CONFIG)
			return true;
	}
	return false;
}

/* That of the environment: by an option of this call, or as it was. */
static const char *environment_of(const char *name)
{
	const char *value = getenv(name);

	if (value == NULL || options_have_set(name))
		return value == NULL ? NULL : "an option of this call";
	return "the environment";
}

static char *source_of(const struct config_file *file, const struct variable *variable)
{
	static const char profile[] = "SSLHARDEN_PROFILE";
	static const enum config_scope scopes[] = {CONFIG_SCOPE_PROGRAM, CONFIG_SCOPE_ALL};
	const char *environment = environment_of(variable->name);
	bool by_profile = is_of_profile(variable);

	if (environment != NULL)
		return text_make("%s", environment);
	if (by_profile && getenv(profile) != NULL)
		return text_make("the profile %s", getenv(profile));
	for (size_t i = 0; i < sizeof(scopes) / sizeof(scopes[0]); i++) {
		struct wanted own = look(file, scopes[i], variable->name);
		struct wanted whole = look(file, scopes[i], profile);

		if (own.line != 0)
			return text_make("%s:%u", file->path, own.line);
		if (by_profile && whole.line != 0)
			return text_make("the profile %s, %s:%u", whole.value, file->path,
					 whole.line);
	}
	return text_make("the default");
}

void source_list(const struct config *config, const char *program, struct strings *settings,
		 struct strings *sources)
{
	struct config_file file = {.path = source_file(), .text = text, .program = program};
	struct strings list = {0};

	settings_list(config, &list);
	for (size_t i = 0; i < list.count; i++) {
		const char *setting = list.items[i];
		size_t number = variable_find(setting, strcspn(setting, "="));
		char *source = source_of(&file, &variables[number]);

		strings_add(settings, setting);
		strings_add(sources, source);
		free(source);
	}
}

/* --- the whole file --------------------------------------------------------------- */

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

static void parse_check(const char *path, char *const *environment, const char *program,
			struct strings *complaints)
{
	struct config_file file = {.path = path, .text = text, .program = program};
	struct config *config = memory_or_exit(calloc(1, sizeof(*config)));
	struct strings found = {0};

	config_load(config, environment, false, program);
	complaints_list(config, &found);
	names_check(config, &file, &found);
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
static void again_check(const char *path, const char *program, struct strings *complaints)
{
	static const enum config_scope scopes[] = {CONFIG_SCOPE_ALL, CONFIG_SCOPE_PROGRAM};
	struct config_file file = {.path = path, .text = text, .program = program};

	for (size_t s = 0; s < sizeof(scopes) / sizeof(scopes[0]); s++) {
		struct lines lines = {.complaints = complaints};

		config_file_each(&file, scopes[s], line_again, &lines);
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
	const char *path = source_file();
	char *environment[] = {path != NULL ? text_make("SSLHARDEN_CONFIG=%s", path) : NULL, NULL};
	char *rest, *line;
	unsigned int number = 0;

	link_check(complaints);
	parse_check(path, path == NULL ? environ : environment, "-", complaints);
	if (path == NULL)
		return getenv("SSLHARDEN_CONFIG") != NULL || complaints->count > 0;
	if (strcmp(path, CONFIG_FILE_SYSTEM) == 0)
		environment[0] = NULL;
	again_check(path, "-", complaints);
	rest = text_make("%s", text);
	while ((line = strsep(&rest, "\n")) != NULL) {
		char *heading = line + strspn(line, " \t"), *end = strchr(heading, ']');

		number++;
		if (heading[0] != '[' || heading[1] != '/' || end == NULL)
			continue;
		*end = '\0';
		section_check(path, number, heading + 1, complaints);
		parse_check(path, environment, heading + 1, complaints);
		again_check(path, heading + 1, complaints);
	}
	return true;
}
