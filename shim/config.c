/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "sslharden/config.h"

#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "log.h"

#define PREFIX "SSLHARDEN"

/*
 * CPython's _RESTRICTED_SERVER_CIPHERS of issue 21013 (Lib/ssl.py, 3.4.0):
 * forward secrecy first, no RC4, MD5, DSS or anonymous suite.
 */
static const char restricted_ciphers[] =
	"ECDH+AESGCM:DH+AESGCM:ECDH+AES256:DH+AES256:ECDH+AES128:DH+AES:ECDH+HIGH:"
	"DH+HIGH:ECDH+3DES:DH+3DES:RSA+AESGCM:RSA+AES:RSA+HIGH:RSA+3DES:"
	"!aNULL:!eNULL:!MD5:!DSS:!RC4";

struct word {
	const char *text;
	int value;
};

/* clang-format off: tables */
static const struct word booleans[] = {
	{"1", 1},  {"yes", 1},   {"true", 1}, {"on", 1}, {"0", 0},
	{"no", 0}, {"false", 0}, {"off", 0},  {NULL, 0},
};
static const struct word modes[] = {
	{"on", MODE_ON},
	{"audit", MODE_AUDIT},
	{"off", MODE_OFF},
	{NULL, 0},
};
static const struct word protocols[] = {
	{"TLSv1", 0x0301}, {"TLSv1.1", 0x0302}, {"TLSv1.2", 0x0303}, {"TLSv1.3", 0x0304}, {NULL, 0},
};
static const struct word levels[] = {
	{"error", LOG_LEVEL_ERROR},
	{"warning", LOG_LEVEL_WARNING},
	{"info", LOG_LEVEL_INFO},
	{"debug", LOG_LEVEL_DEBUG},
	{NULL, 0},
};
/*
 * Mozilla's server-side TLS guideline 6.0.  It forces no server order, and puts
 * the hybrid group first where a libssl has it (OpenSSL 3.5).
 */
#define SUITES_6_0 "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256"
#define GROUPS_6_0 "X25519:prime256v1:secp384r1"

static const struct profile profiles[] = {
	{"modern", "Mozilla 6.0", 0x0304, true, NULL, SUITES_6_0, "X25519MLKEM768:" GROUPS_6_0,
	 GROUPS_6_0},
	{"intermediate", "Mozilla 6.0", 0x0303, true,
	 "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
	 "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
	 "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305",
	 SUITES_6_0, "X25519MLKEM768:" GROUPS_6_0, GROUPS_6_0},
};
/* clang-format on */

enum kind {
	KIND_BOOL,
	KIND_MODE,
	KIND_PROTOCOL,
	KIND_CIPHERS,
	KIND_TEXT,
	KIND_PROFILE,
	KIND_LOG,
	KIND_LEVEL,
};

struct variable {
	const char *name;
	enum kind kind;
	size_t offset; /* of the member of struct config that it sets */
};

static const struct variable variables[] = {
	{PREFIX, KIND_MODE, offsetof(struct config, mode)},
	{PREFIX "_STRICT", KIND_BOOL, offsetof(struct config, strict)},
	{PREFIX "_PROFILE", KIND_PROFILE, offsetof(struct config, profile)},
	{PREFIX "_ALLOW_SSLV3", KIND_BOOL, offsetof(struct config, allow_sslv3)},
	{PREFIX "_ALLOW_PINNED", KIND_BOOL, offsetof(struct config, allow_pinned)},
	{PREFIX "_ALLOW_CLIENT_PREFERENCE", KIND_BOOL,
	 offsetof(struct config, allow_client_preference)},
	{PREFIX "_ALLOW_DH_REUSE", KIND_BOOL, offsetof(struct config, allow_dh_reuse)},
	{PREFIX "_ALLOW_ECDH_REUSE", KIND_BOOL, offsetof(struct config, allow_ecdh_reuse)},
	{PREFIX "_ALLOW_COMPRESSION", KIND_BOOL, offsetof(struct config, allow_compression)},
	{PREFIX "_MIN_PROTOCOL", KIND_PROTOCOL, offsetof(struct config, min_protocol)},
	{PREFIX "_MAX_PROTOCOL", KIND_PROTOCOL, offsetof(struct config, max_protocol)},
	{PREFIX "_CIPHERS", KIND_CIPHERS, offsetof(struct config, ciphers)},
	{PREFIX "_CIPHERSUITES", KIND_TEXT, offsetof(struct config, ciphersuites)},
	{PREFIX "_GROUPS", KIND_TEXT, offsetof(struct config, groups)},
	{PREFIX "_PRIORITIZE_CHACHA", KIND_BOOL, offsetof(struct config, prioritize_chacha)},
	{PREFIX "_LOG", KIND_LOG, offsetof(struct config, log_target)},
	{PREFIX "_LOG_LEVEL", KIND_LEVEL, offsetof(struct config, log_level)},
};

