/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "sslharden/policy.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "json.h"
#include "search.h"
#include "settings.h"

static const char usage[] =
	"usage: sslharden policy [--json] [--for PROGRAM | NAME]\n"
	"Prints what is done to a server's contexts, given the present environment and\n"
	"/etc/sslharden.conf; or what the profile NAME alone does: default intermediate modern.\n"
	"  --for PROGRAM    with the file's settings for PROGRAM too, as /proc/PID/exe names it\n"
	"                   (default: those for all programs)\n"
	"  --json           as JSON (RFC 8259)\n"
	"Exit: 0; 1 a setting cannot be read, each named; 2 wrong usage.\n";

/* clang-format off: a table */
static const struct {
	const char *name;
	size_t allowed; /* the member of struct config that gives it back; 0: none does */
} options[] = {
	{"NO_SSLv2", 0},
	{"NO_SSLv3", offsetof(struct config, allow_sslv3)},
	{"NO_COMPRESSION", offsetof(struct config, allow_compression)},
	{"CIPHER_SERVER_PREFERENCE", offsetof(struct config, allow_client_preference)},
	{"SINGLE_DH_USE", offsetof(struct config, allow_dh_reuse)},
	{"SINGLE_ECDH_USE", offsetof(struct config, allow_ecdh_reuse)},
};
/* clang-format on */

static void options_list(const struct config *config, struct strings *list)
{
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		const bool *allowed = (const bool *)((const char *)config + options[i].allowed);

		if (options[i].allowed == 0 || !*allowed)
			strings_add(list, options[i].name);
	}
	if (config->prioritize_chacha)
		strings_add(list, "PRIORITIZE_CHACHA");
}

static const char *or_own(const char *text)
{
	return text[0] != '\0' ? text_plain(text) : "the program's own";
}

static const char *lowest(const struct config *config)
{
	if (config->min_protocol != 0)
		return version_name(config->min_protocol);
	return config->allow_sslv3 ? "the program's own" : "the program's own, at least TLSv1";
}

static void text_print(const struct config *config, const struct profile *profile,
		       const struct strings *list)
{
	printf("%-14s %s\n", "SSLHARDEN", mode_name(config->mode));
	printf("%-14s %s (%s)\n", "profile", profile->name, profile->source);
	printf("%-14s", "options");
	for (size_t i = 0; i < list->count; i++)
		printf(" %s", list->items[i]);
	printf("\n%-14s %s\n", "lowest", lowest(config));
	printf("%-14s %s\n", "highest",
	       config->max_protocol != 0 ? version_name(config->max_protocol)
					 : "the newest of its libssl");
	printf("%-14s %s\n", "pinned methods",
	       config->allow_pinned ? "stay pinned" : "negotiate, from the pinned version up");
	printf("%-14s %s\n", "ciphers", or_own(config->ciphers));
	printf("%-14s %s\n", "ciphersuites", or_own(config->ciphersuites));
	printf("%-14s %s\n", "groups", or_own(config->groups));
	if (config->groups[0] != '\0' && config->groups_shrink)
		printf("%-14s (without the first ones, where a libssl does not know them)\n", "");
	printf("%-14s %s\n", "strict",
	       config->strict ? "what cannot be hardened is refused"
			      : "no: what cannot be hardened is passed, and said");
}

static void string_or_null(const char *name, const char *text)
{
	json_string(name, text[0] != '\0' ? text : NULL);
}

static void json_print(const struct config *config, const struct profile *profile,
		       const struct strings *list)
{
	json_object(NULL);
	json_string("mode", mode_name(config->mode));
	json_string("profile", profile->name);
	json_string("source", profile->source);
	json_strings("options", list);
	json_string("min_protocol",
		    config->min_protocol != 0 ? version_name(config->min_protocol) : NULL);
	json_string("max_protocol",
		    config->max_protocol != 0 ? version_name(config->max_protocol) : NULL);
	json_bool("pinned_methods_stay", config->allow_pinned);
	string_or_null("ciphers", config->ciphers);
	string_or_null("ciphersuites", config->ciphersuites);
	string_or_null("groups", config->groups);
	json_bool("groups_shrink", config->groups_shrink);
	json_bool("strict", config->strict);
	json_end();
}

/* Each complaint as an error; whether there was none. */
static bool complaints_print(const struct config *config)
{
	struct strings complaints = {0};

	complaints_list(config, &complaints);
	for (size_t i = 0; i < complaints.count; i++)
		cli_error("policy: %s", complaints.items[i]);
	return complaints.count == 0;
}

/* An absolute path without links, as the library compares it; NULL: there is no such file. */
static char *program_path(const char *name)
{
	char *found = search_program(name, getenv("PATH")), *path;

	if (found == NULL) {
		cli_error("policy: --for %s: %s; accepted: a program", name, strerror(errno));
		return NULL;
	}
	path = memory_or_exit(realpath(found, NULL));
	free(found);
	return path;
}

/* @program: "-" is none that a file could name. */
static int policy_show(char *const *environment, const char *profile, const char *program,
		       bool json)
{
	static struct config config;
	struct strings list = {0};

	if (profile == NULL)
		config_load(&config, environment, false, program);
	else
		config_parse(&config, NULL, environment);
	if (!complaints_print(&config) && profile != NULL)
		return cli_usage(usage);
	options_list(&config, &list);
	(json ? json_print : text_print)(&config, config_profile(&config), &list);
	return config.complaints_len == 0 ? CLI_YES : CLI_NO;
}

int cli_policy(int argc, char **argv)
{
	static const struct option long_options[] = {
		{"help", no_argument, NULL, 'h'},
		{"json", no_argument, NULL, 'j'},
		{"for", required_argument, NULL, 'f'},
		{NULL, 0, NULL, 0},
	};
	const char *program = "-";
	bool json = false;
	int option;

	while ((option = getopt_long(argc, argv, "h", long_options, NULL)) != -1) {
		if (option == 'h') {
			fputs(usage, stdout);
			return CLI_YES;
		}
		if (option == 'j')
			json = true;
		else if (option != 'f')
			return cli_usage(usage);
		else if ((program = program_path(optarg)) == NULL)
			return CLI_NO;
	}
	if (optind + 1 < argc || (optind < argc && program[0] == '/')) {
		cli_error("policy: %s; accepted: one NAME, or --for",
			  optind + 1 < argc ? "more than one NAME" : "a NAME beside --for");
		return cli_usage(usage);
	}
	if (optind < argc) {
		char *const environment[] = {text_make("SSLHARDEN_PROFILE=%s", argv[optind]), NULL};

		return policy_show(environment, argv[optind], program, json);
	}
	return policy_show(environ, NULL, program, json);
}
