/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "destination.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "answers.h"
#include "cli.h"
#include "memory/shared.h"
#include "messages/sink.h"
#include "proc.h"

/* What a descriptor of its is, to be freed; NULL: closed, or not to be seen. */
static char *descriptor_target(const struct process *process, unsigned int fd)
{
	char *name = text_make("fd/%u", fd), *target = proc_link(process->folder, name);

	free(name);
	return target;
}

/* In its own root. */
static const char *system_log(const struct process *process)
{
	char *path = text_make("%s/root/dev/log", process->folder);
	struct stat status;
	bool is_there = answers(path) && stat(path, &status) == 0 && S_ISSOCK(status.st_mode);

	free(path);
	return is_there ? "the system log" : "the system log (/dev/log), which is not there";
}

/*
 * The log file.  A line goes to whatever has its name by then; what is kept open is for when the
 * process may not open that any more, and a rotation leaves it with the old one.
 */
static char *log_file(const struct process *process)
{
	const struct log_file *file = &process->log_file;
	const char *path = process->config->log_path;
	const char *error = file->error != 0 ? strerror((int)file->error)
					     : "a line in the system log tells why";
	char *kept = file->kept == 0 ? NULL : descriptor_target(process, file->kept);

	switch (file->way) {
	case FILE_NAMED:
		return kept == NULL || strcmp(kept, path) == 0
			       ? text_make("%s", path)
			       : text_make("%s; it has %s open, which takes the lines once it may "
					   "not open that name any more",
					   path, kept);
	case FILE_KEPT:
		return text_make("%s, which it has open: %s cannot be opened (%s)",
				 kept != NULL ? kept : "a descriptor", path, error);
	case FILE_REFUSED:
		return text_make("%s, or else standard error: %s cannot be written (%s)",
				 system_log(process), path, error);
	default:
		return text_make("%s, from its first context on", path);
	}
}

/* Where its settings send them. */
static char *intended(const struct process *process)
{
	char *now;

	switch (process->config->log_target) {
	case LOG_TARGET_NONE:
		return text_make("nowhere");
	case LOG_TARGET_FILE:
		return log_file(process);
	case LOG_TARGET_SYSLOG:
		return text_make("%s", system_log(process));
	case LOG_TARGET_STDERR:
		break;
	}
	now = descriptor_target(process, STDERR_FILENO);
	if (now == NULL)
		now = text_make("closed, or not to be seen");
	if (strcmp(now, "/dev/null") == 0)
		return text_make("%s (standard error is /dev/null)", system_log(process));
	return text_make("standard error (now %s) while it is what it was at the start; else %s",
			 now, system_log(process));
}

char *destination_text(const struct process *process, uint32_t last)
{
	static const char *const names[] = {
		[SINK_STDERR] = "standard error",
		[SINK_SYSLOG] = "the system log",
		[SINK_FILE] = "the file",
	};
	static const enum sink own[] = {
		[LOG_TARGET_STDERR] = SINK_STDERR,
		[LOG_TARGET_SYSLOG] = SINK_SYSLOG,
		[LOG_TARGET_NONE] = SINK_COUNT,
		[LOG_TARGET_FILE] = SINK_FILE,
	};
	enum log_target target = process->config->log_target;

	if (last == 0 || last > SINK_COUNT || target == LOG_TARGET_NONE || last - 1 == own[target])
		return intended(process);
	return text_make("%s; the last went to %s", intended(process), names[last - 1]);
}
