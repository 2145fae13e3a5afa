/* SPDX-License-Identifier: MIT
 *
 * vitals: what everybody may know of a process: its name, its parent, whether it lives
 * (/proc/PID/stat).
 */
#ifndef SSLHARDEN_VITALS_H
#define SSLHARDEN_VITALS_H

#include <stdbool.h>
#include <sys/types.h>

struct vitals {
	char *name; /* as ps(1) shows it, at most 15 bytes; to be freed */
	pid_t parent;
	bool has_ended;
	bool is_kernel; /* a thread of the kernel: it has no memory, and cannot have a library */
};

/* Of the process or thread whose @folder of /proc it is.  Returns false if there is none. */
bool vitals_read(const char *folder, struct vitals *vitals);

/*
 * Where a process's memory is to be read: @folder, /proc/PID, itself, or, if its first thread has
 * ended (pthread_exit in main), which leaves a zombie there, another thread's folder.
 *
 * @first  the vitals of @folder
 *
 * Returns a path, to be freed; NULL: no thread lives.
 */
char *vitals_living_folder(const char *folder, const struct vitals *first);

#endif
