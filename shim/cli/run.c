/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "admission.h"
#include "library.h"
#include "options.h"
#include "path.h"
#include "preloading.h"
#include "verify.h"

static const char usage_head[] =
	"usage: sslharden run [options] [--] PROGRAM [ARG...]\n"
	"Becomes PROGRAM (by exec), with libsslharden.so first in LD_PRELOAD. A program that\n"
	"sslharden check says no to, or a library that cannot be loaded, is not started.\n"
	"  --best-effort               start it all the same; what is in the way is said\n"
	"  --library PATH              the library (default: the one installed with this command)\n"
	"  --plugins PATH              a shared object, or a folder of them, that it will open\n"
	"  --verify SECONDS            look at it, and what it started, so long afterwards, and\n"
	"                              say on standard error whether it is active\n"
	"  --audit                     change nothing, say what would change\n"
	"                              (SSLHARDEN=audit)\n";

static const char usage_tail[] =
	"Exit: PROGRAM's own; 1 it cannot be protected; 2 wrong usage, or a setting that cannot\n"
	"be read; 126, 127 it cannot be executed, or is not there.\n";

enum { HELP, BEST_EFFORT, LIBRARY, PLUGINS, VERIFY, AUDIT };

/* --- options --------------------------------------------------------------- */

static const struct option own_options[] = {
	{"help", no_argument, NULL, HELP},
	{"best-effort", no_argument, NULL, BEST_EFFORT},
	{"library", required_argument, NULL, LIBRARY},
	{"plugins", required_argument, NULL, PLUGINS},
	{"verify", required_argument, NULL, VERIFY},
	{"audit", no_argument, NULL, AUDIT},
};

static void help_print(void)
{
	fputs(usage_head, stdout);
	options_print_variables();
	fputs(usage_tail, stdout);
}

/* Whether standard error is a client's connection, as inetd gives it: no line is for him. */
static bool is_connection(int fd)
{
	struct sockaddr_storage address = {.ss_family = AF_UNSPEC};
	socklen_t size = sizeof(address);

	return getsockname(fd, (struct sockaddr *)&address, &size) == 0 &&
	       address.ss_family != AF_UNIX;
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

/* How it is to be started, as the options say. */
struct plan {
	const char *library;
	struct strings plugins;
	bool best_effort;
	unsigned int verify; /* seconds, 0: not */
	char **argv;
};

static int start(const struct plan *plan)
{
	char **argv = plan->argv, *why;
	struct admission admission;
	struct elf_file library;
	int code;

	if (!library_find(plan->library, &library, &why)) {
		cli_error("run: %s", why);
		if (!plan->best_effort) {
			cli_error("run: %s is not started", argv[0]);
			return CLI_NO;
		}
		return become(argv);
	}
	code = admission_executable("run", argv[0]);
	if (code != CLI_YES)
		return code;
	code = admission_find("run", argv, &plan->plugins, &library, &admission);
	if (code != CLI_YES && !plan->best_effort) {
		cli_error("run: %s is not started; --best-effort starts it all the same%s", argv[0],
			  code == CLI_USAGE ? ", with the hardened defaults" : "");
		return code;
	}
	if (code == CLI_YES && admission.verdict.answer == ANSWER_MAYBE && plan->verify == 0 &&
	    !is_connection(STDERR_FILENO))
		cli_error(
			"run: %s may open libraries, or start programs, as is not seen from here; "
			"afterwards: sslharden status %ld, or where it goes to the background: "
			"sslharden status %s",
			argv[0], (long)getpid(), base_name(argv[0]));
	if (!preloading_begin(&library, &admission.verdict)) {
		cli_error("run: %s is not started: its environment cannot be set: %s", argv[0],
			  strerror(errno));
		return CLI_NO;
	}
	if (plan->verify > 0)
		verify_later(getpid(), plan->verify, base_name(argv[0]));
	return become(argv);
}

static bool seconds_read(const char *text, unsigned int *seconds)
{
	long number;

	if (!options_number(text, 86400, &number)) {
		cli_error("run: --verify %s; accepted: seconds, 1 to 86400", text);
		return false;
	}
	*seconds = (unsigned int)number;
	return true;
}

int cli_run(int argc, char **argv)
{
	struct option options[OPTIONS_MAX];
	struct plan plan = {0};
	int option;

	options_make(options, own_options, sizeof(own_options) / sizeof(own_options[0]));
	while ((option = getopt_long(argc, argv, "+:h", options, NULL)) != -1) {
		if (option == HELP || option == 'h') {
			help_print();
			return CLI_YES;
		} else if (option == BEST_EFFORT) {
			plan.best_effort = true;
		} else if (option == LIBRARY) {
			plan.library = optarg;
		} else if (option == PLUGINS) {
			strings_add(&plan.plugins, optarg);
		} else if (option == VERIFY) {
			if (!seconds_read(optarg, &plan.verify))
				return CLI_USAGE;
		} else if (option == AUDIT) {
			setenv("SSLHARDEN", "audit", 1);
		} else if (option >= FIRST_VARIABLE) {
			if (!options_set("run", option, optarg))
				return CLI_USAGE;
		} else {
			return options_error("run", option, argv, options);
		}
	}
	if (optind == argc) {
		cli_error("run: no PROGRAM");
		return cli_usage_of("run");
	}
	plan.argv = argv + optind;
	return start(&plan);
}
