/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "report_json.h"

#include <time.h>

#include "count_words.h"
#include "json.h"

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
		const struct would_refuse *would = &server->counts.stricter[i];

		json_object(NULL);
		json_string("setting", count_setting(i));
		json_bool("in_force", setting_in_force(server, i));
		json_number("would_have_refused", would->refused);
		json_number("unsure", would->unsure);
		json_time("last", would->last);
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
