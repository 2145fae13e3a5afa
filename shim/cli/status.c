/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "json.h"
#include "options.h"
#include "process.h"
#include "processes.h"
#include "standing.h"
#include "status.h"

static const char usage[] =
	"usage: sslharden status [--json] [PID or NAME...]\n"
	"Tells whether libsslharden.so is in a process and in its children, how it is set, and\n"
	"where its messages go; without any, of all that run here and have a libssl, a line each.\n"
	"Exit: 0 active, also with settings that could not be read, which are named with what is\n"
	"in force instead; 1 not active in one of them that has a libssl, each reason named;\n"
	"2 wrong usage; 3 it cannot be known, and why.\n";

/* It goes on as it is, which may be without what its successor brought. */
static const char replaced[] = ", replaced or removed since it was loaded: restart the program";

/* Whose settings were printed: those of its workers, if they are the same, are not again. */
struct head {
	pid_t pid; /* 0: nobody's yet */
	struct standing standing;
};

static bool is_same(const struct strings *one, const struct strings *other)
{
	for (size_t i = 0; i < one->count && i < other->count; i++) {
		if (strcmp(one->items[i], other->items[i]) != 0)
			return false;
	}
	return one->count == other->count;
}

static void strings_print(const char *word, const struct strings *strings)
{
	for (size_t i = 0; i < strings->count; i++)
		printf("    %-8s %s\n", word, text_plain(strings->items[i]));
}

static void settings_print(const struct process *process, const struct standing *standing,
			   struct head *head)
{
	const struct strings *settings = &standing->settings;

	if (process->library == NULL)
		return;
	if (head->pid != 0 && settings->count + standing->complaints.count > 1 &&
	    is_same(&head->standing.settings, settings) &&
	    is_same(&head->standing.complaints, &standing->complaints)) {
		printf("    settings those of %ld\n", (long)head->pid);
		return;
	}
	*head = (struct head){process->pid, *standing};
	strings_print("unread", &standing->complaints);
	strings_print("instead", &standing->instead);
	strings_print("setting", settings);
}

/* What follows the state of a process some of whose settings are not what somebody wrote. */
static const char *unread_text(const struct standing *standing)
{
	size_t count = standing->complaints.count;

	return count == 0   ? ""
	       : count == 1 ? ", but a setting could not be read"
			    : text_make(", but %zu settings could not be read", count);
}

static void text_print(const struct process *process, const struct standing *standing,
		       struct head *head)
{
	printf("%ld %s: %s%s\n", (long)process->pid, text_plain(process->name),
	       state_name(standing->state), unread_text(standing));
	if (standing->reason != NULL)
		printf("    reason   %s\n", text_plain(standing->reason));
	if (process->library != NULL)
		printf("    library  %s%s\n", text_plain(process->library),
		       process->is_replaced ? replaced : "");
	if (process->libssl != NULL)
		printf("    libssl   %s\n", text_plain(process->libssl));
	if (standing->proof != NULL)
		printf("    bound    %s\n", text_plain(standing->proof));
	settings_print(process, standing, head);
	strings_print("unknown", &standing->unknown);
	if (standing->messages != NULL)
		printf("    messages %s\n", text_plain(standing->messages));
	if (standing->lost != 0)
		printf("    lost     %lld message%s that no place took; SSLHARDEN_LOG=FILE, "
		       "that its own user may write (install -m 600 -o USER /dev/null FILE)\n",
		       (long long)standing->lost, standing->lost == 1 ? "" : "s");
}

static void line_print(const struct process *process, const struct standing *standing)
{
	printf("%7ld %-16s %s%s%s%s%s%s\n", (long)process->pid, text_plain(process->name),
	       state_name(standing->state), unread_text(standing),
	       standing->reason != NULL ? " (" : "",
	       standing->reason != NULL ? text_plain(standing->reason) : "",
	       standing->reason != NULL ? ")" : "", process->is_replaced ? replaced : "");
}

static void json_answer(enum activity answer)
{
	if (answer == UNKNOWN || answer == NOTHING)
		json_null("active");
	else
		json_bool("active", answer == YES);
}

