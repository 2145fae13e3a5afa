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

#include "answers.h"
#include "binding.h"
#include "destination.h"
#include "json.h"
#include "options.h"
#include "page.h"
#include "proc.h"
#include "process.h"
#include "search.h"
#include "settings.h"
#include "status.h"
#include "verdict.h"

static const char usage[] =
	"usage: sslharden status [--json] [PID or NAME...]\n"
	"Tells whether libsslharden.so is in a process and in its children, how it is set, and\n"
	"where its messages go; without any, of all that run here and have a libssl, a line each.\n"
	"Exit: 0 active; 1 not active in one of them that has a libssl, each reason named;\n"
	"2 wrong usage; 3 it cannot be known, and why.\n";

/* The more it says, the later: of two, the later one holds for both. */
enum answer_of_status {
	NOTHING, /* no libssl, for which it could be active or not */
	YES,
	UNKNOWN,
	NO, /* certain */
};

enum state {
	ACTIVE,
	READY, /* no libssl there (yet): nothing to do */
	ELSEWHERE, /* nor will there be one: its TLS is of another kind, or inside it */
	BESIDE, /* libssl is hardened; other TLS beside it may serve */
	PASSED, /* libssl is called past us */
	UNPROVED,
	SWITCHED_OFF,
	AUDIT,
	UNSEEN, /* its memory cannot be read */
	UNREAD, /* something that it has mapped cannot */
	ABSENT,
};

/* clang-format off */ /* a table */
static const struct {
	const char *name;
	enum answer_of_status active;
} states[] = {
	[ACTIVE] = {"active", YES},
	[READY] = {"loaded, no libssl yet", NOTHING},
	[ELSEWHERE] = {"loaded, but its TLS passes by", NO},
	[BESIDE] = {"active for libssl, but not all its TLS is that", UNKNOWN},
	[PASSED] = {"loaded, but libssl is called past it", NO},
	[UNPROVED] = {"loaded, not proved active", UNKNOWN},
	[SWITCHED_OFF] = {"loaded, switched off", NO},
	[AUDIT] = {"loaded, audit: changes nothing", NO},
	[UNSEEN] = {"loaded, settings cannot be seen", UNKNOWN},
	[UNREAD] = {"loaded, not all its files can be read", UNKNOWN},
	[ABSENT] = {"not loaded", NO},
};
/* clang-format on */

/* What was found out about a process, before it is told. */
struct finding {
	struct sight sight;
	struct binding binding;
	struct strings unread; /* mapped files that could not be read, with the reasons */
	char *program;
};

static struct finding finding_make(struct process *process)
{
	char *link = text_make("%s/exe", process->folder);
	char target[PATH_MAX + 1];
	ssize_t len = readlink(link, target, PATH_MAX);
	struct inspection inspection;
	struct finding finding = {0};

	target[len > 0 ? len : 0] = '\0';
	free(link);
	finding.program = text_make("%s", target);
	maps_files_read(process->folder, &process->maps);
	inspect_mapped(&process->maps, target, &inspection);
	finding.unread = inspection.unread;
	sight_find(&inspection, &finding.sight);
	if (process->libssl == NULL && finding.sight.libssl.count > 0) {
		const char *first = finding.sight.libssl.items[0];

		process->libssl = text_make("%.*s", (int)(strrchr(first, '(') - first - 1), first);
	}
	if (process->library != NULL)
		binding_find(process, &finding.binding);
	return finding;
}

static enum state state_of_tls(const struct process *process, const struct finding *finding)
{
	const struct sight *sight = &finding->sight;
	bool has_libssl = process->libssl != NULL;

	if (!has_libssl && (sight->inside.count > 0 || sight->other.count > 0))
		return ELSEWHERE;
	if (finding->binding.passing.count > 0 || finding->binding.bound == BOUND_NOT)
		return PASSED;
	if (has_libssl && sight->is_others && !sight->serves)
		return ELSEWHERE;
	if (finding->unread.count > 0)
		return UNREAD;
	if (finding->binding.bound == BOUND_UNPROVED)
		return UNPROVED;
	if (has_libssl && (sight->inside.count > 0 || sight->is_others))
		return BESIDE;
	return has_libssl ? ACTIVE : READY;
}

