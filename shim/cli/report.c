/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "json.h"
#include "options.h"
#include "servers.h"

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

/* --- JSON ------------------------------------------------------------------------- */

/* A time as JSON has none: in UTC, as RFC 3339 writes it. */
static void json_time(const char *name, int64_t seconds)
{
	char text[32];
	time_t when = (time_t)seconds;
	struct tm parts;

	if (seconds == 0 || gmtime_r(&when, &parts) == NULL ||
	    strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &parts) == 0)
		json_null(name);
	else
		json_string(name, text);
}

static void json_served(const struct counts *counts)
{
	json_array("served");
	for (int v = 0; v < COUNTS_VERSIONS; v++) {
		for (int c = 0; c < COUNTS_CLASSES * 2; c++) {
			if (counts->served[v][c / 2][c % 2] == 0)
				continue;
			json_object(NULL);
			json_string("version", count_version(v));
			json_string("cipher", count_class(c / 2));
			json_bool("forward_secrecy", c % 2 != 0);
			json_number("handshakes", counts->served[v][c / 2][c % 2]);
			json_end();
		}
	}
	json_end();
}

static void json_versions(const char *name, const int64_t counts[COUNTS_VERSIONS])
{
	json_object(name);
	for (int v = 0; v < COUNTS_VERSIONS; v++) {
		if (counts[v] != 0)
			json_number(count_version(v), counts[v]);
	}
	json_end();
}

static void json_stricter(const struct server *server)
{
	json_array("stricter");
	for (int i = 0; i < STRICTER_COUNT; i++) {
		const struct verdict *verdict = &server->counts.stricter[i];

		json_object(NULL);
		json_string("setting", count_setting(i));
		json_bool("in_force", setting_in_force(server, i));
		json_number("would_have_refused", verdict->refused);
		json_number("unsure", verdict->unsure);
		json_time("last", verdict->last);
		json_end();
	}
	json_end();
}

static void json_server(const struct server *server)
{
	const struct counts *counts = &server->counts;

	json_object(NULL);
	json_string("program", server->program);
	json_number("pid", server->pid);
	json_number("processes", (long)server->processes);
	json_bool("living_only", server->part_count > 0);
	json_bool("audit", server->config->mode == MODE_AUDIT);
	json_time("since", counts->since);
	json_number("contexts", counts->contexts);
	json_number("handshakes", counts_served(counts, -1));
	json_number("resumed", counts->resumed);
	json_number("client_certificates", counts->certified);
	json_number("datagram", counts->datagram);
	json_served(counts);
	json_versions("offered_at_most", counts->offered);
	json_versions("offered_at_least", counts->newer);
	json_object("refused");
	for (int i = 0; i < COUNTS_CAUSES; i++) {
		if (counts->refused[i] != 0)
			json_number(count_cause_label(i), counts->refused[i]);
	}
	json_end();
	json_stricter(server);
	json_number("lines_lost", counts->lost);
	json_end();
}

void report_json(const struct servers *servers)
{
	json_object(NULL);
	json_array("servers");
	for (size_t i = 0; i < servers->count; i++)
		json_server(&servers->items[i]);
	json_end();
	json_strings("problems", &servers->problems);
	json_end();
}

/* --- the command -------------------------------------------------------------------- */

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
