/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "vitals.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "proc.h"

enum { KERNEL_THREAD = 0x00200000 }; /* PF_KTHREAD of Linux's sched.h */

/* The name stands in parentheses and may have some itself (proc(5), stat). */
bool vitals_read(const char *folder, struct vitals *vitals)
{
	size_t len;
	char *text = proc_read(folder, "stat", &len), *open, *close, state;
	long parent = 0;
	unsigned int flags = 0;
	bool read = false;

	if (text == NULL)
		return false;
	open = strchr(text, '(');
	close = strrchr(text, ')');
	if (open != NULL && close != NULL &&
	    sscanf(close + 1, " %c %ld %*d %*d %*d %*d %u", &state, &parent, &flags) == 3) {
		*close = '\0';
		*vitals = (struct vitals){.name = text_make("%s", open + 1),
					  .parent = (pid_t)parent,
					  .has_ended = state == 'Z' || state == 'X',
					  .is_kernel = (flags & KERNEL_THREAD) != 0};
		read = true;
	}
	free(text);
	return read;
}

char *vitals_living_folder(const char *folder, const struct vitals *first)
{
	char *path = text_make("%s/task", folder), *living = NULL;
	DIR *threads = first->has_ended ? opendir(path) : NULL;
	struct dirent *entry;
	struct vitals vitals;

	if (!first->has_ended)
		living = text_make("%s", folder);
	while (threads != NULL && living == NULL && (entry = readdir(threads)) != NULL) {
		char *thread = text_make("%s/%s", path, entry->d_name);

		if (vitals_read(thread, &vitals) && !vitals.has_ended)
			living = thread;
		else
			free(thread);
	}
	if (threads != NULL)
		closedir(threads);
	free(path);
	return living;
}
