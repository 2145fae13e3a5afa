/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "standing.h"

#include <stdlib.h>
#include <string.h>

#include "absence.h"
#include "binding.h"
#include "destination.h"
#include "page.h"
#include "proc.h"
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
		return absence_reason(process);
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
