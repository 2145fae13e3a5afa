/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "sslharden/config.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "memory/kernel.h"
#include "memory/late.h"
#include "settings/auxv.h"
#include "settings/config_file.h"
#include "settings/escape.h"
#include "settings/environment.h"
#include "settings/nearest.h"
#include "sslharden/policy.h"
#include "sslharden/suites.h"
#include "settings/variables.h"

#define PREFIX "SSLHARDEN"
#define CONFIG_VARIABLE PREFIX "_CONFIG"

enum {
	VARIABLE_MAX = 96, /* bytes of a variable's name in a message, with its NUL */
	CONFIG_WHERE_MAX = 160, /* likewise of a file and a line */
	COMPLAINT_OF_ROOM = 48, /* bytes that are kept free for complain_of_room */
};

/*
 * CPython's _RESTRICTED_SERVER_CIPHERS of issue 21013 (Lib/ssl.py, 3.4.0):
 * forward secrecy first, no RC4, MD5, DSS or anonymous suite.
 */
static const char restricted_ciphers[] =
	"ECDH+AESGCM:DH+AESGCM:ECDH+AES256:DH+AES256:ECDH+AES128:DH+AES:ECDH+HIGH:"
	"DH+HIGH:ECDH+3DES:DH+3DES:RSA+AESGCM:RSA+AES:RSA+HIGH:RSA+3DES:"
	"!aNULL:!eNULL:!MD5:!DSS:!RC4";

/* clang-format off */ /* tables */
static const struct word booleans[] = {
	{"1", 1},  {"yes", 1},   {"true", 1}, {"on", 1}, {"0", 0},
	{"no", 0}, {"false", 0}, {"off", 0},  {"", 0},
};
const struct word words_mode[] = {
	{"on", MODE_ON},
	{"audit", MODE_AUDIT},
	{"off", MODE_OFF},
	{"", 0},
};
const struct word words_protocol[] = {
	{"TLSv1", 0x0301}, {"TLSv1.1", 0x0302}, {"TLSv1.2", 0x0303}, {"TLSv1.3", 0x0304}, {"", 0},
};
const struct word words_level[] = {
	{"error", LOG_LEVEL_ERROR},
	{"warning", LOG_LEVEL_WARNING},
	{"info", LOG_LEVEL_INFO},
	{"debug", LOG_LEVEL_DEBUG},
	{"", 0},
};
const struct word words_target[] = {
	{"stderr", LOG_TARGET_STDERR},
	{"syslog", LOG_TARGET_SYSLOG},
	{"none", LOG_TARGET_NONE},
	{"", 0},
};
/*
 * Mozilla's server-side TLS guideline 6.0.  It forces no server order, and puts
 * the hybrid group first where a libssl has it (OpenSSL 3.5).
 */
#define SUITES_6_0 "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256"
#define GROUPS_6_0 "X25519MLKEM768:X25519:prime256v1:secp384r1"

static const struct profile profiles[PROFILE_COUNT] = {
	{"default", "CPython issue 21013", 0, false, false, 0, "", "", ""},
	{"modern", "Mozilla 6.0", 0x0304, true, true, 2048, "", SUITES_6_0, GROUPS_6_0},
	{"intermediate", "Mozilla 6.0", 0x0303, true, true, 2048,
	 "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
	 "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
	 "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305",
	 SUITES_6_0, GROUPS_6_0},
};
/* clang-format on */

