/* SPDX-License-Identifier: MIT
 *
 * joint: a page of counts that a process keeps for those that it executes.  Memory that is only
 * shared ends with an exec; System V's has a number, by which another process can come to it.  It
 * has no name in any file system, nobody can make it shorter, and it is marked to be removed as
 * soon as it is made: it ends with the last process that has it, however that ends.
 */
#ifndef SSLHARDEN_JOINT_H
#define SSLHARDEN_JOINT_H

#include <sys/types.h>

struct shared_page;

/* New memory, all zero; NULL, with errno set, if none can be had. */
struct shared_page *joint_make(void);

/*
 * The page that @keeper keeps, a process that this one may look at.  Taken is only what root or
 * this process's user made, for nobody else, in this one's IPC namespace, and what is laid out as
 * this library's pages are.
 *
 * NULL: there is none; @why is set to the reason, a static string.
 */
struct shared_page *joint_find(pid_t keeper, const char **why);

#endif