static const char *const accepted[] = {
	[KIND_BOOL] = "1 yes true on 0 no false off",
	[KIND_MODE] = "on audit off",
	[KIND_PROTOCOL] = "TLSv1 TLSv1.1 TLSv1.2 TLSv1.3",
	[KIND_CIPHERS] = "an OpenSSL cipher string of less than 1024 bytes, or restricted",
	[KIND_TEXT] = "OpenSSL's own syntax, less than 1024 bytes",
	[KIND_PROFILE] = "default intermediate modern",
	[KIND_LOG] = "stderr syslog none or an absolute path of less than 1024 bytes",
	[KIND_LEVEL] = "error warning info debug",
};

static bool word_find(const struct word *words, const char *text, bool any_case, int *value)
{
	for (; words->text != NULL; words++) {
		if ((any_case ? strcasecmp : strcmp)(words->text, text) == 0) {
			*value = words->value;
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
	static const struct word targets[] = {
		{"stderr", LOG_TARGET_STDERR},
		{"syslog", LOG_TARGET_SYSLOG},
		{"none", LOG_TARGET_NONE},
		{NULL, 0},
	};
	int target;

	if (word_find(targets, value, false, &target)) {
		config->log_target = (enum log_target)target;
		return true;
	}
	if (value[0] != '/' || !text_copy(config->log_path, value))
		return false;
	config->log_target = LOG_TARGET_FILE;
	return true;
}

static bool profile_read(struct config *config, const char *value)
{
	if (strcmp(value, "default") == 0)
		return true;
	for (size_t i = 0; i < sizeof(profiles) / sizeof(profiles[0]); i++) {
		if (strcmp(profiles[i].name, value) == 0)
			config->profile = &profiles[i];
	}
	return config->profile != NULL;
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
		if (!word_find(modes, value, true, &number))
			return false;
		config->mode = (enum mode)number;
		return true;
	case KIND_PROTOCOL:
		if (!word_find(protocols, value, false, &number))
			return false;
		*(int *)member = number;
		return true;
	case KIND_CIPHERS:
		if (value[0] == '\0')
			return false;
		return text_copy(member,
				 strcmp(value, "restricted") == 0 ? restricted_ciphers : value);
	case KIND_TEXT:
		if (value[0] == '\0' || !text_copy(member, value))
			return false;
		if (member == config->groups) /* a profile's second choice goes with its first */
			config->groups_older[0] = '\0';
		return true;
	case KIND_PROFILE:
		return profile_read(config, value);
	case KIND_LOG:
		return log_read(config, value);
	case KIND_LEVEL:
		if (!word_find(levels, value, false, &number))
			return false;
		config->log_level = (enum log_level)number;
		return true;
	}
	return false;
}

/* Levenshtein's distance; @a is cut to the length of the longest name. */
static unsigned int distance(const char *a, const char *b)
{
	unsigned int row[48];
	size_t lb = strlen(b);

	for (size_t j = 0; j <= lb; j++)
		row[j] = (unsigned int)j;
	for (size_t i = 0; a[i] != '\0' && i < sizeof(row) / sizeof(row[0]); i++) {
		unsigned int diagonal = row[0];

		row[0]++;
		for (size_t j = 0; j < lb; j++) {
			unsigned int change = diagonal + (a[i] != b[j]);

			diagonal = row[j + 1];
			row[j + 1] = row[j + 1] < row[j] ? row[j + 1] + 1 : row[j] + 1;
			if (change < row[j + 1])
				row[j + 1] = change;
		}
	}
	return row[lb];
}

static const char *nearest(const char *name)
{
	const char *best = variables[0].name;
	unsigned int least = UINT32_MAX;

	for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++) {
		unsigned int d = distance(name, variables[i].name);

		if (d < least) {
			least = d;
			best = variables[i].name;
		}
	}
	return best;
}

