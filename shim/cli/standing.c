/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "standing.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "answers.h"
#include "binding.h"
#include "destination.h"
#include "page.h"
#include "path.h"
#include "preload_file.h"
#include "proc.h"
#include "search.h"
#include "settings.h"
#include "sight.h"

/* clang-format off */ /* a table */
static const struct {
	const char *name;
	enum activity active;
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

const char *state_name(enum state state)
{
	return states[state].name;
}

enum activity state_activity(enum state state)
{
	return states[state].active;
}

enum activity activity_of_both(enum activity a, enum activity b)
{
	return a > b ? a : b;
}

/* What was found out about a process, before it is told. */
struct finding {
	struct sight sight;
	struct binding binding;
	struct strings unread; /* mapped files that could not be read, with the reasons */
	char *program;
};

static struct finding finding_make(struct process *process)
{
	char *program = proc_link(process->folder, "exe");
	struct inspection inspection;
	struct finding finding = {0};

	finding.program = program != NULL ? program : text_make("%s", "");
	maps_files_read(process->folder, &process->maps);
	inspect_mapped(&process->maps, finding.program, &inspection);
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
	if (has_libssl && sight->others != NULL && !sight->serves)
		return ELSEWHERE;
	if (finding->unread.count > 0)
		return UNREAD;
	if (finding->binding.bound == BOUND_UNPROVED)
		return UNPROVED;
	if (has_libssl && (sight->inside.count > 0 || sight->others != NULL))
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

/* Whether its root's /etc/ld.so.preload names one that is there: it was started before that. */
static bool is_named_for_all(const struct process *process)
{
	char *root = text_make("%s/root", process->folder);
	char *name = preload_file_ours(root), *path;
	bool is_named = false;

	if (name != NULL) {
		path = preload_path(process, name);
		is_named =
			!is_missing(process, path) && !proc_path_is_noexec(process->folder, path);
		free(path);
	}
	free(name);
	free(root);
	return is_named;
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
	if (is_named_for_all(process))
		return text_make("/etc/ld.so.preload names it, and did not when the program was "
				 "started: restart it (musl's loader does not read that file)");
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

struct standing standing_of(struct process *process)
{
	struct finding finding = finding_make(process);
	struct standing standing = {.state = state_find(process, &finding),
				    .has_libssl = process->libssl != NULL ||
						  finding.sight.inside.count > 0};
	struct traffic traffic;

	standing.reason = reason_find(process, standing.state, &finding);
	traffic = page_traffic(process);
	standing.lost = traffic.lost;
	if (process->config != NULL)
		standing.messages = destination_text(process, traffic.last);
	if (standing.state != ABSENT)
		standing.proof = finding.binding.proof;
	if (process->config == NULL) {
		standing.settings = process->environment;
	} else {
		settings_list(process->config, &standing.settings);
		complaints_list(process->config, &standing.complaints);
		instead_list(process->config, &standing.instead);
		untaken_list(process->config, process->untaken, &standing.unknown);
	}
	return standing;
}
