/* SPDX-License-Identifier: MIT
 *
 * A family's samples stand together.
 */
#include "report_openmetrics.h"

#include <inttypes.h>
#include <stdio.h>

#include "count_words.h"

/* A label's value: what is no UTF-8 would make a reader refuse the whole. */
static void quoted(const char *value)
{
	for (const char *c = text_plain(value); *c != '\0'; c++) {
		if (*c == '\\' || *c == '"')
			putchar('\\');
		putchar(*c);
	}
}

static void sample(const struct server *server, const char *name)
{
	printf("sslharden_%s{program=\"", name);
	quoted(server->program);
	printf("\",pid=\"%ld\"", (long)server->pid);
}

static void value(int64_t number)
{
	printf("} %" PRId64 "\n", number);
}

static void label(const char *name, const char *text)
{
	printf(",%s=\"%s\"", name, text);
}

static void handshakes(const struct server *server)
{
	for (int v = 0; v < COUNTS_VERSIONS; v++) {
		for (int c = 0; c < COUNTS_CLASSES * 2; c++) {
			int64_t number = server->counts.served[v][c / 2][c % 2];

			if (number == 0)
				continue;
			sample(server, "handshakes_total");
			label("version", count_version(v));
			label("cipher", count_class(c / 2));
			label("forward_secrecy", c % 2 != 0 ? "yes" : "no");
			value(number);
		}
	}
}

static void offered(const struct server *server)
{
	for (int v = 0; v < COUNTS_VERSIONS * 2; v++) {
		const struct counts *counts = &server->counts;
		int64_t number = (v % 2 != 0 ? counts->newer : counts->offered)[v / 2];

		if (number == 0)
			continue;
		sample(server, "offered_total");
		label("version", count_version(v / 2));
		label("bound", v % 2 != 0 ? "at_least" : "at_most");
		value(number);
	}
}

static void refused(const struct server *server)
{
	for (int i = 0; i < COUNTS_CAUSES; i++) {
		if (server->counts.refused[i] == 0)
			continue;
		sample(server, "refused_total");
		label("cause", count_cause_label(i));
		value(server->counts.refused[i]);
	}
}

static void would_refuse(const struct server *server)
{
	for (int i = 0; i < STRICTER_COUNT; i++) {
		sample(server, "would_refuse_total");
		label("setting", count_setting(i));
		value(server->counts.stricter[i].refused);
	}
}

static void resumed(const struct server *server)
{
	sample(server, "resumed_total");
	value(server->counts.resumed);
}

static void certified(const struct server *server)
{
	sample(server, "client_certificates_total");
	value(server->counts.certified);
}

static void contexts(const struct server *server)
{
	sample(server, "contexts_total");
	value(server->counts.contexts);
}

static void lost(const struct server *server)
{
	sample(server, "lines_lost_total");
	value(server->counts.lost);
}

static void since(const struct server *server)
{
	sample(server, "since_timestamp_seconds");
	value(server->counts.since);
}

/* A sum of those that live would fall when one ends, which reads as a start anew. */
static void each(const struct server *server, void (*print)(const struct server *server))
{
	if (server->part_count == 0)
		print(server);
	for (size_t i = 0; i < server->part_count; i++)
		print(&server->parts[i]);
}

void report_openmetrics(const struct servers *servers)
{
	static const struct {
		const char *name, *type, *help;
		void (*print)(const struct server *server);
	} families[] = {
		{"handshakes", "counter", "Handshakes that were served.", handshakes},
		{"offered", "counter", "The newest version that clients offered, as far as known.",
		 offered},
		{"refused", "counter", "Handshakes that were refused.", refused},
		{"would_refuse", "counter",
		 "Of those served the ones that a setting would have refused, at most.",
		 would_refuse},
		{"resumed", "counter", "Of those served the ones that resumed a session.", resumed},
		{"client_certificates", "counter",
		 "Of those served the ones with a client's certificate.", certified},
		{"contexts", "counter", "Contexts made that may serve.", contexts},
		{"lines_lost", "counter", "Lines for the log that nothing took.", lost},
		{"since_timestamp_seconds", "gauge", "When the counting began.", since},
	};

	for (size_t f = 0; f < sizeof(families) / sizeof(*families); f++) {
		printf("# TYPE sslharden_%s %s\n", families[f].name, families[f].type);
		if (families[f].print == since)
			puts("# UNIT sslharden_since_timestamp_seconds seconds");
		printf("# HELP sslharden_%s %s\n", families[f].name, families[f].help);
		for (size_t i = 0; i < servers->count; i++)
			each(&servers->items[i], families[f].print);
	}
	puts("# EOF");
}
