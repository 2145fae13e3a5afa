/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "destination.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"

/* What its standard error is now; "closed" where there is none. */
static char *standard_error(const struct process *process)
{
	char *link = text_make("%s/fd/2", process->folder), target[PATH_MAX + 1];
	ssize_t len = readlink(link, target, PATH_MAX);

	target[len > 0 ? len : 0] = '\0';
	free(link);
	return text_make("%s", len > 0 ? target : "closed, or not to be seen");
}

/* In its own root. */
static const char *system_log(const struct process *process)
{
	char *path = text_make("%s/root/dev/log", process->folder);
	struct stat status;
	bool is_there = stat(path, &status) == 0 && S_ISSOCK(status.st_mode);

	free(path);
	return is_there ? "the system log" : "the system log (/dev/log), which is not there";
}

char *destination_text(const struct process *process)
{
	const struct config *config = process->config;
	char *now;

	switch (config->log_target) {
	case LOG_TARGET_NONE:
		return text_make("nowhere");
	case LOG_TARGET_FILE:
		return text_make("%s", config->log_path);
	case LOG_TARGET_SYSLOG:
		return text_make("%s", system_log(process));
	case LOG_TARGET_STDERR:
		break;
	}
	now = standard_error(process);
	if (strcmp(now, "/dev/null") == 0)
		return text_make("%s (standard error is /dev/null)", system_log(process));
	return text_make("standard error (now %s) while it is what it was at the start; else %s",
			 now, system_log(process));
}
