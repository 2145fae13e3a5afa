/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "settings/counts_in.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "memory/joint.h"
#include "memory/kernel.h"
#include "memory/shared.h"
#include "settings/config_file.h"
#include "sslharden/config.h"

static bool is_program(const char *link, const char *wanted, bool *is_seen)
{
	char program[CONFIG_TEXT_MAX];

	config_file_program(link, program, sizeof(program));
	*is_seen = program[0] != '\0';
	return strcmp(program, wanted) == 0;
}

/* Whether a process, of which no more is to be seen, has the name of that program. */
static bool is_named_as(pid_t pid, const char *program)
{
	const char *name = program;
	char path[48], comm[16] = ""; /* TASK_COMM_LEN */
	int fd;
	ssize_t len;

	for (const char *c = program; *c != '\0'; c++)
		name = *c == '/' ? c + 1 : name;
	snprintf(path, sizeof(path), "/proc/%ld/comm", (long)pid);
	fd = kernel_open(path, O_RDONLY | O_CLOEXEC);
	len = fd < 0 ? 0 : kernel_read(fd, comm, sizeof(comm) - 1);
	if (fd >= 0)
		kernel_close(fd);
	comm[len > 0 ? len : 0] = '\0';
	comm[strcspn(comm, "\n")] = '\0';
	return strncmp(name, comm, sizeof(comm) - 1) == 0;
}

/* The page of the master that has executed this process; of another's child nothing is asked. */
static struct shared_page *find(const char *master, const char **why)
{
	pid_t parent = (pid_t)syscall(SYS_getppid);
	char link[48];
	bool is_seen, is_masters;

	snprintf(link, sizeof(link), "/proc/%ld/exe", (long)parent);
	is_masters = is_program(link, master, &is_seen);
	*why = !is_seen && is_named_as(parent, master) ? "its master is not for this user to see"
						       : NULL;
	return is_masters ? joint_find(parent, why) : NULL;
}

/* A master may be one of a master's processes: some execute their own file for each. */
static const char *begin(const char *master)
{
	const char *why;
	struct shared_page *page = find(master, &why);
	bool is_seen;

	if (page == NULL && is_program("/proc/self/exe", master, &is_seen)) {
		page = joint_make();
		why = page == NULL ? strerror(errno) : NULL;
	}
	if (page == NULL || shared_page_take(page))
		return page == NULL ? why : NULL;
	kernel_shmdt(page);
	return "a context was made before the library was ready";
}

const char *counts_in_begin(const struct config *config)
{
	int saved_errno = errno;
	const char *why = config->counts_in[0] == '\0' ? NULL : begin(config->counts_in);

	errno = saved_errno;
	return why;
}
