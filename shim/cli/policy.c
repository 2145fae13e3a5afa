/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "json.h"
#include "options.h"
#include "path.h"
#include "policy_print.h"
#include "settings.h"
#include "source.h"
#include "source_check.h"

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
	struct strings complaints = {0};
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
	if (question->json) {
		policy_print_json(&config, &origin, &complaints);
	} else {
		complaints_print(&complaints);
		policy_print_text(&config, &origin);
	}
	return complaints.count == 0 ? CLI_YES : CLI_NO;
}

static int file_show(bool json)
{
	static struct config config;
	struct strings complaints = {0};
	bool is_there = source_check(&complaints);
	const char *text, *path = source_file(&text);

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
