/* SPDX-License-Identifier: MIT
 *
 * sslharden: starts programs under the library, tells whether it can work, and
 * shows that it does.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "options.h"
#include "path.h"

static const char usage[] =
	"usage: sslharden COMMAND [ARG...]\n"
	"  run [options] [--] PROGRAM [ARG...]  start a program with its servers hardened\n"
	"  check PROGRAM                        can that work? reads files, runs nothing\n"
	"  status [PID or NAME...]              is it active in a process and its children?\n"
	"  policy [NAME]                        what is set, given this environment\n"
	"  compare --port N [--] PROGRAM [...]  what a server serves, bare and hardened\n"
	"  report [PID or NAME...]              who still uses what, and what would change\n"
	"  help [COMMAND], version              also as --help, --version\n"
	"More: sslharden COMMAND --help, sslharden(1), and sslharden(7) for the variables.\n";

static const struct command {
	const char *name;
	int (*main)(int argc, char **argv);
	const char *synopsis;
} commands[] = {
	{"run", cli_run, "[options] [--] PROGRAM [ARG...]"},
	{"check", cli_check, "[--json] [--library PATH] [--plugins PATH]... PROGRAM"},
	{"status", cli_status, "[--json] [PID or NAME...]"},
	{"policy", cli_policy, "[--json] [--check] [run's options] [--for PROGRAM | NAME]"},
	{"compare", cli_compare,
	 "--port N [--starttls PROTOCOL] [--setting NAME=VALUE]... [--] PROGRAM [ARG...]"},
	{"report", cli_report,
	 "[--json | --openmetrics | --html FILE] [--watch SECONDS] [PID or NAME...]"},
};

enum { COMMAND_COUNT = sizeof(commands) / sizeof(commands[0]) };

static const struct command *command_find(const char *name)
{
	for (size_t i = 0; i < COMMAND_COUNT; i++) {
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	}
	return NULL;
}

int cli_usage_of(const char *name)
{
	const struct command *command = command_find(name);

	if (command == NULL)
		fputs(usage, stderr);
	else
		fprintf(stderr,
			"usage: sslharden %s %s\n"
			"More: sslharden %s --help\n",
			name, command->synopsis, name);
	return CLI_USAGE;
}

/* What was printed has to have arrived: a full disk is no "yes". */
static int finish(int code)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return code;
	cli_error("standard output cannot be written");
	return code == CLI_YES ? CLI_NO : code;
}

static bool is_any_of(const char *word, const char *a, const char *b, const char *c)
{
	return strcmp(word, a) == 0 || strcmp(word, b) == 0 || (c != NULL && strcmp(word, c) == 0);
}

/* A program in the place of a command, or a misspelt one. */
static int unknown(const char *word)
{
	const char *words[COMMAND_COUNT + 3] = {NULL}, *nearest;
	char *list = text_make("%s", "");

	for (size_t i = 0; i < COMMAND_COUNT + 2; i++) {
		words[i] = i < COMMAND_COUNT    ? commands[i].name
			   : i == COMMAND_COUNT ? "help"
						: "version";
		list = text_make("%s %s", list, words[i]);
	}
	nearest = options_nearest(word, words);
	if (word[0] != '-' && path_search(word, getenv("PATH")) != NULL)
		cli_error("%s: no command of this one; did you mean: sslharden run -- %s", word,
			  word);
	else if (nearest != NULL)
		cli_error("%s: no such command; did you mean: sslharden %s", word, nearest);
	else
		cli_error("%s: no such command; accepted:%s", word, list);
	return cli_usage_of("");
}

static int help(int argc, char **argv)
{
	const struct command *command = argc > 2 ? command_find(argv[2]) : NULL;
	char *words[] = {text_make("help"), text_make("--help"), NULL};

	if (argc > 2 && command == NULL)
		return unknown(argv[2]);
	if (command != NULL)
		return command->main(2, words);
	fputs(usage, stdout);
	return CLI_YES;
}

int main(int argc, char **argv)
{
	const struct command *command;

	if (argc < 2)
		return cli_usage_of("");
	if (is_any_of(argv[1], "--help", "-h", "help"))
		return finish(help(argc, argv));
	if (is_any_of(argv[1], "--version", "version", NULL)) {
		puts("sslharden " SSLHARDEN_VERSION);
		return finish(CLI_YES);
	}
	command = command_find(argv[1]);
	opterr = 0; /* what is wrong is said here */
	return command != NULL ? finish(command->main(argc - 1, argv + 1)) : unknown(argv[1]);
}