static enum state state_find(const struct process *process, const struct finding *finding)
{
	if (process->library == NULL || process->record == RECORD_NONE)
		return ABSENT;
	if (process->record != RECORD_FOUND)
		return UNSEEN;
	if (process->config->mode == MODE_OFF)
		return SWITCHED_OFF;
	if (process->config->mode == MODE_AUDIT)
		return AUDIT;
	return state_of_tls(process, finding);
}

/* Why its settings, and so its state, are not to be had. */
static char *unseen_reason(const struct process *process)
{
	if (process->record == RECORD_OTHER)
		return text_make("its library is of another version than this command; its log at "
				 "level info tells");
	return text_make("its memory cannot be read: %s", process_unread(process->memory_error));
}

/* A name of LD_PRELOAD, to be freed, as its loader expands it. */
static char *preload_path(const struct process *process, const char *name)
{
	const struct maps *maps = &process->maps;
	char *path = text_make("%s", name);

	for (size_t i = 0; i < maps->image_count; i++) {
		if (strcmp(base_name(maps->images[i].path), "libc.so.6") == 0)
			return lib_expand_by_libc(path, maps->images[i].path);
	}
	return path;
}

/* In its root.  A name that the loader searches for or expands may be there. */
static bool is_missing(const struct process *process, const char *name)
{
	char *path = text_make("%s/root%s", process->folder, name);
	bool is_absent = name[0] == '/' && strchr(name, '$') == NULL && answers(path) &&
			 access(path, F_OK) != 0 && (errno == ENOENT || errno == ENOTDIR);

	free(path);
	return is_absent;
}

/* Of @preload (ld.so(8)), which names it. */
static char *unloaded_reason(const struct process *process, const char *preload)
{
	char *names = text_make("%s", preload), *rest = names, *name, *reason = NULL;

	while (reason == NULL && (name = strsep(&rest, ": ")) != NULL) {
		char *path;

		if (strstr(name, "libsslharden") == NULL)
			continue;
		path = preload_path(process, name);
		if (is_missing(process, path))
			reason = text_make("LD_PRELOAD names %s, and there is no such file", path);
		else if (proc_path_is_noexec(process->folder, path))
			reason = text_make("LD_PRELOAD names it, but the loader refused it: %s is "
					   "on a file system mounted noexec (NoExecPaths= does so)",
					   path);
		free(path);
	}
	free(names);
	if (reason != NULL)
		return reason;
	return text_make("LD_PRELOAD=%s names it, but the loader did not take it: its own line on "
			 "standard error tells why (ERROR: ld.so), or sslharden check %s/exe",
			 preload, process->folder);
}

static char *absent_reason(const struct process *process)
{
	const char *preload = process_variable(process, "LD_PRELOAD");

	if (process->library != NULL)
		return text_make("%s is mapped, but the library's settings are not in its memory: "
				 "a file of that name, and no library that was started",
				 process->library);
	if (process->refused != NULL)
		return text_make("%s is mapped, but not to be executed: the loader refused it (a "
				 "file system mounted noexec, NoExecPaths=), or it was opened as a "
				 "file",
				 process->refused);
	if (process->is_secure)
		return text_make("a secure-execution process (set-uid, file capabilities, or a "
				 "parent that had changed its effective user, as squid's): the "
				 "loader ignores LD_PRELOAD there; use /etc/ld.so.preload");
	if (process->is_overwritten)
		return text_make(
			"its environment cannot be seen, for it wrote its title over that; "
			"where LD_PRELOAD named the library, the loader's line on standard "
			"error tells why it is not there (ERROR: ld.so); else start it "
			"with: sslharden run");
	if (preload == NULL || strstr(preload, "libsslharden") == NULL)
		return text_make("its environment has no LD_PRELOAD with libsslharden.so; start it "
				 "with: sslharden run");
	return unloaded_reason(process, preload);
}

