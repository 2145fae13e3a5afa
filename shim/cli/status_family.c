/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "status_family.h"

#include <stdlib.h>
#include <unistd.h>

#include "processes.h"
#include "status_print.h"

/* Whether it counts as active; a child that has no libssl need not have the library. */
static enum activity process_show(struct process *process, bool is_child, bool json,
				  struct head *head)
{
	struct standing standing = standing_of(process);

	if (json)
		status_print_json(process, &standing);
	else
		status_print_text(process, &standing, head);
	process_end(process);
	if ((standing.state == ABSENT || standing.state == ELSEWHERE) && is_child &&
	    !standing.has_libssl)
		return NOTHING;
	return state_activity(standing.state);
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

enum activity status_family(pid_t first, bool json)
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
			answer = activity_of_both(answer,
						  process_show(&process, i > 0, json, &head));
		} else if (i == 0 || (processes_is_there(family[i]) && process.folder != NULL)) {
			status_print_unread(&process, why, json);
			answer = activity_of_both(answer, UNKNOWN);
		} /* else it has ended */
	}
	free(family);
	return answer;
}
