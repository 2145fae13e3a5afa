/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "census.h"
#include "json.h"
#include "options.h"
#include "processes.h"
#include "status_family.h"
#include "status_print.h"

static const char usage[] =
	"usage: sslharden status [--json] [PID or NAME...]\n"
	"Tells whether libsslharden.so is in a process and in its children, how it is set, and\n"
	"where its messages go; without any, of all that run here and have a libssl, a line each.\n"
	"Exit: 0 active, also with settings that could not be read, which are named with what is\n"
	"in force instead; 1 not active in one of them that has a libssl, each reason named;\n"
	"2 wrong usage; 3 it cannot be known, and why.\n";

/* Of one word: a process's number, or a name, which may be of several. */
static enum activity word_show(const char *word, bool json)
{
	enum activity answer = NOTHING;
	pid_t *named;
	long pid;

	if (options_number(word, INT_MAX, &pid))
		return status_family((pid_t)pid, json);
	named = processes_named(word);
	if (named[0] == 0) {
		struct process none = {.name = text_make("%s", word)};

		status_print_unread(&none, text_make("no process is named %s", word), json);
		answer = UNKNOWN;
	}
	for (size_t i = 0; named[i] != 0; i++)
		answer = activity_of_both(answer, status_family(named[i], json));
	free(named);
	return answer;
}

int cli_status(int argc, char **argv)
{
	static const struct option options[] = {
		{"help", no_argument, NULL, 'h'},
		{"json", no_argument, NULL, 'j'},
		{NULL, 0, NULL, 0},
	};
	enum activity answer = NOTHING;
	bool json = false;
	int option;

	while ((option = getopt_long(argc, argv, ":h", options, NULL)) != -1) {
		if (option == 'h') {
			fputs(usage, stdout);
			return CLI_YES;
		}
		if (option != 'j')
			return options_error("status", option, argv, options);
		json = true;
	}
	if (!options_processes("status", argv + optind))
		return cli_usage_of("status");
	if (json) {
		json_object(NULL);
		json_array("processes");
	}
	if (optind == argc)
		answer = census(json);
	for (int i = optind; i < argc; i++)
		answer = activity_of_both(answer, word_show(argv[i], json));
	if (json) {
		json_end();
		status_print_active(answer);
		json_end();
	}
	return answer <= YES ? CLI_YES : answer == NO ? CLI_NO : CLI_UNKNOWN;
}
