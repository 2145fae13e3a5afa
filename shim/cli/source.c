/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "source.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "options.h"
#include "settings.h"
#include "settings/variables.h"

const char *source_file(const char **text)
{
	const char *named = getenv("SSLHARDEN_CONFIG"), *why;

	if (named != NULL && named[0] == '/') {
		*text = config_file_read(named, geteuid(), &why);
		if (*text != NULL)
			return named;
	}
	*text = config_file_read(CONFIG_FILE_SYSTEM, 0, &why);
	return *text != NULL ? CONFIG_FILE_SYSTEM : NULL;
}

/* As the library reads it for @program. */
static struct config_file file_for(const char *program)
{
	struct config_file file = {.program = program};

	file.path = source_file(&file.text);
	return file;
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

static void line_count(void *user, const struct config_file *file, unsigned int line,
		       const char *name, const char *value)
{
	(void)file, (void)line, (void)name, (void)value;
	*(size_t *)user += 1;
}

const char *source_has(const char *program)
{
	struct config_file file = file_for(program);
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

char *source_of(const struct config_file *file, const struct variable *variable)
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
	struct config_file file = file_for(program);
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
