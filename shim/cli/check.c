/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "library.h"
#include "options.h"
#include "settings/config_file.h"
#include "source.h"
#include "verdict.h"
#include "wrapper.h"

static const char usage[] =
	"usage: sslharden check [--json] [--library PATH] [--plugins PATH]... PROGRAM\n"
	"Tells, without running anything, whether libsslharden.so can harden PROGRAM.\n"
	"  --plugins PATH   a shared object, or a folder of them, that it will open\n"
	"  --library PATH   the library (default: the one installed with this command)\n"
	"  --json           as JSON (RFC 8259)\n"
	"Exit: 0 yes, or maybe; 1 no, each reason named; 2 wrong usage; 3 there is no such\n"
	"file, or it cannot be read.\n";

static void list_print(const char *title, const struct strings *list)
{
	for (size_t i = 0; i < list->count; i++)
		printf("%-10s %s\n", i == 0 ? title : "", text_plain(list->items[i]));
}

static void calls_print(const struct strings *calls)
{
	int column = 0;

	for (size_t i = 0; i < calls->count; i++) {
		const char *call = calls->items[i];

		if (column == 0 || column + (int)strlen(call) > 88)
			column = printf("%s%-10s", column == 0 ? "" : "\n", i == 0 ? "calls" : "");
		column += printf(" %s", call);
	}
	if (calls->count > 0)
		putchar('\n');
}

/* What /proc/PID/exe will say, and so a section of the settings' file has to. */
static char *section_of(const struct inspection *inspection)
{
	/* A shell's would be for every script. */
	if (inspection->script != NULL && wrapper_is_shell(inspection->path))
		return NULL;
	return realpath(inspection->path, NULL);
}

static void section_print(const char *section)
{
	const char *file = source_has(section);

	printf("%-10s %s[%s] in %s\n", "section", file != NULL ? "" : "would be ",
	       text_plain(section), file != NULL ? file : CONFIG_FILE_SYSTEM);
}

static void text_print(const struct inspection *inspection, const struct verdict *verdict)
{
	const char *section = section_of(inspection);

	if (inspection->script != NULL)
		printf("%-10s %s\n", "script", text_plain(inspection->script));
	printf("%-10s %s\n", "program", text_plain(inspection->path));
	if (section != NULL && strcmp(section, inspection->path) != 0)
		section_print(section);
	printf("%-10s %s\n", "for", elf_file_architecture(&inspection->files[0]));
	list_print("libssl", &verdict->sight.libssl);
	calls_print(&verdict->sight.calls);
	list_print("note", &verdict->notes);
	list_print("reason", &verdict->reasons);
	printf("%-10s %s\n", "hardened", answer_name(verdict->answer));
	printf("%-10s %s\n", "next", text_plain(verdict->next));
}

static void json_print(const struct inspection *inspection, const struct verdict *verdict)
{
	json_object(NULL);
	json_string("program", inspection->path);
	json_string("script", inspection->script);
	json_string("section", section_of(inspection));
	json_string("architecture", elf_file_architecture(&inspection->files[0]));
	json_string("hardened", answer_name(verdict->answer));
	json_strings("libssl", &verdict->sight.libssl);
	json_strings("calls", &verdict->sight.calls);
	json_strings("reasons", &verdict->reasons);
	json_strings("notes", &verdict->notes);
	json_string("next", verdict->next);
	json_end();
}

/* If PROGRAM is a shell's script, names the programs in it: the shell itself serves nobody. */
static void wrapper_note(const struct inspection *inspection, struct verdict *verdict)
{
	struct strings programs = {0};

	if (inspection->script == NULL || !wrapper_is_shell(inspection->path) ||
	    verdict->answer == ANSWER_NO)
		return;
	wrapper_programs(inspection->script, &programs);
	for (size_t i = 0; i < programs.count; i++)
		strings_addf(&verdict->notes, "it names %s", programs.items[i]);
	verdict->next = text_make("a wrapper: check what it starts: sslharden check %s",
				  programs.count > 0 ? programs.items[0] : "PROGRAM");
}

/*
 * Prints why PROGRAM could not be inspected.  @is_unknown: so that the answer is not no, but
 * unknown.
 */
static void error_print(const char *program, const char *why, bool is_unknown, bool json)
{
	struct strings reasons = {0};

	if (!json) {
		cli_error("check: %s", why);
		return;
	}
	strings_add(&reasons, why);
	json_object(NULL);
	json_string("program", program);
	json_string("hardened", is_unknown ? NULL : answer_name(ANSWER_NO));
	json_strings("reasons", &reasons);
	json_end();
}

/* What the command line asks for. */
struct request {
	const char *library; /* NULL: the installed one */
	struct strings plugins;
	bool json;
};

/* Returns -1 to go on, or the exit code. */
static int options_read(int argc, char **argv, struct request *request)
{
	enum { HELP, JSON, LIBRARY, PLUGINS };
	static const struct option options[] = {
		{"help", no_argument, NULL, HELP},
		{"json", no_argument, NULL, JSON},
		{"library", required_argument, NULL, LIBRARY},
		{"plugins", required_argument, NULL, PLUGINS},
		{NULL, 0, NULL, 0},
	};
	int option;

	while ((option = getopt_long(argc, argv, ":h", options, NULL)) != -1) {
		switch (option) {
		case HELP:
		case 'h':
			fputs(usage, stdout);
			return CLI_YES;
		case JSON:
			request->json = true;
			break;
		case LIBRARY:
			request->library = optarg;
			break;
		case PLUGINS:
			strings_add(&request->plugins, optarg);
			break;
		default:
			return options_error("check", option, argv, options);
		}
	}
	if (optind + 1 == argc)
		return -1;
	cli_error("check: %s; accepted: one PROGRAM",
		  optind == argc ? "no PROGRAM" : "more than one PROGRAM");
	return cli_usage_of("check");
}

int cli_check(int argc, char **argv)
{
	struct request request = {.json = false};
	struct inspection inspection;
	struct elf_file library;
	struct verdict verdict;
	bool is_unknown;
	int code = options_read(argc, argv, &request);
	char *why;

	if (code >= 0)
		return code;
	if (!library_find(request.library, &library, &why)) {
		error_print(argv[optind], why, false, request.json);
		return CLI_NO;
	}
	if (!inspect(argv[optind], &request.plugins, &inspection, &why, &code)) {
		is_unknown = code == CLI_NOT_FOUND || code == CLI_UNKNOWN;
		error_print(argv[optind], why, is_unknown, request.json);
		return is_unknown ? CLI_UNKNOWN : CLI_NO;
	}
	verdict_find(&inspection, &library, &verdict);
	wrapper_note(&inspection, &verdict);
	(request.json ? json_print : text_print)(&inspection, &verdict);
	return verdict.answer == ANSWER_NO ? CLI_NO : CLI_YES;
}
