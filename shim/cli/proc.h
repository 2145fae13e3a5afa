/* SPDX-License-Identifier: MIT
 *
 * proc: files of /proc/PID.
 */
#ifndef SSLHARDEN_PROC_H
#define SSLHARDEN_PROC_H

#include <stdbool.h>
#include <stddef.h>

/* A file of @folder, whole, with a NUL behind it; to be freed.  NULL and errno. */
char *proc_read(const char *folder, const char *name, size_t *len);

/* Where a link of @folder leads, to be freed; NULL: it is none, or cannot be read. */
char *proc_link(const char *folder, const char *name);

/*
 * Whether @path, as the process of @folder names it, is on a file system that is mounted noexec
 * (proc(5), mountinfo).  The file system itself is not asked: it may be one that never answers.
 */
bool proc_path_is_noexec(const char *folder, const char *path);

#endif
