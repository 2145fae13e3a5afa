/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "options.h"
#include "report_html.h"
#include "report_json.h"
#include "report_openmetrics.h"
#include "report_text.h"

static const char usage[] =
	"usage: sslharden report [--json | --openmetrics | --html FILE] [--watch SECONDS]\n"
	"                        [PID or NAME...]\n"
	"Tells what servers under the library have counted since they were started: who still\n"
	"uses what, who was refused, and whom a stricter setting would have refused.  Without a\n"
	"PID or NAME of all that run here; the children of one master are one server.\n"
	"  --json           as a JSON document\n"
	"  --openmetrics    in the text format of OpenMetrics, for Prometheus and its kin\n"
	"  --html FILE      as a page for a browser, which needs nothing else\n"
	"  --watch SECONDS  again and again\n"
	"Exit: 0 told; 1 the page cannot be written; 2 wrong usage; 3 something could not be\n"
	"read, and why; the rest is told.\n";

struct wish {
	void (*print)(const struct servers *servers);
	const char *html; /* the file, NULL: none */
	long seconds; /* until again, 0: never */
};

static int once(const struct wish *wish, char *const *words)
{
	struct servers servers;

	servers_find(words, &servers);
	if (wish->html != NULL) {
		if (!report_html(&servers, wish->html)) {
			cli_error("report: cannot write %s: %s", wish->html, strerror(errno));
			return CLI_NO;
		}
	} else {
		wish->print(&servers);
	}
	fflush(stdout);
	for (size_t i = 0; i < servers.problems.count && wish->print != report_json; i++)
		cli_error("report: %s", servers.problems.items[i]);
	return servers.problems.count > 0 ? CLI_UNKNOWN : CLI_YES;
}

static bool wish_read(int option, struct wish *wish)
{
	long *seconds = &wish->seconds;

	switch (option) {
	case 'j':
		wish->print = report_json;
		return true;
	case 'o':
		wish->print = report_openmetrics;
		return true;
	case 't':
		wish->html = optarg;
		return true;
	default:
		if (options_number(optarg, 86400, seconds))
			return true;
		cli_error("report: --watch %s: accepted: 1 to 86400, seconds", optarg);
		return false;
	}
}

int cli_report(int argc, char **argv)
{
	static const struct option options[] = {
		/* clang-format off */
		{"help", no_argument, NULL, 'h'},
		{"json", no_argument, NULL, 'j'},
		{"openmetrics", no_argument, NULL, 'o'},
		{"html", required_argument, NULL, 't'},
		{"watch", required_argument, NULL, 'w'},
		{NULL, 0, NULL, 0},
		/* clang-format on */
	};
	struct wish wish = {.print = report_text};
	int option, code, forms = 0;

	while ((option = getopt_long(argc, argv, ":h", options, NULL)) != -1) {
		if (option == 'h') {
			fputs(usage, stdout);
			return CLI_YES;
		}
		if (option == '?' || option == ':')
			return options_error("report", option, argv, options);
		if (!wish_read(option, &wish))
			return cli_usage_of("report");
		forms += option != 'w';
	}
	if (forms > 1)
		cli_error("report: --json, --openmetrics, --html: one of them");
	if (forms > 1 || !options_processes("report", argv + optind))
		return cli_usage_of("report");
	while ((code = once(&wish, argv + optind)) != CLI_NO && wish.seconds > 0) {
		if (ferror(stdout))
			return CLI_NO;
		sleep((unsigned int)wish.seconds);
		if (isatty(STDOUT_FILENO))
			fputs("\033[H\033[2J", stdout); /* the cursor home, the screen empty */
	}
	return code;
}