const struct variable variables[VARIABLE_COUNT] = {
	{PREFIX, KIND_MODE, offsetof(struct config, mode), true},
	{PREFIX "_STRICT", KIND_BOOL, offsetof(struct config, strict), false},
	{PREFIX "_PROFILE", KIND_PROFILE, offsetof(struct config, profile), false},
	{PREFIX "_ALLOW_SSLV3", KIND_BOOL, offsetof(struct config, allow_sslv3), true},
	{PREFIX "_ALLOW_PINNED", KIND_BOOL, offsetof(struct config, allow_pinned), true},
	{PREFIX "_ALLOW_CLIENT_PREFERENCE", KIND_BOOL,
	 offsetof(struct config, allow_client_preference), true},
	{PREFIX "_ALLOW_DH_REUSE", KIND_BOOL, offsetof(struct config, allow_dh_reuse), true},
	{PREFIX "_ALLOW_ECDH_REUSE", KIND_BOOL, offsetof(struct config, allow_ecdh_reuse), true},
	{PREFIX "_ALLOW_COMPRESSION", KIND_BOOL, offsetof(struct config, allow_compression), true},
	{PREFIX "_MIN_PROTOCOL", KIND_PROTOCOL, offsetof(struct config, min_protocol), false},
	{PREFIX "_MAX_PROTOCOL", KIND_PROTOCOL, offsetof(struct config, max_protocol), true},
	{PREFIX "_CIPHERS", KIND_CIPHERS, offsetof(struct config, ciphers), false},
	{PREFIX "_CIPHERSUITES", KIND_TEXT, offsetof(struct config, ciphersuites), false},
	{PREFIX "_GROUPS", KIND_TEXT, offsetof(struct config, groups), false},
	{PREFIX "_PRIORITIZE_CHACHA", KIND_BOOL, offsetof(struct config, prioritize_chacha), false},
	{PREFIX "_NO_CLIENT_RENEGOTIATION", KIND_BOOL,
	 offsetof(struct config, no_client_renegotiation), false},
	{PREFIX "_MIN_DH_BITS", KIND_BITS, offsetof(struct config, min_dh_bits), false},
	{PREFIX "_FORBID", KIND_SUITES, offsetof(struct config, forbid), false},
	{PREFIX "_NO_TICKETS", KIND_BOOL, offsetof(struct config, no_tickets), false},
	{PREFIX "_COUNTS_IN", KIND_PATH, offsetof(struct config, counts_in), false},
	{PREFIX "_LOG", KIND_LOG, offsetof(struct config, log_target), false},
	{PREFIX "_LOG_LEVEL", KIND_LEVEL, offsetof(struct config, log_level), false},
	{CONFIG_VARIABLE, KIND_CONFIG, 0, false},
};

const char accepted[KIND_COUNT][68] = {
	[KIND_BOOL] = "1 yes true on 0 no false off",
	[KIND_MODE] = "on audit off",
	[KIND_PROTOCOL] = "TLSv1 TLSv1.1 TLSv1.2 TLSv1.3",
	[KIND_CIPHERS] = "an OpenSSL cipher string of less than 1024 bytes, or restricted",
	[KIND_TEXT] = "OpenSSL's own syntax, less than 1024 bytes",
	[KIND_BITS] = "1024 to 8192",
	[KIND_SUITES] = "of aNULL eNULL EXPORT RC4 DES 3DES MD5 CBC kRSA, commas between",
	[KIND_PROFILE] = "default intermediate modern",
	[KIND_PATH] = "the absolute path of a program, of less than 1024 bytes",
	[KIND_LOG] = "stderr syslog none or an absolute path of less than 1024 bytes",
	[KIND_LEVEL] = "error warning info debug",
	[KIND_CONFIG] = "in the environment alone, an absolute path",
};

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

static bool text_copy(char to[CONFIG_TEXT_MAX], const char *from)
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
	if (value[0] != '/' || !text_copy(config->log_path, value))
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

/* The bit of the word of suites.h that the first @len bytes of @text are, 0 if they are none. */
static unsigned int suite_word(const char *text, size_t len)
{
	for (size_t i = 0; i < SUITE_WORDS; i++) {
		if (strlen(suite_words[i].text) == len &&
		    strncmp(suite_words[i].text, text, len) == 0)
			return suite_words[i].bit;
	}
	return 0;
}

/* Moves to the next word of "3DES, RC4", and returns its length. */
static size_t suite_word_next(const char **at)
{
	*at += **at == ',';
	*at += strspn(*at, " ");
	return strcspn(*at, ",");
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
		unsigned int bit = suite_word(value, len);

		all |= bit;
		is_good = is_good && bit != 0;
		value += len;
	} while (*value != '\0');
	*forbid = is_good ? all : *forbid | all;
	return is_good;
}

const struct profile *config_profile(const struct config *config)
{
	return &profiles[config->profile];
}

/* The number of a profile; PROFILE_COUNT if there is none of that name. */
static unsigned int profile_find(const char *name)
{
	unsigned int i = 0;

	while (i < PROFILE_COUNT && strcmp(profiles[i].name, name) != 0)
		i++;
	return i;
}

static bool variable_read(struct config *config, const struct variable *variable, const char *value)
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
		return text_copy(member,
				 strcmp(value, "restricted") == 0 ? restricted_ciphers : value);
	case KIND_TEXT:
		if (value[0] == '\0' || !text_copy(member, value))
			return false;
		if (member == config->groups)
			config->groups_from_profile = false;
		return true;
	case KIND_PATH:
		return value[0] == '/' && text_copy(member, value);
	case KIND_BITS:
		return bits_read(value, &config->min_dh_bits);
	case KIND_SUITES:
		return suites_read(value, &config->forbid);
	case KIND_PROFILE:
		return profile_find(value) < PROFILE_COUNT; /* profile_read has applied it */
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

