/* SPDX-License-Identifier: MIT
 *
 * processes: which processes run here, and which of them belong together.  Each list is to be freed,
 * and ends with 0.  It is of one moment: who is in it may have ended by now.
 */
#ifndef SSLHARDEN_PROCESSES_H
#define SSLHARDEN_PROCESSES_H

#include <stdbool.h>
#include <sys/types.h>

/* All that run here, threads of the kernel apart; none where /proc is not mounted. */
pid_t *processes_all(void);

/*
 * Those whose name, or whose program's file, has that name, but for the children of such.
 *
 * @name  as ps(1) shows it, or the base name of the program's file, or, with a slash in it, its path
 */
pid_t *processes_named(const char *name);

/* The processes that come of @pid, itself first. */
pid_t *processes_family(pid_t pid);

/* Whose child it is, 0 if there is no such process. */
pid_t processes_parent(pid_t pid);

/* Whether there is such a process, which may have ended and be a zombie. */
bool processes_is_there(pid_t pid);

#endif
