/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "compare_print.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "json.h"
#include "path.h"
#include "settings.h"
#include "sslharden/policy.h"

static void table_print(const struct row rows[ROW_COUNT])
{
	static const char *const colors[] = {[CHANGE_OTHER] = "\x1b[1m",
					     [CHANGE_STRONGER] = "\x1b[32m",
					     [CHANGE_WEAKER] = "\x1b[31m",
					     [CHANGE_LOST] = "\x1b[31m"};
	bool is_terminal = isatty(STDOUT_FILENO) == 1;
	int names = 0, befores = (int)strlen("before"), afters = (int)strlen("after");

	for (int i = 0; i < ROW_COUNT; i++) {
		int n = (int)strlen(rows[i].name), b = (int)strlen(rows[i].before);
		int a = (int)strlen(rows[i].after);

		names = n > names ? n : names;
		befores = b > befores ? b : befores;
		afters = a > afters ? a : afters;
	}
	printf("%-*s  %-*s  after\n", names, "", befores, "before");
	for (int i = 0; i < ROW_COUNT; i++) {
		const struct row *row = &rows[i];
		const char *color = is_terminal ? colors[row->change] : NULL;

		printf("%s%-*s  %-*s  ", color != NULL ? color : "", names, row->name, befores,
		       row->before);
		if (row->change == CHANGE_NONE)
			puts(row->after);
		else
			printf("%-*s  %s%s\n", afters, row->after, change_name(row->change),
			       color != NULL ? "\x1b[0m" : "");
	}
}

void compare_print_text(const struct comparison *comparison)
{
	const struct strings *faults = &comparison->faults, *unknown = &comparison->unknown;

	table_print(comparison->rows);
	putchar('\n');
	for (size_t i = 0; i < faults->count; i++)
		puts(text_plain(faults->items[i]));
	for (size_t i = 0; i < unknown->count; i++)
		printf("not verified: %s\n", text_plain(unknown->items[i]));
	if (faults->count == 0 && comparison->serves)
		printf("nothing got weaker, and what %s is so\n",
		       unknown->count == 0 ? "was asked for" : "else was asked for");
}

static void json_reply(const char *name, const char *words, const struct reply *reply)
{
	char suite[SUITE_TEXT_MAX];
	bool is_served = reply != NULL && reply->outcome == OUTCOME_SERVED;

	json_object(name);
	json_string("text", words);
	if (reply != NULL) {
		json_bool("served", is_served);
		json_string("version", is_served ? version_name(reply->version) : NULL);
		json_string("cipher", is_served ? suite_name(reply->suite, suite) : NULL);
		if (reply->alert != 0)
			json_number("alert", reply->alert);
		else
			json_null("alert");
	}
	json_end();
}

void compare_print_json(const struct request *request, const struct config *config,
			const struct comparison *comparison)
{
	struct strings settings = {0};

	settings_list(config, &settings);
	json_object(NULL);
	json_string("program", request->argv[0]);
	json_number("port", (long)request->port);
	json_string("starttls", request->starttls != NULL ? request->starttls->name : NULL);
	json_bool("own_network", !request->here);
	json_strings("settings", &settings);
	json_array("rows");
	for (int i = 0; i < ROW_COUNT; i++) {
		const struct row *row = &comparison->rows[i];

		json_object(NULL);
		json_string("row", row->word);
		json_reply("before", row->before, row->bare);
		json_reply("after", row->after, row->hardened);
		json_string("change", change_name(row->change));
		json_end();
	}
	json_end();
	json_strings("faults", &comparison->faults);
	json_strings("not_verified", &comparison->unknown);
	json_end();
}

void compare_print_failure(const struct request *request, const char *how, const struct visit *told)
{
	struct strings lines = {0};
	char *said = text_make("%s", told->said), *line;

	cli_error("compare: %s, %s: %s", base_name(request->argv[0]), how, told->why);
	while ((line = strsep(&said, "\n")) != NULL) {
		if (*line != '\0')
			strings_add(&lines, line);
	}
	for (size_t i = lines.count > 8 ? lines.count - 8 : 0; i < lines.count; i++)
		cli_error("compare: it said: %s", lines.items[i]);
}
