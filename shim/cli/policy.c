/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "path.h"
#include "sslharden/policy.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "json.h"
#include "options.h"
#include "settings.h"
#include "source.h"
#include "sslharden/suites.h"

static const char usage_head[] =
	"usage: sslharden policy [--json] [--check] [run's options] [--for PROGRAM | NAME]\n"
	"Prints what is done to a server's contexts, given the present environment and\n"
	"/etc/sslharden.conf, and where each setting comes from; or what the profile NAME alone\n"
	"does: default intermediate modern.\n"
	"  --for PROGRAM               with the file's settings for PROGRAM too, as /proc/PID/exe\n"
	"                              names it (default: those for all programs)\n"
	"  --check                     what is wrong in the whole file: settings that cannot be\n"
	"                              read, sections that can never be for a program, names of\n"
	"                              suites and groups that no OpenSSL knows\n"
	"  --json                      as JSON (RFC 8259)\n";
static const char usage_tail[] = "Exit: 0; 1 a setting cannot be read, each named; 2 wrong usage; "
				 "3 there is no such PROGRAM.\n";

/* clang-format off */ /* a table */
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
	if (config->no_tickets)
		strings_add(list, "NO_TICKET");
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

/* Where each setting comes from. */
struct origin {
	struct strings settings, sources;
};

static void text_print(const struct config *config, const struct profile *profile,
		       const struct strings *list, const struct origin *origin)
{
	char forbid[SUITE_WORDS_MAX];

	if (config->mode == MODE_OFF)
		puts("SSLHARDEN=off: nothing of what follows is done");
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
	if (config->forbid != 0)
		printf("%-14s none of %s\n", "",
		       suite_words_text(config->forbid, forbid, sizeof(forbid)));
	printf("%-14s %s\n", "ciphersuites", or_own(config->ciphersuites));
	printf("%-14s %s\n", "groups", or_own(config->groups));
	if (config->groups[0] != '\0' && config->groups_from_profile)
		printf("%-14s (without the first ones, where a libssl does not know them)\n", "");
	if (config->min_dh_bits != 0)
		printf("%-14s of %u bits at the least, smaller ones replaced by RFC 7919's\n",
		       "DH parameters", config->min_dh_bits);
	if (config->no_client_renegotiation)
		printf("%-14s a client's ends its connection\n", "renegotiation");
	printf("%-14s %s\n", "strict",
	       config->strict ? "what cannot be hardened is refused"
			      : "no: what cannot be hardened is passed, and said");
	for (size_t i = 0; i < origin->settings.count; i++)
		printf("%-14s %s (%s)\n", i == 0 ? "from" : "",
		       text_plain(origin->settings.items[i]), text_plain(origin->sources.items[i]));
}

static void string_or_null(const char *name, const char *text)
{
	json_string(name, text[0] != '\0' ? text : NULL);
}

static void json_origin(const struct origin *origin)
{
	json_array("settings");
	for (size_t i = 0; i < origin->settings.count; i++) {
		json_object(NULL);
		json_string("setting", origin->settings.items[i]);
		json_string("from", origin->sources.items[i]);
		json_end();
	}
	json_end();
}

static void json_print(const struct config *config, const struct profile *profile,
		       const struct strings *list, const struct origin *origin,
		       const struct strings *complaints)
{
	char forbid[SUITE_WORDS_MAX];

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
	string_or_null("forbid", suite_words_text(config->forbid, forbid, sizeof(forbid)));
	string_or_null("ciphersuites", config->ciphersuites);
	string_or_null("groups", config->groups);
	json_bool("groups_shrink", config->groups_from_profile);
	json_number("min_dh_bits", config->min_dh_bits);
	json_bool("no_client_renegotiation", config->no_client_renegotiation);
	json_bool("strict", config->strict);
	json_origin(origin);
	json_strings("complaints", complaints);
	json_end();
}

static void complaints_print(const struct strings *complaints)
{
	for (size_t i = 0; i < complaints->count; i++)
		cli_error("policy: %s", complaints->items[i]);
}

/* An absolute path without links, as the library compares it; NULL: there is no such file. */
static char *program_path(const char *name)
{
	char *found = path_search(name, getenv("PATH")), *path;

	if (found == NULL) {
		cli_error("policy: --for %s: %s; accepted: a program", name, strerror(errno));
		return NULL;
	}
	path = memory_or_exit(realpath(found, NULL));
	free(found);
	return path;
}

