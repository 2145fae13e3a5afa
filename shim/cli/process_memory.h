/* SPDX-License-Identifier: MIT
 *
 * process_memory: reads another process's memory, without waiting for a file system to bring it.
 * What is read is not trusted: its process may write there what it likes, and meanwhile.
 */
#ifndef SSLHARDEN_PROCESS_MEMORY_H
#define SSLHARDEN_PROCESS_MEMORY_H

#include "process.h"

/* Reads @len bytes from @address on.  Returns false with errno set if they are not to be had. */
bool process_memory(const struct process *process, uint64_t address, void *to, size_t len);

/*
 * Whether @len bytes from @address on are in memory by now, as all is that the process has written
 * to.  A page that is not is read when its file system likes to, and that may be a user's own,
 * which never answers.
 */
bool process_memory_holds(const struct process *process, uint64_t address, size_t len);

/*
 * Reads those of @len bytes from @address on that are in memory, whole pages, and makes zeros of the
 * rest.  Returns false with errno set if even those cannot be read.
 */
bool process_memory_held(const struct process *process, uint64_t address, char *to, uint64_t len);

#endif
