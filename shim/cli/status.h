/* SPDX-License-Identifier: MIT
 *
 * status: what of "sslharden status" is for others, too.
 */
#ifndef SSLHARDEN_STATUS_H
#define SSLHARDEN_STATUS_H

#include <sys/types.h>

/*
 * Leaves a process behind that looks at @pid and its children in @seconds, and says on
 * standard error what it sees, or that it has ended and what to ask by @name, the program's.  It is
 * nobody's child by then, and keeps nothing open.
 */
void verify_later(pid_t pid, unsigned int seconds, const char *name);

#endif
