/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "sslharden/config.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "memory/kernel.h"
#include "memory/late.h"
#include "settings/auxv.h"
#include "settings/complaint.h"
#include "settings/config_file.h"
#include "settings/environment.h"
#include "settings/profile.h"
#include "settings/value.h"
#include "sslharden/policy.h"

enum {
	VARIABLE_MAX = 96, /* bytes of a variable's name in a message, with its NUL */
	CONFIG_WHERE_MAX = 160, /* likewise of a file and a line */
};

/* @where  "FILE:LINE: " for a setting of a file, else "" */
static void setting_read(struct config *config, const char *where, const char *name,
			 const char *value)
{
	char full_name[COMPLAINT_NAME_MAX];
	size_t number = variable_find(name, strlen(name));
	const struct variable *variable = &variables[number];

	snprintf(full_name, sizeof(full_name), "%s%s", where, name);
	if (number == VARIABLE_COUNT) {
		number = variable_nearest(name);
		complain(config, "%s: unknown variable (value \"%s\"); nearest known name: %s\n",
			 full_name, value, variables[number].name);
	} else if (value_read(config, variable, value)) {
		return;
	} else if (variable->kind == KIND_SUITES) {
		complain_of_words(config, full_name, value);
	} else {
		value_harden(config, variable);
		complain(config, "%s: cannot read \"%s\"; accepted: %s\n", full_name, value,
			 accepted[variable->kind]);
	}
	config->unread |= 1U << number;
}

/*
 * Called for all settings of a source before any other of them is read: those replace the
 * profile's.
 */
static void profile_read(struct config *config, const char *name, const char *value)
{
	unsigned int number = profile_find(value);

	if (strcmp(name, PREFIX "_PROFILE") == 0 && number < PROFILE_COUNT)
		profile_apply(config, number);
}

typedef void setting_visit(struct config *config, const char *name, const char *value);

static void environment_setting(struct config *config, const char *name, const char *value)
{
	setting_read(config, "", name, value);
}

static void environment_each(struct config *config, char *const *environ_, setting_visit *visit)
{
	for (; environ_ != NULL && *environ_ != NULL; environ_++) {
		char name[VARIABLE_MAX];
		size_t whole, len;

		if (!environment_is_setting(*environ_))
			continue;
		whole = strcspn(*environ_, "=");
		len = whole < sizeof(name) ? whole : sizeof(name) - 1;
		memcpy(name, *environ_, len);
		name[len] = '\0';
		if (strcmp(name, CONFIG_VARIABLE) != 0)
			visit(config, name, *environ_ + whole + 1);
	}
}

static void where_write(char where[CONFIG_WHERE_MAX], const struct config_file *file,
			unsigned int line)
{
	snprintf(where, CONFIG_WHERE_MAX, "%.128s:%u: ", file->path, line);
}

static void file_profile(void *config, const struct config_file *file, unsigned int line,
			 const char *name, const char *value)
{
	(void)file;
	(void)line;
	profile_read(config, name, value);
}

static void file_setting(void *config, const struct config_file *file, unsigned int line,
			 const char *name, const char *value)
{
	char where[CONFIG_WHERE_MAX];

	where_write(where, file, line);
	setting_read(config, where, name, value);
}

static void file_fault(void *config, const struct config_file *file, unsigned int line,
		       const char *name, const char *value)
{
	char where[CONFIG_WHERE_MAX];

	(void)name;
	where_write(where, file, line);
	complain(config, "%scannot read \"%s\"; accepted: %s\n", where, value,
		 "[*] or [/absolute/path/of/a/program], and below it NAME = value");
}

/* For the sections of programs if this process does not know which program it is. */
static void file_unknown(void *config, const struct config_file *file, unsigned int line,
			 const char *name, const char *value)
{
	char where[CONFIG_WHERE_MAX];

	(void)value;
	where_write(where, file, line);
	complain(config, "%s%s: not applied: /proc/self/exe cannot be read; accepted: %s\n", where,
		 name, "[*]");
}

static void file_parse(struct config *config, const struct config_file *file)
{
	static const enum config_scope scopes[] = {CONFIG_SCOPE_ALL, CONFIG_SCOPE_PROGRAM};

	config_file_each(file, CONFIG_SCOPE_FAULT, file_fault, config);
	for (size_t i = 0; i < sizeof(scopes) / sizeof(scopes[0]); i++) {
		config_file_each(file, scopes[i], file_profile, config);
		config_file_each(file, scopes[i], file_setting, config);
	}
	if (file->program[0] == '\0')
		config_file_each(file, CONFIG_SCOPE_OTHER, file_unknown, config);
}

