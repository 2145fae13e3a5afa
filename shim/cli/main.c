/* SPDX-License-Identifier: MIT
 *
 * sslharden: starts programs under the library, tells whether it can work, and
 * shows that it does.
 */
#include <stdio.h>
#include <string.h>

#include "cli.h"

static const char usage[] =
	"usage: sslharden COMMAND [ARG...]\n"
	"  run [options] [--] PROGRAM [ARG...]  start a program with its servers hardened\n"
	"  check PROGRAM                        can that work? reads files, runs nothing\n"
	"  status PID                           is it active in a process and its children?\n"
	"  policy [NAME]                        what is set, given this environment\n"
	"  --help, --version\n"
	"More: sslharden COMMAND --help, sslharden(1), and sslharden(7) for the variables.\n";

static const struct {
	const char *name;
	int (*main)(int argc, char **argv);
} commands[] = {
	{"run", cli_run},
	{"check", cli_check},
	{"status", cli_status},
	{"policy", cli_policy},
};

int cli_usage(const char *text)
{
	fputs(text, stderr);
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

int main(int argc, char **argv)
{
	if (argc < 2)
		return cli_usage(usage);
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
		fputs(usage, stdout);
		return finish(CLI_YES);
	}
	if (strcmp(argv[1], "--version") == 0) {
		puts("sslharden " SSLHARDEN_VERSION);
		return finish(CLI_YES);
	}
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (strcmp(argv[1], commands[i].name) != 0)
			continue;
		/* getopt(3) begins its complaints with it, as cli_error does. */
		argv[1] = text_make("sslharden: %s", commands[i].name);
		return finish(commands[i].main(argc - 1, argv + 1));
	}
	cli_error("%s: unknown command; accepted: run check status policy --help --version",
		  argv[1]);
	return cli_usage(usage);
}