/* What is asked for. */
struct question {
	const char *profile; /* alone; NULL: what is in force here */
	const char *program; /* whose; "-" is none that a file could name */
	bool json, whole_file;
};

static int policy_show(const struct question *question)
{
	static struct config config;
	struct strings list = {0}, complaints = {0};
	struct origin origin = {0};

	if (question->profile == NULL) {
		config_load(&config, environ, false, question->program);
		source_list(&config, question->program, &origin.settings, &origin.sources);
	} else {
		char *const environment[] = {text_make("SSLHARDEN_PROFILE=%s", question->profile),
					     NULL};

		config_parse(&config, NULL, environment);
	}
	complaints_list(&config, &complaints);
	if (complaints.count > 0 && question->profile != NULL) {
		complaints_print(&complaints);
		if (path_search(question->profile, getenv("PATH")) != NULL)
			cli_error("policy: of a program: --for %s", question->profile);
		return cli_usage_of("policy");
	}
	options_list(&config, &list);
	if (question->json) {
		json_print(&config, config_profile(&config), &list, &origin, &complaints);
	} else {
		complaints_print(&complaints);
		text_print(&config, config_profile(&config), &list, &origin);
	}
	return complaints.count == 0 ? CLI_YES : CLI_NO;
}

static int file_show(bool json)
{
	static struct config config;
	struct strings complaints = {0};
	bool is_there = source_check(&complaints);
	const char *path = source_file();

	config_load(&config, environ, false, "-");
	if (config.mode == MODE_OFF && !json)
		puts("SSLHARDEN=off: nothing of it is done");
	if (json) {
		json_object(NULL);
		json_string("mode", mode_name(config.mode));
		json_string("file", path);
		json_strings("complaints", &complaints);
		json_end();
	} else {
		complaints_print(&complaints);
		if (!is_there)
			puts("no /etc/sslharden.conf: the environment alone counts");
		else if (complaints.count == 0)
			printf("%s: good\n", text_plain(path));
	}
	return complaints.count == 0 ? CLI_YES : CLI_NO;
}

static void help_print(void)
{
	fputs(usage_head, stdout);
	options_print_variables();
	fputs(usage_tail, stdout);
}

enum { HELP, JSON, FOR, CHECK, AUDIT };

static const struct option own_options[] = {
	{"help", no_argument, NULL, HELP},     {"json", no_argument, NULL, JSON},
	{"for", required_argument, NULL, FOR}, {"check", no_argument, NULL, CHECK},
	{"audit", no_argument, NULL, AUDIT},
};

/* CLI_YES: to be answered; else the exit code.  @name: --for's. */
static int option_take(struct question *question, int option, const char **name)
{
	if (option == JSON)
		question->json = true;
	else if (option == CHECK)
		question->whole_file = true;
	else if (option == FOR)
		*name = optarg;
	else if (option == AUDIT)
		setenv("SSLHARDEN", "audit", 1);
	else if (!options_set("policy", option, optarg))
		return CLI_USAGE;
	return CLI_YES;
}

int cli_policy(int argc, char **argv)
{
	struct option long_options[OPTIONS_MAX];
	struct question question = {.program = "-"};
	const char *name = NULL;
	int option;

	options_make(long_options, own_options, sizeof(own_options) / sizeof(own_options[0]));
	while ((option = getopt_long(argc, argv, ":h", long_options, NULL)) != -1) {
		if (option == HELP || option == 'h') {
			help_print();
			return CLI_YES;
		}
		if (option == '?' || option == ':')
			return options_error("policy", option, argv, long_options);
		if (option_take(&question, option, &name) != CLI_YES)
			return CLI_USAGE;
	}
	if (argc - optind + (name != NULL) + question.whole_file > 1) {
		cli_error("policy: %s; accepted: one NAME, or --for, or --check",
			  optind + 1 < argc                     ? "more than one NAME"
			  : name != NULL && question.whole_file ? "--for beside --check"
			  : name != NULL                        ? "a NAME beside --for"
								: "a NAME beside --check");
		return cli_usage_of("policy");
	}
	if (question.whole_file)
		return file_show(question.json);
	if (name != NULL && (question.program = program_path(name)) == NULL)
		return CLI_UNKNOWN;
	question.profile = optind < argc ? argv[optind] : NULL;
	return policy_show(&question);
}