/*
 * For a value that cannot be read: it may have been meant to take back what an earlier source
 * allows, so that must not stay in force.
 */
static void variable_harden(struct config *config, const struct variable *variable)
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

size_t variable_find(const char *name, size_t len)
{
	size_t i = 0;

	while (i < VARIABLE_COUNT &&
	       (strncmp(name, variables[i].name, len) != 0 || variables[i].name[len] != '\0'))
		i++;
	return i;
}

/* The place of the one whose name is most like @name, which may lack the prefix. */
static size_t variable_nearest(const char *name)
{
	size_t skip = strncasecmp(name, PREFIX, strlen(PREFIX)) == 0 ? 0 : strlen(PREFIX);

	return nearest_word(name, variables[0].name + skip, sizeof(variables[0]), VARIABLE_COUNT);
}

/* A complaint without room is left out as a whole; this says so, once. */
static void complain_of_room(struct config *config)
{
	static const char more[] = "there are more settings that cannot be read\n";
	size_t len = sizeof(more) - 1;
	char *end = config->complaints + config->complaints_len;

	*end = '\0';
	if (config->complaints_len < len || strcmp(end - len, more) != 0) {
		memcpy(end, more, sizeof(more));
		config->complaints_len += (uint32_t)len;
	}
}

static void complain(struct config *config, const char *format, const char *name, const char *value,
		     const char *hint)
{
	size_t most = sizeof(config->complaints) - COMPLAINT_OF_ROOM;
	size_t room = most > config->complaints_len ? most - config->complaints_len : 0;
	char name_text[CONFIG_WHERE_MAX + VARIABLE_MAX], value_text[192];
	int len;

	text_escape(name_text, sizeof(name_text), name);
	text_escape(value_text, sizeof(value_text), value);
	len = snprintf(config->complaints + config->complaints_len, room, format, name_text,
		       value_text, hint);
	if (len < 0 || (size_t)len >= room)
		complain_of_room(config);
	else
		config->complaints_len += (uint32_t)len;
}

/* Each word of SSLHARDEN_FORBID that is none. */
static void complain_of_words(struct config *config, const char *name, const char *value)
{
	char word[24], hint[224], rest[SUITE_WORDS_MAX];
	size_t len;

	suite_words_text(config->forbid, rest, sizeof(rest));
	do {
		len = suite_word_next(&value);
		snprintf(word, sizeof(word), "%.*s", (int)len, value);
		snprintf(hint, sizeof(hint),
			 "nearest: %s; accepted: %s; forbidden all the same: %s",
			 suite_words[nearest_word(word, suite_words[0].text, sizeof(suite_words[0]),
						  SUITE_WORDS)]
				 .text,
			 accepted[KIND_SUITES], rest[0] != '\0' ? rest : "none");
		if (suite_word(value, len) == 0)
			complain(config, "%s: cannot read \"%s\"; %s\n", name, word, hint);
		value += len;
	} while (*value != '\0');
}

/* @where  "FILE:LINE: " for a setting of a file, else "" */
static void setting_read(struct config *config, const char *where, const char *name,
			 const char *value)
{
	char full_name[CONFIG_WHERE_MAX + VARIABLE_MAX];
	size_t number = variable_find(name, strlen(name));
	const struct variable *variable = &variables[number];

	snprintf(full_name, sizeof(full_name), "%s%s", where, name);
	if (number == VARIABLE_COUNT) {
		number = variable_nearest(name);
		complain(config, "%s: unknown variable (value \"%s\"); nearest known name: %s\n",
			 full_name, value, variables[number].name);
	} else if (variable_read(config, variable, value)) {
		return;
	} else if (variable->kind == KIND_SUITES) {
		complain_of_words(config, full_name, value);
	} else {
		variable_harden(config, variable);
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
	const struct profile *profile;
	unsigned int number = profile_find(value);

	if (strcmp(name, PREFIX "_PROFILE") != 0 || number == PROFILE_COUNT)
		return;
	profile = &profiles[number];
	config->profile = number;
	config->min_protocol = profile->min_protocol;
	config->allow_client_preference = profile->allow_client_preference;
	config->no_client_renegotiation = profile->no_client_renegotiation;
	config->min_dh_bits = profile->min_dh_bits;
	text_copy(config->ciphers, profile->ciphers);
	text_copy(config->ciphersuites, profile->ciphersuites);
	text_copy(config->groups, profile->groups);
	config->groups_from_profile = true;
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
	char own[CONFIG_TEXT_MAX];
	struct config_file file = {.path = path, .program = program != NULL ? program : own};

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
		config_file_program("/proc/self/exe", own, sizeof(own));
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
