/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "options.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "settings.h"
#include "settings/nearest.h"
#include "settings/variables.h"
#include "sslharden/config.h"

/* clang-format off */ /* a table */
static const struct {
	const char *variable, *value, *meaning; /* value NULL: it is a boolean */
} meanings[] = {
	{"SSLHARDEN_STRICT", NULL, "what cannot be hardened is refused instead of passed"},
	{"SSLHARDEN_PROFILE", "NAME", "a set of the settings below: default intermediate modern"},
	{"SSLHARDEN_ALLOW_SSLV3", NULL, "SSLv3 is no longer taken away"},
	{"SSLHARDEN_ALLOW_PINNED", NULL, "methods of one version stay what they are"},
	{"SSLHARDEN_ALLOW_CLIENT_PREFERENCE", NULL, "the server's cipher order is not forced"},
	{"SSLHARDEN_ALLOW_DH_REUSE", NULL, "single use of DH keys is not forced"},
	{"SSLHARDEN_ALLOW_ECDH_REUSE", NULL, "single use of ECDH keys is not forced"},
	{"SSLHARDEN_ALLOW_COMPRESSION", NULL, "TLS compression is not forced off"},
	{"SSLHARDEN_MIN_PROTOCOL", "VERSION",
	 "none below is served: TLSv1 TLSv1.1 TLSv1.2 TLSv1.3"},
	{"SSLHARDEN_MAX_PROTOCOL", "VERSION", "none above is served: likewise"},
	{"SSLHARDEN_CIPHERS", "LIST", "the cipher list, up to TLS 1.2; restricted is one by name"},
	{"SSLHARDEN_CIPHERSUITES", "LIST", "the cipher suites of TLS 1.3"},
	{"SSLHARDEN_GROUPS", "LIST", "the groups of the key exchange"},
	{"SSLHARDEN_PRIORITIZE_CHACHA", NULL, "a client that puts ChaCha20 first gets it"},
	{"SSLHARDEN_NO_CLIENT_RENEGOTIATION", NULL, "a client's renegotiation ends the connection"},
	{"SSLHARDEN_MIN_DH_BITS", "BITS", "smaller DH parameters are replaced: 1024 to 8192"},
	{"SSLHARDEN_FORBID", "WORDS",
	 "suites that go: aNULL eNULL EXPORT RC4 DES 3DES MD5 CBC kRSA"},
	{"SSLHARDEN_NO_TICKETS", NULL, "no session tickets"},
	{"SSLHARDEN_COUNTS_IN", "PROGRAM", "what PROGRAM executes counts in one place, with it"},
	{"SSLHARDEN_LOG", "WHERE", "messages: stderr syslog none, or an absolute path"},
	{"SSLHARDEN_LOG_LEVEL", "LEVEL", "how many: error warning info debug"},
	{"SSLHARDEN_CONFIG", "PATH", "the file that is read instead of /etc/sslharden.conf"},
};
/* clang-format on */

static bool set_by_option[VARIABLE_COUNT];

/* --- names ------------------------------------------------------------------- */

/* "min-protocol" for SSLHARDEN_MIN_PROTOCOL, NULL for SSLHARDEN itself; to be freed. */
static char *option_name(const struct variable *variable)
{
	const char *underscore = strchr(variable->name, '_');
	char *name;

	if (underscore == NULL)
		return NULL;
	name = text_make("%s", underscore + 1);
	for (char *c = name; *c != '\0'; c++)
		*c = (char)(*c == '_' ? '-' : tolower((unsigned char)*c));
	return name;
}

/* The variables are the options: none is forgotten when one is added. */
void options_make(struct option options[OPTIONS_MAX], const struct option *own, size_t count)
{
	memcpy(options, own, count * sizeof(*own));
	for (size_t i = 0; i < VARIABLE_COUNT && count < OPTIONS_MAX - 1; i++) {
		const char *name = option_name(&variables[i]);

		if (name != NULL)
			options[count++] = (struct option){
				name,
				variables[i].kind == KIND_BOOL ? no_argument : required_argument,
				NULL, FIRST_VARIABLE + (int)i};
	}
	options[count] = (struct option){0};
}

static size_t meaning_find(const char *variable)
{
	size_t i = 0;

	while (i < sizeof(meanings) / sizeof(meanings[0]) &&
	       strcmp(meanings[i].variable, variable) != 0)
		i++;
	return i;
}

