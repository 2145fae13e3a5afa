/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "json.h"
#include "process.h"
#include "settings.h"
#include "verdict.h"

static const char usage[] =
	"usage: sslharden status [--json] PID\n"
	"Tells whether libsslharden.so is in a process and in its children, and how it is set.\n"
	"Exit: 0 active; 1 not active in PID or in one of its children that has a libssl, each\n"
	"reason named; 2 wrong usage.\n";

enum state {
	ACTIVE,
	READY, /* no libssl there (yet): nothing to do */
	ELSEWHERE, /* nor will there be one: its TLS is of another kind, or inside it */
	SWITCHED_OFF,
	AUDIT,
	UNSEEN, /* nor where nginx and others wrote their title over their environment */
	ABSENT,
};

/* clang-format off: a table */
static const struct {
	const char *name;
	bool is_active;
} states[] = {
	[ACTIVE] = {"active", true},
	[READY] = {"loaded, no libssl yet", true},
	[ELSEWHERE] = {"loaded, but its TLS passes by", false},
	[SWITCHED_OFF] = {"loaded, switched off", false},
	[AUDIT] = {"loaded, audit: changes nothing", false},
	[UNSEEN] = {"loaded, settings cannot be seen", true},
	[ABSENT] = {"not loaded", false},
};
/* clang-format on */

static const char *started_with(const struct process *process, const char *name)
{
	size_t len = strlen(name);

	for (size_t i = 0; i < process->environment.count; i++) {
		const char *item = process->environment.items[i];

		if (strncmp(item, name, len) == 0 && item[len] == '=')
			return item + len + 1;
	}
	return NULL;
}

/*
 * Where the settings in force are not to be had, what the environment says that the
 * process was started with: less its file's, and nothing where it was overwritten.
 */
static const struct config *config_guess(const struct process *process)
{
	static struct config config;
	char **environment;

	if (process->is_secure || process->environment.count == 0)
		return NULL;
	environment = memory_or_exit(calloc(process->environment.count + 1, sizeof(*environment)));
	memcpy(environment, process->environment.items,
	       process->environment.count * sizeof(*environment));
	config_parse(&config, NULL, environment);
	free(environment);
	return &config;
}

/* What sslharden check says of the program that a process runs. */
static struct verdict verdict_of(const struct process *process)
{
	static const struct strings no_plugins;
	char *path = text_make("%s/exe", process->folder), *why;
	struct verdict verdict = {0};
	struct inspection inspection;
	struct elf_file library;
	int code;

	if (elf_file_read(process->library, &library, &why) &&
	    inspect(path, &no_plugins, &inspection, &why, &code))
		verdict_find(&inspection, &library, &verdict);
	free(path);
	return verdict;
}

static enum state state_find(const struct process *process, const struct verdict *verdict)
{
	const struct config *config =
		process->config != NULL ? process->config : config_guess(process);

	if (process->library == NULL)
		return ABSENT;
	if (config == NULL)
		return UNSEEN;
	if (config->mode == MODE_OFF)
		return SWITCHED_OFF;
	if (config->mode == MODE_AUDIT)
		return AUDIT;
	if (process->libssl != NULL)
		return ACTIVE;
	return verdict->elsewhere != ELSEWHERE_NOT ? ELSEWHERE : READY;
}

/* Why it is not active, in the reader's terms. */
static char *reason_find(const struct process *process, enum state state,
			 const struct verdict *verdict)
{
	const char *preload = started_with(process, "LD_PRELOAD");

	if (state == UNSEEN)
		return text_make("its memory cannot be read, or its library is of another version, "
				 "and its environment names no setting; as root, or from a log at "
				 "level info, they are to be had");
	if (state == ELSEWHERE)
		return verdict->reasons.items[0];
	if (state == SWITCHED_OFF || state == AUDIT)
		return text_make("SSLHARDEN=%s", mode_name(state == AUDIT ? MODE_AUDIT : MODE_OFF));
	if (process->is_secure)
		return text_make("a secure-execution process (set-uid, file capabilities): the "
				 "loader ignores LD_PRELOAD there; use /etc/ld.so.preload");
	if (preload == NULL || strstr(preload, "libsslharden") == NULL)
		return text_make("its environment has no LD_PRELOAD with libsslharden.so; start it "
				 "with: sslharden run");
	return text_make("LD_PRELOAD=%s names it, but the loader did not take it: sslharden check "
			 "%s/exe tells why",
			 preload, process->folder);
}