/* Why it is not active, in the reader's terms. */
static char *reason_find(const struct process *process, enum state state,
			 const struct finding *finding)
{
	const struct sight *sight = &finding->sight;

	switch (state) {
	case UNSEEN:
		return unseen_reason(process);
	case ELSEWHERE:
	case BESIDE:
		return text_make("%s", sight->inside.count > 0 ? sight->inside.items[0]
							       : sight->other.items[0]);
	case PASSED:
		return finding->binding.passing.count > 0
			       ? text_make("%s: it was opened with RTLD_DEEPBIND, or the library "
					   "was opened later than that",
					   finding->binding.passing.items[0])
			       : text_make("the library comes last in the loader's list, as what "
					   "dlopen opens: no call comes to it");
	case UNREAD:
		return text_make("%s", finding->unread.items[0]);
	case UNPROVED:
		return text_make("no call was bound yet, and the loader's list of what it loaded "
				 "cannot be read; ask again when a client has connected");
	case SWITCHED_OFF:
		return text_make("SSLHARDEN=off");
	case AUDIT:
		return text_make("SSLHARDEN=audit");
	case ABSENT:
		return absent_reason(process);
	case ACTIVE:
	case READY:
		break;
	}
	return NULL;
}

/* What one is told of a process, beside its state. */
struct report {
	enum state state;
	bool has_libssl; /* in whatever form */
	char *reason; /* why it is not active, NULL: it is */
	char *proof; /* what shows that calls come to the library */
	char *messages; /* where they go, NULL: not known */
	struct strings settings; /* in force, or else those that it was started with */
	struct strings complaints; /* settings that could not be read */
	struct strings unknown; /* what of them its libssl does not know */
	int64_t lost; /* messages that no place took, of the server as a whole */
};

static struct report report_make(struct process *process)
{
	struct finding finding = finding_make(process);
	struct report report = {.state = state_find(process, &finding),
				.has_libssl =
					process->libssl != NULL || finding.sight.inside.count > 0};
	struct traffic traffic;

