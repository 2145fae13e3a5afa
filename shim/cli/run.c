/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "run.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "library.h"
#include "messages/safe_open.h"
#include "options.h"
#include "path.h"
#include "settings.h"
#include "sslharden/config.h"
#include "starter.h"
#include "trial.h"
#include "verdict.h"
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

bool run_environment(const struct elf_file *library, const struct verdict *verdict)
{
	return preload_set(library) && (!verdict->needs_asan || asan_set());
}

/* --- what is in the way ------------------------------------------------------ */

/* @command  whose lines these are, here and below */
static bool can_be_protected(const char *command, const struct elf_file *library,
			     const struct inspection *inspection, struct verdict *verdict)
{
	char *why;

	verdict_find(inspection, library, verdict);
	for (size_t i = 0; i < verdict->reasons.count; i++)
		cli_error("%s: %s: %s", command, inspection->path, verdict->reasons.items[i]);
	if (verdict->answer == ANSWER_NO)
		return false;
	if (!library_loads(library, &why)) {
		cli_error("%s: %s", command, why);
		return false;
	}
	return true;
}

/* What of the program's words takes the library away from what it starts. */
static void hidden_add(struct inspection *inspection, char **argv)
{
	struct start start = {.search = getenv("PATH")};
	struct strings words = {0};

	for (size_t i = 0; argv[i] != NULL; i++)
		strings_add(&words, argv[i]);
	starter_follow(&start, words);
	for (size_t i = 0; i < start.hidden.count; i++)
		strings_addf(&inspection->hidden, "in the words of this call, %s",
			     start.hidden.items[i]);
}

/* Why it cannot be written, NULL: it can.  What is there is opened as the library does it. */
static const char *log_refusal(const char *path)
{
	struct stat root, named;
	const char *why;
	char *folder;
	bool can;
	int fd;

	if (lstat(path, &named) == 0 && stat("/", &root) == 0) {
		fd = safe_open(path, &root, &why);
		if (fd >= 0)
			close(fd);
		else if (why != NULL)
			return why;
		return fd >= 0 || errno == ENXIO /* a pipe that nobody reads yet */
			       ? NULL
			       : strerror(errno);
	}
	if (errno != ENOENT)
		return strerror(errno);
	folder = folder_of(path);
	can = access(folder, W_OK | X_OK) == 0;
	free(folder);
	return can ? NULL : strerror(errno);
}

/* It is opened by the server, which may have fewer rights than we; not to have them here is no. */
static void log_complain(const struct config *config, struct strings *complaints)
{
	const char *why = NULL;

	if (config->log_target == LOG_TARGET_FILE)
		why = log_refusal(config->log_path);
	if (why != NULL)
		strings_addf(complaints,
			     "SSLHARDEN_LOG: %s cannot be written: %s; accepted: a "
			     "file that can, or whose folder can",
			     config->log_path, why);
}

/* Settings as the program will have them.  False if one cannot be read, each named. */
static bool settings_are_good(const char *command, const struct inspection *inspection)
{
	static struct config config;
	struct strings complaints = {0};
	char *program = realpath(inspection->path, NULL);

	config_load(&config, environ, false, program != NULL ? program : "-");
	free(program);
	complaints_list(&config, &complaints);
	log_complain(&config, &complaints);
	trial(inspection, &config, &complaints);
	for (size_t i = 0; i < complaints.count; i++)
		cli_error("%s: %.*s", command, complaint_length(complaints.items[i]),
			  complaints.items[i]);
	if (config.mode == MODE_OFF)
		cli_error("%s: SSLHARDEN=off: nothing will be hardened", command);
	return complaints.count == 0;
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

int run_obstacles(const char *command, char **argv, const struct strings *plugins,
		  const struct elf_file *library, struct verdict *verdict)
{
	struct inspection inspection;
	char *why;
	int code;

	if (!inspect(argv[0], plugins, &inspection, &why, &code)) {
		cli_error("%s: %s", command, why);
		return code == CLI_UNKNOWN ? CLI_NO : code;
	}
	hidden_add(&inspection, argv);
	if (!can_be_protected(command, library, &inspection, verdict))
		return CLI_NO;
	return settings_are_good(command, &inspection) ? CLI_YES : CLI_USAGE;
}

static int start(const struct plan *plan)
{
	char **argv = plan->argv, *why;
	struct verdict verdict = {0};
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
	if (path_search(argv[0], getenv("PATH")) == NULL) {
		code = errno == ENOENT || errno == ENOTDIR ? CLI_NOT_FOUND : CLI_CANNOT_EXECUTE;
		cli_error("run: %s: %s", argv[0], strerror(errno));
		return code;
	}
	code = run_obstacles("run", argv, &plan->plugins, &library, &verdict);
	if (code != CLI_YES && !plan->best_effort) {
		cli_error("run: %s is not started; --best-effort starts it all the same%s", argv[0],
			  code == CLI_USAGE ? ", with the hardened defaults" : "");
		return code;
	}
	if (code == CLI_YES && verdict.answer == ANSWER_MAYBE && plan->verify == 0 &&
	    !is_connection(STDERR_FILENO))
		cli_error(
			"run: %s may open libraries, or start programs, as is not seen from here; "
			"afterwards: sslharden status %ld, or where it goes to the background: "
			"sslharden status %s",
			argv[0], (long)getpid(), base_name(argv[0]));
	if (!run_environment(&library, &verdict)) {
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