/* Adds one complaint; the last of too many is cut short. */
static void complain(struct config *config, const char *format, const char *name, const char *value,
		     const char *hint)
{
	size_t room = sizeof(config->complaints) - config->complaints_len;
	char name_text[96], value_text[192];
	int len;

	log_escape(name_text, sizeof(name_text), name);
	log_escape(value_text, sizeof(value_text), value);
	len = snprintf(config->complaints + config->complaints_len, room, format, name_text,
		       value_text, hint);
	if (len < 0 || (size_t)len >= room) /* no room: what is there stays whole */
		config->complaints[config->complaints_len] = '\0';
	else
		config->complaints_len += (size_t)len;
}

static void assignment_read(struct config *config, const char *assignment)
{
	const char *equals = strchr(assignment, '=');
	char name[96];
	size_t len;

	if (equals == NULL || strncmp(assignment, PREFIX, strlen(PREFIX)) != 0)
		return;
	len = (size_t)(equals - assignment);
	if (len > strlen(PREFIX) && assignment[strlen(PREFIX)] != '_')
		return; /* SSLHARDENED= is nobody's business of ours */
	if (len >= sizeof(name))
		len = sizeof(name) - 1;
	memcpy(name, assignment, len);
	name[len] = '\0';

	for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++) {
		const struct variable *v = &variables[i];

		if (strcmp(name, v->name) != 0)
			continue;
		if (!variable_read(config, v, equals + 1))
			complain(config, "%s: cannot read \"%s\"; accepted: %s\n", name, equals + 1,
				 accepted[v->kind]);
		return;
	}
	complain(config, "%s: unknown variable (value \"%s\"); nearest known name: %s\n", name,
		 equals + 1, nearest(name));
}

/* A profile stands in for what is not set: it is read before everything else. */
static void profile_apply(struct config *config, char *const *environ_)
{
	static const char name[] = PREFIX "_PROFILE=";
	const struct profile *profile;

	for (; environ_ != NULL && *environ_ != NULL; environ_++) {
		if (strncmp(*environ_, name, sizeof(name) - 1) == 0)
			profile_read(config, *environ_ + sizeof(name) - 1);
	}
	profile = config->profile;
	if (profile == NULL)
		return;
	config->min_protocol = profile->min_protocol;
	config->allow_client_preference = profile->allow_client_preference;
	if (profile->ciphers != NULL)
		text_copy(config->ciphers, profile->ciphers);
	text_copy(config->ciphersuites, profile->ciphersuites);
	text_copy(config->groups, profile->groups);
	text_copy(config->groups_older, profile->groups_older);
}

void config_parse(struct config *config, char *const *environ_)
{
	memset(config, 0, sizeof(*config));
	config->log_level = LOG_LEVEL_UNSET;
	profile_apply(config, environ_);
	for (; environ_ != NULL && *environ_ != NULL; environ_++)
		assignment_read(config, *environ_);
	if (config->min_protocol != 0 && config->max_protocol != 0 &&
	    config->max_protocol < config->min_protocol) {
		complain(config, "%s: below %s, which stands; accepted: %s\n",
			 PREFIX "_MAX_PROTOCOL", PREFIX "_MIN_PROTOCOL",
			 "the same or a newer version");
		config->max_protocol = 0;
	}
	/* Who asks for an audit wants to read it. */
	if (config->log_level == LOG_LEVEL_UNSET)
		config->log_level = config->mode == MODE_AUDIT ? LOG_LEVEL_INFO : LOG_LEVEL_WARNING;
}

const struct config *config_get(void)
{
	enum { UNREAD, READING, READ };
	static struct config config;
	static _Atomic int state = UNREAD;
	int expected = UNREAD;

	if (atomic_load_explicit(&state, memory_order_acquire) == READ)
		return &config;
	if (atomic_compare_exchange_strong(&state, &expected, READING)) {
		config_parse(&config, getauxval(AT_SECURE) != 0 ? NULL : environ);
		atomic_store_explicit(&state, READ, memory_order_release);
		return &config;
	}
	/* Another thread reads at this moment; only constructors can race here. */
	while (atomic_load_explicit(&state, memory_order_acquire) != READ)
		sched_yield();
	return &config;
}
