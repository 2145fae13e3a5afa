/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "report_html.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "count_words.h"

/* clang-format off */ /* a text */
static const char head[] =
	"<!DOCTYPE html>\n"
	"<html lang=\"en\">\n"
	"<head>\n"
	"<meta charset=\"utf-8\">\n"
	"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
	"<title>Who still uses what</title>\n"
	"<style>\n"
	":root { color-scheme: light dark; }\n"
	"body { font: 1rem/1.45 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; }\n"
	"h1 { font-size: 1.5rem; margin: 0 0 .25rem; }\n"
	"h2 { font-size: 1.2rem; margin: 0; overflow-wrap: anywhere; }\n"
	"h3 { font-size: 1rem; margin: 1rem 0 .25rem; }\n"
	"p { margin: .25rem 0; }\n"
	"section { border: 1px solid; border-radius: .5rem; padding: 1rem; margin: 1rem 0; }\n"
	"table { border-collapse: collapse; width: 100%; }\n"
	"th, td { text-align: left; font-weight: normal; padding: .2rem .5rem .2rem 0; vertical-align: top; }\n"
	"td.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; width: 1%; }\n"
	"td.b { width: 45%; padding-right: 0; }\n"
	".bar { display: block; width: 100%; height: 1.1rem; border: 1px solid; box-sizing: border-box; }\n"
	".bar span { display: block; height: 100%; background: currentColor; }\n"
	"ul { margin: 0; padding-left: 1.2rem; }\n"
	"li { margin: .3rem 0; overflow-wrap: anywhere; }\n"
	"@media (max-width: 40rem) {\n"
	"  section { padding: .75rem; }\n"
	"  tr { display: flex; flex-wrap: wrap; justify-content: flex-end; column-gap: .75rem; }\n"
	"  th { flex: 1; } th, td { padding: .1rem 0; } td.n { width: auto; } td.b { flex: 0 0 100%; }\n"
	"  .bar { height: .7rem; }\n"
	"}\n"
	"</style>\n"
	"</head>\n"
	"<body>\n";
/* clang-format on */

/* What others named, for the text of a page. */
static void escaped(FILE *file, const char *text)
{
	for (const char *c = text_plain(text); *c != '\0'; c++) {
		if (*c == '<' || *c == '>' || *c == '&' || *c == '"')
			fprintf(file, "&#%d;", *c);
		else
			putc(*c, file);
	}
}

static void row(FILE *file, const char *name, int64_t part, int64_t whole)
{
	double percent = percent_of(part, whole);

	if (part == 0)
		return;
	fprintf(file,
		"<tr><th scope=\"row\">%s</th><td class=\"n\">%s</td><td class=\"n\">%.2f %%</td>"
		"<td class=\"b\"><div class=\"bar\">"
		"<span style=\"width:%.2f%%\"></span></div></td></tr>\n",
		name, number_text(part), percent, percent);
}

static void tables(FILE *file, const struct counts *counts, int64_t all)
{
	fputs("<h3>Versions</h3>\n<table>\n", file);
	for (int v = COUNTS_VERSIONS - 1; v >= 0; v--)
		row(file, count_version(v), counts_served(counts, v), all);
	fputs("</table>\n<h3>Ciphers</h3>\n<table>\n", file);
	for (int c = 0; c < COUNTS_CLASSES * 2; c++) {
		int64_t sum = 0;

		for (int v = 0; v < COUNTS_VERSIONS; v++)
			sum += counts->served[v][c / 2][c % 2];
		row(file,
		    text_make("%s%s", count_class(c / 2), c % 2 != 0 ? ", forward secrecy" : ""),
		    sum, all);
	}
	row(file, "resumed", counts->resumed, all);
	row(file, "client\xe2\x80\x99s certificate", counts->certified, all);
	fputs("</table>\n", file);
}

static void refusals(FILE *file, const struct counts *counts)
{
	if (counts_refused(counts) == 0)
		return;
	fputs("<h3>Refused</h3>\n<ul>\n", file);
	for (int i = 0; i < COUNTS_CAUSES; i++) {
		if (counts->refused[i] != 0)
			fprintf(file, "<li>%s %s</li>\n", number_text(counts->refused[i]),
				count_cause(i));
	}
	fputs("</ul>\n", file);
}

static void section(FILE *file, const struct server *server)
{
	const struct counts *counts = &server->counts;
	int64_t all = counts_served(counts, -1);

	fputs("<section>\n<h2>", file);
	escaped(file, server->program);
	fprintf(file, " %ld%s</h2>\n<p>%s handshake%s, %s refused, since %s; %zu process%s.</p>\n",
		(long)server->pid, server->config->mode == MODE_AUDIT ? " (audit)" : "",
		number_text(all), all == 1 ? "" : "s", number_text(counts_refused(counts)),
		time_text(counts->since), server->processes, server->processes == 1 ? "" : "es");
	if (server->part_count > 0)
		fprintf(file, "<p>Counts %s.</p>\n", count_living);
	if (all > 0)
		tables(file, counts, all);
	refusals(file, counts);
	fputs("<h3>What would change</h3>\n<ul>\n", file);
	for (int i = 0; i < STRICTER_COUNT; i++) {
		if (i != STRICTER_ON || server->config->mode == MODE_AUDIT)
			fprintf(file, "<li>%s</li>\n", stricter_text(server, i));
	}
	fputs("</ul>\n</section>\n", file);
}

static void page(FILE *file, const struct servers *servers)
{
	char host[256] = "";

	gethostname(host, sizeof(host) - 1);
	fputs(head, file);
	fputs("<h1>Who still uses what</h1>\n<p>", file);
	escaped(file, host);
	fprintf(file, ", %s; written by sslharden report.</p>\n", time_text((int64_t)time(NULL)));
	if (servers->count == 0)
		fputs("<p>No server here has counted anything.</p>\n", file);
	for (size_t i = 0; i < servers->count; i++)
		section(file, &servers->items[i]);
	if (servers->problems.count > 0)
		fputs("<h2>Not read</h2>\n<ul>\n", file);
	for (size_t i = 0; i < servers->problems.count; i++) {
		fputs("<li>", file);
		escaped(file, servers->problems.items[i]);
		fputs("</li>\n", file);
	}
	fputs(servers->problems.count > 0 ? "</ul>\n</body>\n</html>\n" : "</body>\n</html>\n",
	      file);
}

/* A web server may read it meanwhile. */
bool report_html(const struct servers *servers, const char *path)
{
	char *made = text_make("%s.%ld", path, (long)getpid());
	FILE *file = fopen(made, "wxe");
	bool written;
	int error;

	if (file == NULL)
		return false;
	page(file, servers);
	written = fflush(file) == 0 && !ferror(file);
	written = fclose(file) == 0 && written && rename(made, path) == 0;
	error = errno;
	if (!written)
		unlink(made);
	errno = error;
	return written;
}
