/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "library.h"
#include "search.h"
#include "sslharden/config.h"
#include "settings/variables.h"
#include "verdict.h"

static const char usage_head[] =
	"usage: sslharden run [options] [--] PROGRAM [ARG...]\n"
	"Becomes PROGRAM (by exec), with libsslharden.so first in LD_PRELOAD. A program that\n"
	"sslharden check says no to, or a library that cannot be loaded, is not started.\n"
	"  --best-effort    start it all the same; what is in the way is said\n"
	"  --library PATH   the library (default: the one installed with this command)\n"
	"  --audit          change nothing, say what would change (SSLHARDEN=audit)\n";

static const char usage_tail[] =
	"Exit: PROGRAM's own; 1 it cannot be protected; 2 wrong usage; 126, 127 it cannot be\n"
	"executed, or is not there.\n";

enum { HELP, BEST_EFFORT, LIBRARY, AUDIT, FIRST_VARIABLE = 200, OPTIONS_MAX = 40 };

/* --- options --------------------------------------------------------------- */

/* "min-protocol" for SSLHARDEN_MIN_PROTOCOL, NULL for SSLHARDEN itself; to be freed. */
static char *option_name(const struct variable *variable)
{
	const char *underscore = strchr(variable->name, '_');
	char *name;

	if (underscore == NULL)
		return NULL;
	name = text_make("%s", underscore + 1);
	for (char *c = name; *c != '\0'; c++)
		*c = *c == '_' ? '-' : (char)tolower((unsigned char)*c);
	return name;
}

/* The variables are the options: none is forgotten when one is added. */
static void options_make(struct option options[OPTIONS_MAX])
{
	size_t count = 0;

	options[count++] = (struct option){"help", no_argument, NULL, HELP};
	options[count++] = (struct option){"best-effort", no_argument, NULL, BEST_EFFORT};
	options[count++] = (struct option){"library", required_argument, NULL, LIBRARY};
	options[count++] = (struct option){"audit", no_argument, NULL, AUDIT};
	for (size_t i = 0; i < VARIABLE_COUNT && count < OPTIONS_MAX - 1; i++) {
		const char *name = option_name(&variables[i]);

		if (name != NULL)
			options[count++] = (struct option){
				name,
				variables[i].kind == KIND_BOOL ? no_argument : required_argument,
				NULL, FIRST_VARIABLE + (int)i};
	}
	options[count] = (struct option){0};
}

static void help_print(void)
{
	fputs(usage_head, stdout);
	for (size_t i = 0; i < VARIABLE_COUNT; i++) {
		const char *name = option_name(&variables[i]);

		if (name != NULL)
			printf("  --%-25s %s%s\n", name, variables[i].name,
			       variables[i].kind == KIND_BOOL ? "=1" : "=...");
	}
	fputs(usage_tail, stdout);
}

/* Sets a variable of the program's, if the library will be able to read it. */
static bool variable_set(const char *name, const char *value)
{
	static struct config config;
	char *setting = text_make("%s=%s", name, value);
	char *const environment[] = {setting, NULL};

	memset(&config, 0, sizeof(config));
	/* The file's name is not among the settings: config_load takes it. */
	if (strcmp(name, "SSLHARDEN_CONFIG") == 0)
		config_load(&config, environment, false, NULL);
	else
		config_parse(&config, NULL, environment);
	free(setting);
	if (config.complaints_len > 0) {
		cli_error("run: %.*s", (int)strcspn(config.complaints, "\n"), config.complaints);
		return false;
	}
	return setenv(name, value, 1) == 0;
}

/* --- the environment -------------------------------------------------------- */

/* LD_PRELOAD with the library first, once, and what was there behind it. */
static bool preload_set(const struct elf_file *library)
{
	static const char separators[] = ": ";
	const char *before = getenv("LD_PRELOAD");
	char *list = text_make("%s", library->path), *rest, *item;

	rest = text_make("%s", before != NULL ? before : "");
	while ((item = strsep(&rest, separators)) != NULL) {
		if (*item != '\0' && strcmp(item, library->path) != 0)
			list = text_make("%s:%s", list, item);
	}
	return setenv("LD_PRELOAD", list, 1) == 0;
}