void options_print_variables(void)
{
	for (size_t i = 0; i < VARIABLE_COUNT; i++) {
		const char *name = option_name(&variables[i]), *value = "VALUE", *meaning = "";
		size_t m = meaning_find(variables[i].name);
		bool is_bool = variables[i].kind == KIND_BOOL;
		char *option;

		if (m < sizeof(meanings) / sizeof(meanings[0])) {
			value = meanings[m].value;
			meaning = meanings[m].meaning;
		}
		if (name == NULL)
			continue;
		option = text_make("--%s%s%s", name, is_bool ? "" : " ", is_bool ? "" : value);
		printf("  %-27s %s\n  %-27s (%s%s)\n", option, meaning, "", variables[i].name,
		       is_bool ? "=1" : "");
		free(option);
	}
}

/* --- values ------------------------------------------------------------------ */

bool options_set(const char *command, int option, const char *value)
{
	static struct config config;
	const struct variable *variable = &variables[option - FIRST_VARIABLE];
	const char *text = value == NULL ? "1" : value;
	char *setting = text_make("%s=%s", variable->name, text);
	char *const environment[] = {setting, NULL};
	const char *complaint = config.complaints;

	memset(&config, 0, sizeof(config));
	/* The file's name is not among the settings: config_load takes it. */
	if (variable->kind == KIND_CONFIG)
		config_load(&config, environment, false, NULL);
	else
		config_parse(&config, NULL, environment);
	free(setting);
	if (config.complaints_len > 0) {
		int len = complaint_length(complaint), name_len = (int)strlen(variable->name);

		/* In the words that were typed. */
		if (text_begins(complaint, variable->name) && option_name(variable) != NULL)
			cli_error("%s: --%s%.*s", command, option_name(variable), len - name_len,
				  complaint + name_len);
		else
			cli_error("%s: %.*s", command, len, complaint);
		return false;
	}
	set_by_option[option - FIRST_VARIABLE] = true;
	return setenv(variable->name, text, 1) == 0;
}

bool options_have_set(const char *name)
{
	size_t number = variable_find(name, strlen(name));

	return number < VARIABLE_COUNT && set_by_option[number];
}

/* --- errors ------------------------------------------------------------------ */

const char *options_nearest(const char *text, const char *const *words)
{
	const char *best = NULL;
	size_t least = strlen(text) / 2 + 1;

	for (; *words != NULL; words++) {
		size_t d = word_distance(text, *words);

		if (d < least) {
			least = d;
			best = *words;
		}
	}
	return best;
}

static const char *option_nearest(const char *typed, const struct option *options)
{
	const char *words[OPTIONS_MAX + 1] = {NULL};
	char *name = text_make("%.*s", (int)strcspn(typed, "="), typed);

	for (size_t i = 0; i < OPTIONS_MAX && options[i].name != NULL; i++)
		words[i] = options[i].name;
	return options_nearest(name + strspn(name, "-"), words);
}

int options_error(const char *command, int result, char **argv, const struct option *options)
{
	const char *typed = argv[optind - 1], *nearest = option_nearest(typed, options);

	if (result == ':')
		cli_error("%s: %s takes a value", command, typed);
	else if (optopt >= FIRST_VARIABLE || (optopt != 0 && strchr(typed, '=') != NULL))
		cli_error("%s: %s: this option takes no value", command, typed);
	else if (nearest != NULL)
		cli_error("%s: %s: no such option; nearest: --%s", command, typed, nearest);
	else
		cli_error("%s: %s: no such option", command, typed);
	return cli_usage_of(command);
}

bool options_number(const char *text, long most, long *number)
{
	char *end;

	errno = 0;
	*number = strtol(text, &end, 10);
	return errno == 0 && isdigit((unsigned char)*text) && *end == '\0' && *number > 0 &&
	       *number <= most;
}

bool options_processes(const char *command, char *const *words)
{
	for (; *words != NULL; words++) {
		const char *word = *words;
		long pid;

		if (strcmp(word, "0") == 0)
			cli_error("%s: 0: a unit that is stopped has no PID; accepted: that of a "
				  "process, or its name",
				  command);
		else if (word[0] == '\0' || word[0] == '-' ||
			 (word[strspn(word, "0123456789")] == '\0' &&
			  !options_number(word, INT_MAX, &pid)))
			cli_error("%s: %s: accepted: a PID, a positive number, or the name of a "
				  "program that runs",
				  command, word);
		else
			continue;
		return false;
	}
	return true;
}
