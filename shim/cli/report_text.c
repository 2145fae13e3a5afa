/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "report_text.h"

#include <stdio.h>
#include <unistd.h>

#include "count_words.h"

static const char *bar(int64_t part, int64_t whole)
{
	static const char full[] = "##############################";
	int len = (int)(percent_of(part, whole) * (sizeof(full) - 1) / 100);

	return full + sizeof(full) - 1 - (part > 0 && len == 0 ? 1 : len);
}

static void row(const char *name, int64_t part, int64_t whole)
{
	printf("    %-24s %14s %6.2f %%", name, number_text(part), percent_of(part, whole));
	if (isatty(STDOUT_FILENO)) /* for eyes; what reads a pipe has the number */
		printf(" %s", bar(part, whole));
	putchar('\n');
}

static void row_if(const char *name, int64_t part, int64_t whole)
{
	if (part != 0)
		row(name, part, whole);
}

static void served_print(const struct counts *counts, int64_t all)
{
	for (int v = COUNTS_VERSIONS - 1; v >= 0; v--)
		row_if(count_version(v), counts_served(counts, v), all);
	for (int c = 0; c < COUNTS_CLASSES * 2; c++) {
		int64_t sum = 0;

		for (int v = 0; v < COUNTS_VERSIONS; v++)
			sum += counts->served[v][c / 2][c % 2];
		row_if(text_make("%s%s", count_class(c / 2), c % 2 != 0 ? ", forward secrecy" : ""),
		       sum, all);
	}
	row_if("resumed", counts->resumed, all);
	row_if("client's certificate", counts->certified, all);
	row_if("DTLS", counts->datagram, all);
}

static void server_print(const struct server *server)
{
	const struct counts *counts = &server->counts;
	int64_t all = counts_served(counts, -1), refused = counts_refused(counts);

	printf("%s %ld%s: %s handshake%s, %s refused, since %s (%zu process%s, %s context%s)\n",
	       text_plain(server->program), (long)server->pid,
	       server->config->mode == MODE_AUDIT ? " (audit)" : "", number_text(all),
	       all == 1 ? "" : "s", number_text(refused), time_text(counts->since),
	       server->processes, server->processes == 1 ? "" : "es", number_text(counts->contexts),
	       counts->contexts == 1 ? "" : "s");
	if (server->part_count > 0)
		printf("    %s\n", count_living);
	served_print(counts, all);
	for (int i = 0; i < COUNTS_CAUSES; i++) {
		if (counts->refused[i] != 0)
			printf("    refused %12s %s\n", number_text(counts->refused[i]),
			       count_cause(i));
	}
	for (int i = 0; i < STRICTER_COUNT; i++) {
		if (i != STRICTER_ON || server->config->mode == MODE_AUDIT)
			printf("    %s\n", stricter_text(server, i));
	}
	if (counts->lost > 0)
		printf("    %s line%s for the log lost: no place took them; name a file for "
		       "them: SSLHARDEN_LOG=/var/log/...\n",
		       number_text(counts->lost), counts->lost == 1 ? "" : "s");
}

void report_text(const struct servers *servers)
{
	if (servers->count == 0 && servers->problems.count == 0)
		puts("no server here has counted anything");
	for (size_t i = 0; i < servers->count; i++)
		server_print(&servers->items[i]);
}