/* AddressSanitizer is content without being first: the library calls it as the program does. */
static bool asan_set(void)
{
	static const char setting[] = "verify_asan_link_order=0";
	const char *before = getenv("ASAN_OPTIONS");

	return setenv("ASAN_OPTIONS",
		      before != NULL ? text_make("%s:%s", before, setting) : setting, 1) == 0;
}

static bool can_be_protected(const struct elf_file *library, const struct inspection *inspection,
			     struct verdict *verdict)
{
	char *why;

	verdict_find(inspection, library, verdict);
	for (size_t i = 0; i < verdict->reasons.count; i++)
		cli_error("run: %s: %s", inspection->path, verdict->reasons.items[i]);
	if (verdict->answer == ANSWER_NO)
		return false;
	if (!library_loads(library, &why)) {
		cli_error("run: %s", why);
		return false;
	}
	return true;
}

/* --- the start -------------------------------------------------------------- */

static int become(char **argv)
{
	int error;

	execvp(argv[0], argv);
	error = errno;
	cli_error("run: %s: %s", argv[0], strerror(error));
	return error == ENOENT ? CLI_NOT_FOUND : CLI_CANNOT_EXECUTE;
}

static int start(const char *library_path, bool best_effort, char **argv)
{
	static const struct strings no_plugins;
	struct verdict verdict = {0};
	struct inspection inspection;
	struct elf_file library;
	char *why;
	int code;

	if (!library_find(library_path, &library, &why)) {
		cli_error("run: %s", why);
		if (!best_effort) {
			cli_error("run: %s is not started", argv[0]);
			return CLI_NO;
		}
		return become(argv);
	}
	if (search_program(argv[0], getenv("PATH")) == NULL) {
		code = errno == ENOENT || errno == ENOTDIR ? CLI_NOT_FOUND : CLI_CANNOT_EXECUTE;
		cli_error("run: %s: %s", argv[0], strerror(errno));
		return code;
	}
	if (!inspect(argv[0], &no_plugins, &inspection, &why, &code)) {
		cli_error("run: %s", why);
		if (!best_effort)
			return code;
	} else if (!can_be_protected(&library, &inspection, &verdict) && !best_effort) {
		cli_error("run: %s is not started; --best-effort starts it all the same", argv[0]);
		return CLI_NO;
	}
	if (!preload_set(&library) || (verdict.needs_asan && !asan_set())) {
		cli_error("run: %s is not started: its environment cannot be set: %s", argv[0],
			  strerror(errno));
		return CLI_NO;
	}
	return become(argv);
}

int cli_run(int argc, char **argv)
{
	struct option options[OPTIONS_MAX];
	const char *library = NULL;
	bool best_effort = false;
	int option;

	options_make(options);
	while ((option = getopt_long(argc, argv, "+h", options, NULL)) != -1) {
		if (option == HELP || option == 'h') {
			help_print();
			return CLI_YES;
		} else if (option == BEST_EFFORT) {
			best_effort = true;
		} else if (option == LIBRARY) {
			library = optarg;
		} else if (option == AUDIT) {
			if (!variable_set("SSLHARDEN", "audit"))
				return CLI_USAGE;
		} else if (option >= FIRST_VARIABLE && option < FIRST_VARIABLE + VARIABLE_COUNT) {
			const char *name = variables[option - FIRST_VARIABLE].name;

			if (!variable_set(name, optarg != NULL ? optarg : "1"))
				return CLI_USAGE;
		} else {
			return cli_usage(usage_head);
		}
	}
	if (optind == argc) {
		cli_error("run: no PROGRAM");
		return cli_usage(usage_head);
	}
	return start(library, best_effort, argv + optind);
}