	report.reason = reason_find(process, report.state, &finding);
	traffic = page_traffic(process);
	report.lost = traffic.lost;
	if (process->config != NULL)
		report.messages = destination_text(process, traffic.last);
	if (report.state != ABSENT)
		report.proof = finding.binding.proof;
	if (process->config == NULL) {
		report.settings = process->environment;
	} else {
		settings_list(process->config, &report.settings);
		complaints_list(process->config, &report.complaints);
		untaken_list(process->config, process->untaken, &report.unknown);
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
	if (report->proof != NULL)
		printf("    bound    %s\n", text_plain(report->proof));
	for (size_t i = 0; process->library != NULL && i < report->settings.count; i++)
		printf("    setting  %s\n", text_plain(report->settings.items[i]));
	for (size_t i = 0; i < report->unknown.count; i++)
		printf("    unknown  %s\n", text_plain(report->unknown.items[i]));
	if (report->messages != NULL)
		printf("    messages %s\n", text_plain(report->messages));
	if (report->lost != 0)
		printf("    lost     %lld message%s that no place took; name a file for them: "
		       "SSLHARDEN_LOG=/var/log/...\n",
		       (long long)report->lost, report->lost == 1 ? "" : "s");
	for (size_t i = 0; i < report->complaints.count; i++)
		printf("    unread   %s\n", text_plain(report->complaints.items[i]));
}

static void line_print(const struct process *process, const struct report *report)
{
	printf("%7ld %-16s %s%s%s%s\n", (long)process->pid, text_plain(process->name),
	       states[report->state].name, report->reason != NULL ? " (" : "",
	       report->reason != NULL ? text_plain(report->reason) : "",
	       report->reason != NULL ? ")" : "");
}

static void json_answer(enum answer_of_status answer)
{
	if (answer == UNKNOWN || answer == NOTHING)
		json_null("active");
	else
		json_bool("active", answer == YES);
}

static void json_print(const struct process *process, const struct report *report)
{
	json_object(NULL);
	json_number("pid", process->pid);
	json_string("name", process->name);
	json_answer(states[report->state].active);
	json_string("state", states[report->state].name);
	json_string("reason", report->reason);
	json_string("library", process->library);
	json_string("libssl", process->libssl);
	json_string("bound", report->proof);
	json_string("messages", report->messages);
	json_strings("settings", &report->settings);
	json_strings("complaints", &report->complaints);
	json_strings("unknown", &report->unknown);
	json_number("lost", report->lost);
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
static enum answer_of_status process_show(struct process *process, bool is_child, bool json)
{
	struct report report = report_make(process);

	(json ? json_print : text_print)(process, &report);
	process_end(process);
	if ((report.state == ABSENT || report.state == ELSEWHERE) && is_child && !report.has_libssl)
		return NOTHING;
	return states[report.state].active;
}

static enum answer_of_status both(enum answer_of_status a, enum answer_of_status b)
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

static enum answer_of_status family_show(pid_t first, bool json)
{
	pid_t *family = process_family(first);
	enum answer_of_status answer = NOTHING;

	for (size_t i = 0; family[i] != 0; i++) {
		struct process process;
		char *why;

		if (family[i] == getpid() && i > 0)
			continue; /* by --verify, where the program is process 1 */
		if (is_told(family[i]))
			continue;
		if (process_read(family[i], &process, &why)) {
			answer = both(answer, process_show(&process, i > 0, json));
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
	enum answer_of_status answer;

	dup2(STDERR_FILENO, STDOUT_FILENO);
	answer = family_show(pid, false);
	fflush(stdout);
	cli_error("run: %ld %s", (long)pid, words[answer]);
}

void verify_later(pid_t pid, unsigned int seconds)
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
};

static void census_print(const struct census *census)
{
	size_t all = census->active + census->not_active + census->unknown - census->unread;

	if (all == 0)
		puts("no process here has a libssl");
	else
		printf("%zu of %zu active\n", census->active, all);
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
	*(state == READY                ? &census->without
	  : states[state].active == YES ? &census->active
	  : states[state].active == NO  ? &census->not_active
					: &census->unknown) += 1;
	census->startable += states[state].active == NO && state != AUDIT && state != SWITCHED_OFF;
}

static void one_of_all(pid_t pid, bool json, struct census *census)
{
	struct process process;
	struct report report;
	char *why;

	if (!process_read(pid, &process, &why)) {
		bool is_unread = process.folder != NULL && is_there(pid);

		census->unknown += is_unread;
		census->unread += is_unread;
		return;
	}
	if (process.library != NULL || process.libssl != NULL) {
		report = report_make(&process);
		if (report.state != READY)
			(json ? json_print : line_print)(&process, &report);
		census_add(census, report.state);
	}
	process_end(&process);
}

static enum answer_of_status all_show(bool json)
{
	pid_t *all = process_all();
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

/* Of one word: a process's number, or a name, which may be of several. */
static enum answer_of_status word_show(const char *word, bool json)
{
	enum answer_of_status answer = NOTHING;
	pid_t pid, *named;

	if (pid_read(word, &pid))
		return family_show(pid, json);
	named = process_named(word);
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

/* A number that can be none's, or a word that is neither a number nor a name. */
static bool words_are_good(char *const *words)
{
	for (; *words != NULL; words++) {
		pid_t pid;
		const char *word = *words;

		if (strcmp(word, "0") == 0)
			cli_error("status: 0: a unit that is stopped has no PID; accepted: that of "
				  "a process, or its name");
		else if (word[0] == '\0' || word[0] == '-' ||
			 (word[strspn(word, "0123456789")] == '\0' && !pid_read(word, &pid)))
			cli_error("status: %s: accepted: a PID, a positive number, or the name of "
				  "a program that runs",
				  word);
		else
			continue;
		return false;
	}
	return true;
}

int cli_status(int argc, char **argv)
{
	static const struct option options[] = {
		{"help", no_argument, NULL, 'h'},
		{"json", no_argument, NULL, 'j'},
		{NULL, 0, NULL, 0},
	};
	enum answer_of_status answer = NOTHING;
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
	if (!words_are_good(argv + optind))
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