/* What one is told of a process, beside its state. */
struct report {
	enum state state;
	bool has_libssl; /* in whatever form */
	char *reason; /* why it is not active, NULL: it is */
	struct strings settings; /* in force, or else those that it was started with */
	struct strings complaints; /* settings that could not be read */
};

static struct report report_make(const struct process *process)
{
	struct verdict verdict = {0};
	struct report report;

	if (process->library != NULL && process->libssl == NULL)
		verdict = verdict_of(process);
	report = (struct report){.state = state_find(process, &verdict),
				 .has_libssl = process->libssl != NULL ||
					       verdict.elsewhere == ELSEWHERE_INSIDE};
	if (!states[report.state].is_active || report.state == UNSEEN)
		report.reason = reason_find(process, report.state, &verdict);
	if (process->config == NULL) {
		report.settings = process->environment;
	} else {
		settings_list(process->config, &report.settings);
		complaints_list(process->config, &report.complaints);
	}
	return report;
}

static void text_print(const struct process *process, const struct report *report)
{
	printf("%ld %s: %s\n", (long)process->pid, text_plain(process->name),
	       states[report->state].name);
	if (report->reason != NULL)
		printf("    reason   %s\n", text_plain(report->reason));
	if (process->library != NULL)
		printf("    library  %s\n", text_plain(process->library));
	if (process->libssl != NULL)
		printf("    libssl   %s\n", text_plain(process->libssl));
	for (size_t i = 0; process->library != NULL && i < report->settings.count; i++)
		printf("    setting  %s\n", text_plain(report->settings.items[i]));
	for (size_t i = 0; i < report->complaints.count; i++)
		printf("    unread   %s\n", text_plain(report->complaints.items[i]));
}

static void json_print(const struct process *process, const struct report *report)
{
	json_object(NULL);
	json_number("pid", process->pid);
	json_string("name", process->name);
	json_bool("active", states[report->state].is_active);
	json_string("state", states[report->state].name);
	json_string("reason", report->reason);
	json_string("library", process->library);
	json_string("libssl", process->libssl);
	json_strings("settings", &report->settings);
	json_strings("complaints", &report->complaints);
	json_end();
}

/* Whether it counts as active; a child that has no libssl need not have the library. */
static bool process_show(const struct process *process, bool is_child, bool json)
{
	struct report report = report_make(process);

	(json ? json_print : text_print)(process, &report);
	return states[report.state].is_active ||
	       ((report.state == ABSENT || report.state == ELSEWHERE) && is_child &&
		!report.has_libssl);
}

static bool family_show(const struct process *first, bool json)
{
	pid_t *family = process_family(first->pid);
	bool active = process_show(first, false, json);

	for (size_t i = 1; family[i] != 0; i++) {
		struct process child;
		char *why;

		if (process_read(family[i], &child, &why))
			active = process_show(&child, true, json) && active;
		else if (kill(family[i], 0) == 0 || errno == EPERM) {
			cli_error("status: %s", why);
			active = false;
		} /* else it has ended */
	}
	free(family);
	return active;
}

static bool pid_read(const char *text, pid_t *pid)
{
	char *end;
	long number;

	errno = 0;
	number = strtol(text, &end, 10);
	if (errno != 0 || end == text || *end != '\0' || number <= 0 || number > INT_MAX)
		return false;
	*pid = (pid_t)number;
	return true;
}

int cli_status(int argc, char **argv)
{
	static const struct option options[] = {
		{"help", no_argument, NULL, 'h'},
		{"json", no_argument, NULL, 'j'},
		{NULL, 0, NULL, 0},
	};
	struct process process;
	bool json = false, active;
	int option;
	char *why;
	pid_t pid;

	while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		if (option == 'h') {
			fputs(usage, stdout);
			return CLI_YES;
		}
		if (option != 'j')
			return cli_usage(usage);
		json = true;
	}
	if (optind + 1 != argc || !pid_read(argv[optind], &pid)) {
		cli_error("status: %s; accepted: one PID, a positive number",
			  optind == argc       ? "no PID"
			  : optind + 1 != argc ? "more than one PID"
					       : argv[optind]);
		return cli_usage(usage);
	}
	if (!process_read(pid, &process, &why)) {
		cli_error("status: %s", why);
		return CLI_NO;
	}
	if (json) {
		json_object(NULL);
		json_array("processes");
	}
	active = family_show(&process, json);
	if (json) {
		json_end();
		json_bool("active", active);
		json_end();
	}
	return active ? CLI_YES : CLI_NO;
}
