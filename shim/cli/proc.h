/* SPDX-License-Identifier: MIT
 *
 * proc: files of /proc/PID.
 */
#ifndef SSLHARDEN_PROC_H
#define SSLHARDEN_PROC_H

#include <stddef.h>

/* A file of @folder, whole, with a NUL behind it; to be freed.  NULL and errno. */
char *proc_read(const char *folder, const char *name, size_t *len);

#endif