static void sources_parse(struct config *config, const struct config_file *file,
			  char *const *environ_)
{
	static const char max[] = PREFIX "_MAX_PROTOCOL";

	if (file != NULL)
		file_parse(config, file);
	environment_each(config, environ_, profile_read);
	environment_each(config, environ_, environment_setting);
	if (config->min_protocol != 0 && config->max_protocol != 0 &&
	    config->max_protocol < config->min_protocol) {
		complain(config, "%s: below the lowest version, %s, which stands; accepted: %s\n",
			 max, version_name(config->min_protocol), "the same or a newer one");
		config->unread |= 1U << variable_find(max, strlen(max));
		config->max_protocol = 0;
	}
	/* An audit without its lines would be of no use. */
	if (config->log_level == LOG_LEVEL_UNSET)
		config->log_level = config->mode == MODE_AUDIT ? LOG_LEVEL_INFO : LOG_LEVEL_WARNING;
}

void config_parse(struct config *config, const struct config_file *file, char *const *environ_)
{
	memset(config, 0, sizeof(*config));
	config->log_level = LOG_LEVEL_UNSET;
	sources_parse(config, file, environ_);
}

/* The text of the file; NULL: it is not there, or was refused, which is then a complaint. */
static const char *file_load(struct config *config, const char *path, uid_t owner, bool named)
{
	const char *why = "it is no absolute path";
	const char *text = path[0] == '/' ? config_file_read(path, owner, &why) : NULL;

	if (text != NULL)
		return text;
	if (why == NULL && named)
		why = "it is not there";
	if (why != NULL)
		complain(config,
			 named ? CONFIG_VARIABLE "=%s: not read: %s; accepted: %s\n"
			       : "%s: not read: %s; accepted: %s\n",
			 path, why,
			 named ? "the absolute path of a regular file of less than 32 KiB that is "
				 "root's or your own and that its group and others cannot write"
			       : "a regular file of less than 32 KiB that is root's and that its "
				 "group and others cannot write");
	if (why != NULL && named)
		config->unread |= 1U << variable_find(CONFIG_VARIABLE, strlen(CONFIG_VARIABLE));
	return NULL;
}

/* Reads the file that @path names (NULL: the system's), and what @environ_ says over it. */
static void file_load_under(struct config *config, const char *path, char *const *environ_,
			    const char *program)
{
	char own_path[CONFIG_TEXT_MAX];
	struct config_file file = {.path = path, .program = program != NULL ? program : own_path};

	if (path != NULL)
		file.text = file_load(config, path, kernel_geteuid(), true);
	if (file.text == NULL) {
		file.path = CONFIG_FILE_SYSTEM;
		file.text = file_load(config, file.path, 0, false);
	}
	if (file.text == NULL) {
		sources_parse(config, NULL, environ_);
		return;
	}
	if (program == NULL)
		config_file_program("/proc/self/exe", own_path, sizeof(own_path));
	sources_parse(config, &file, environ_);
	config_file_free(file.text);
}

/*
 * In secure execution the environment comes from somebody with fewer rights, so only the system's
 * file is read, which only root can have written.
 */
void config_load(struct config *config, char *const *environ_, bool secure, const char *program)
{
	static const char named[] = CONFIG_VARIABLE "=";
	const char *path = NULL;
	int saved_errno = errno;

	config->log_level = LOG_LEVEL_UNSET;
	if (secure)
		environ_ = NULL;
	if (!environment_copy(config->environment, environ_))
		complain(config, "%s_*: more than %s of them; %s\n", PREFIX, "6 KiB",
			 "not all of it will hold where the program executes itself anew");
	for (char *const *e = environ_; e != NULL && *e != NULL; e++) {
		if (strncmp(*e, named, sizeof(named) - 1) == 0)
			path = *e + sizeof(named) - 1;
	}
	file_load_under(config, path, environ_, program);
	errno = saved_errno;
}

const struct config *_Atomic config_current;

const struct config *config_read(void)
{
	static WRITTEN_LATE_BUT_BEGINNING struct {
		atomic_flag reading; /* stands here to share the first page of the record */
		struct config_record record;
	} process = {.reading = ATOMIC_FLAG_INIT};
	const struct config *config = NULL;

	if (!atomic_flag_test_and_set(&process.reading)) {
		config_load(&process.record.config, environ, is_secure_execution(), NULL);
		process.record.size = sizeof(process.record);
		memcpy(process.record.mark, CONFIG_RECORD_MARK, sizeof(process.record.mark));
		config = &process.record.config;
		atomic_store_explicit(&config_current, config, memory_order_release);
	}
	/* Another thread is reading them; that can happen only while constructors run. */
	while (config == NULL &&
	       (config = atomic_load_explicit(&config_current, memory_order_acquire)) == NULL)
		syscall(SYS_sched_yield);
	return config;
}