static void json_print(const struct process *process, const struct standing *standing)
{
	json_object(NULL);
	json_number("pid", process->pid);
	json_string("name", process->name);
	json_answer(state_activity(standing->state));
	json_string("state", state_name(standing->state));
	json_string("reason", standing->reason);
	json_string("library", process->library);
	json_bool("replaced", process->is_replaced);
	json_string("libssl", process->libssl);
	json_string("bound", standing->proof);
	json_string("messages", standing->messages);
	json_strings("settings", &standing->settings);
	json_strings("complaints", &standing->complaints);
	json_strings("instead", &standing->instead);
	json_strings("unknown", &standing->unknown);
	json_number("lost", standing->lost);
	json_end();
}

/* One that cannot be looked at. */
static void unknown_print(const struct process *process, const char *why, bool json)
{
	if (!json) {
		cli_error("status: %s", why);
		return;
	}
	json_object(NULL);
	if (process->pid != 0)
		json_number("pid", process->pid);
	json_string("name", process->name);
	json_null("active");
	json_string("state", "unknown");
	json_string("reason", why);
	json_end();
}

/* Whether it counts as active; a child that has no libssl need not have the library. */
static enum activity process_show(struct process *process, bool is_child, bool json,
				  struct head *head)
{
	struct standing standing = standing_of(process);

	if (json)
		json_print(process, &standing);
	else
		text_print(process, &standing, head);
	process_end(process);
	if ((standing.state == ABSENT || standing.state == ELSEWHERE) && is_child &&
	    !standing.has_libssl)
		return NOTHING;
	return state_activity(standing.state);
}

static enum activity both(enum activity a, enum activity b)
{
	return a > b ? a : b;
}

static bool is_there(pid_t pid)
{
	return kill(pid, 0) == 0 || errno == EPERM;
}

/* Whether it was told of already: pidof names the children beside their parent. */
static bool is_told(pid_t pid)
{
	static pid_t *told;
	static size_t count;

	for (size_t i = 0; i < count; i++) {
		if (told[i] == pid)
			return true;
	}
	told = memory_or_exit(realloc(told, (count + 1) * sizeof(*told)));
	told[count++] = pid;
	return false;
}

static enum activity family_show(pid_t first, bool json)
{
	pid_t *family = processes_family(first);
	enum activity answer = NOTHING;
	struct head head = {0};

	for (size_t i = 0; family[i] != 0; i++) {
		struct process process;
		char *why;

		if (family[i] == getpid() && i > 0)
			continue; /* by --verify, where the program is process 1 */
		if (is_told(family[i]))
			continue;
		if (process_read(family[i], &process, &why)) {
			answer = both(answer, process_show(&process, i > 0, json, &head));
		} else if (i == 0 || (is_there(family[i]) && process.folder != NULL)) {
			unknown_print(&process, why, json);
			answer = both(answer, UNKNOWN);
		} /* else it has ended */
	}
	free(family);
	return answer;
}

/* --- later ------------------------------------------------------------------- */

static void verify(pid_t pid)
{
	static const char *const words[] = {[NOTHING] = "has no libssl yet",
					    [YES] = "is active",
					    [UNKNOWN] = "is not known to be active",
					    [NO] = "is not active"};
	enum activity answer;

	dup2(STDERR_FILENO, STDOUT_FILENO);
	answer = family_show(pid, false);
	fflush(stdout);
	cli_error("run: %ld %s", (long)pid, words[answer]);
}

void verify_later(pid_t pid, unsigned int seconds, const char *name)
{
	pid_t child = fork();

	if (child == 0) {
		if (fork() != 0)
			_exit(0);
		setsid();
		close(STDIN_FILENO);
		/* Whoever waits for the end of the program's output waits for no more of it. */
		dup2(STDERR_FILENO, STDOUT_FILENO);
		sleep(seconds);
		if (is_there(pid))
			verify(pid);
		else
			cli_error("run: %ld has ended; if it went to the background: "
				  "sslharden status %s",
				  (long)pid, name);
		_exit(0);
	}
	if (child > 0)
		waitpid(child, NULL, 0);
}

/* --- of all that run here ------------------------------------------------------ */

/* What stands below the lines. */
struct census {
	size_t active, not_active, unknown;
	size_t unread; /* of the unknown: there is no line of them */
	size_t without; /* have the library, and no libssl */
	size_t startable; /* not active, and not because they were told so */
	size_t mistaken; /* have settings that could not be read */
};

