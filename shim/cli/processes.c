/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "processes.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "path.h"
#include "proc.h"
#include "vitals.h"

enum { NAME_KEPT = 15 }; /* bytes: TASK_COMM_LEN without its NUL */

struct each {
	pid_t pid;
	struct vitals vitals;
};

/* Those that live, and are programs. */
static struct each *all_read(size_t *count)
{
	DIR *proc = opendir("/proc");
	struct each *all = memory_or_exit(malloc(sizeof(*all))), each;
	struct dirent *entry;

	*count = 0;
	while (proc != NULL && (entry = readdir(proc)) != NULL) {
		char *folder;

		each.pid = (pid_t)atol(entry->d_name);
		folder = text_make("/proc/%ld", (long)each.pid);
		if (each.pid <= 0 || !vitals_read(folder, &each.vitals) || each.vitals.is_kernel ||
		    vitals_living_folder(folder, &each.vitals) == NULL)
			continue;
		all[(*count)++] = each;
		all = memory_or_exit(realloc(all, (*count + 1) * sizeof(*all)));
	}
	if (proc != NULL)
		closedir(proc);
	return all;
}

pid_t *processes_all(void)
{
	size_t count;
	struct each *all = all_read(&count);
	pid_t *pids = memory_or_exit(calloc(count + 1, sizeof(*pids)));

	for (size_t i = 0; i < count; i++)
		pids[i] = all[i].pid;
	free(all);
	return pids;
}

static bool is_named(const struct each *each, const char *name)
{
	char *folder = text_make("/proc/%ld", (long)each->pid), *target = proc_link(folder, "exe");
	/* The kernel keeps so much of a name. */
	bool is_it = strcmp(each->vitals.name, name) == 0 ||
		     (strlen(name) > NAME_KEPT && strlen(each->vitals.name) == NAME_KEPT &&
		      strncmp(each->vitals.name, name, NAME_KEPT) == 0) ||
		     (target != NULL && (strcmp(base_name(target), name) == 0 ||
					 (strchr(name, '/') != NULL && strcmp(target, name) == 0)));

	free(target);
	free(folder);
	return is_it;
}

pid_t *processes_named(const char *name)
{
	size_t count, found = 0;
	struct each *all = all_read(&count);
	pid_t *named = memory_or_exit(calloc(count + 1, sizeof(*named)));
	bool *is = memory_or_exit(calloc(count + 1, sizeof(*is)));

	for (size_t i = 0; i < count; i++)
		is[i] = all[i].pid != getpid() && is_named(&all[i], name);
	for (size_t i = 0; i < count; i++) {
		bool is_child = false;

		for (size_t p = 0; p < count; p++)
			is_child = is_child || (is[p] && all[p].pid == all[i].vitals.parent);
		if (is[i] && !is_child)
			named[found++] = all[i].pid;
	}
	free(is);
	free(all);
	return named;
}

pid_t processes_parent(pid_t pid)
{
	char *folder = text_make("/proc/%ld", (long)pid);
	struct vitals vitals = {0};

	vitals_read(folder, &vitals);
	free(vitals.name);
	free(folder);
	return vitals.parent;
}

bool processes_is_there(pid_t pid)
{
	return kill(pid, 0) == 0 || errno == EPERM;
}

pid_t *processes_family(pid_t pid)
{
	size_t count, members = 1;
	struct each *all = all_read(&count);
	pid_t *family = memory_or_exit(calloc(count + 2, sizeof(*family)));

	family[0] = pid;
	for (size_t m = 0; m < members; m++) {
		for (size_t i = 0; i < count && members <= count; i++) {
			if (all[i].vitals.parent == family[m] && all[i].pid != pid)
				family[members++] = all[i].pid;
		}
	}
	free(all);
	return family;
}