static void census_print(const struct census *census)
{
	size_t all = census->active + census->not_active + census->unknown - census->unread;

	if (all == 0)
		puts("no process here has a libssl");
	else
		printf("%zu of %zu active\n", census->active, all);
	if (census->mistaken > 0)
		puts("What could not be read, and what is in force instead: sslharden status PID");
	if (census->without > 0)
		printf("%zu more ha%s the library, and no libssl yet\n", census->without,
		       census->without == 1 ? "s" : "ve");
	if (census->startable > 0)
		puts("The others: start them by sslharden run, or by the recipe for how they are "
		     "started\n(docs/DEPLOYMENT.md); sslharden check PROGRAM tells whether that "
		     "can work.");
	if (census->unread > 0)
		printf("%zu more cannot be read; %s\n", census->unread,
		       geteuid() != 0 ? "root can" : "root needs CAP_SYS_PTRACE for it");
}

static void census_add(struct census *census, enum state state)
{
	*(state == READY                 ? &census->without
	  : state_activity(state) == YES ? &census->active
	  : state_activity(state) == NO  ? &census->not_active
					 : &census->unknown) += 1;
	census->startable += state_activity(state) == NO && state != AUDIT && state != SWITCHED_OFF;
}

static void one_of_all(pid_t pid, bool json, struct census *census)
{
	struct process process;
	struct standing standing;
	char *why;

	if (!process_read(pid, &process, &why)) {
		bool is_unread = process.folder != NULL && is_there(pid);

		census->unknown += is_unread;
		census->unread += is_unread;
		return;
	}
	if (process.library != NULL || process.libssl != NULL) {
		standing = standing_of(&process);
		if (standing.state != READY)
			(json ? json_print : line_print)(&process, &standing);
		census_add(census, standing.state);
		census->mistaken += standing.state != READY && standing.complaints.count > 0;
	}
	process_end(&process);
}

static enum activity all_show(bool json)
{
	pid_t *all = processes_all();
	struct census census = {0};

	if (all[0] == 0) {
		cli_error("status: /proc tells of no process: it is not mounted");
		return UNKNOWN;
	}
	for (size_t i = 0; all[i] != 0; i++)
		one_of_all(all[i], json, &census);
	free(all);
	if (!json)
		census_print(&census);
	return census.not_active > 0 ? NO
	       : census.unknown > 0  ? UNKNOWN
	       : census.active > 0   ? YES
				     : NOTHING;
}

/* --- the words ------------------------------------------------------------------ */

/* Of one word: a process's number, or a name, which may be of several. */
static enum activity word_show(const char *word, bool json)
{
	enum activity answer = NOTHING;
	pid_t *named;
	long pid;

	if (options_number(word, INT_MAX, &pid))
		return family_show((pid_t)pid, json);
	named = processes_named(word);
	if (named[0] == 0) {
		struct process none = {.name = text_make("%s", word)};

		unknown_print(&none, text_make("no process is named %s", word), json);
		answer = UNKNOWN;
	}
	for (size_t i = 0; named[i] != 0; i++)
		answer = both(answer, family_show(named[i], json));
	free(named);
	return answer;
}

int cli_status(int argc, char **argv)
{
	static const struct option options[] = {
		{"help", no_argument, NULL, 'h'},
		{"json", no_argument, NULL, 'j'},
		{NULL, 0, NULL, 0},
	};
	enum activity answer = NOTHING;
	bool json = false;
	int option;

	while ((option = getopt_long(argc, argv, ":h", options, NULL)) != -1) {
		if (option == 'h') {
			fputs(usage, stdout);
			return CLI_YES;
		}
		if (option != 'j')
			return options_error("status", option, argv, options);
		json = true;
	}
	if (!options_processes("status", argv + optind))
		return cli_usage_of("status");
	if (json) {
		json_object(NULL);
		json_array("processes");
	}
	if (optind == argc)
		answer = all_show(json);
	for (int i = optind; i < argc; i++)
		answer = both(answer, word_show(argv[i], json));
	if (json) {
		json_end();
		json_answer(answer);
		json_end();
	}
	return answer <= YES ? CLI_YES : answer == NO ? CLI_NO : CLI_UNKNOWN;
}
