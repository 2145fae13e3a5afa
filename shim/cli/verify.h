/* SPDX-License-Identifier: MIT
 *
 * verify: a look at what was started, by a process that stays behind for it.
 */
#ifndef SSLHARDEN_VERIFY_H
#define SSLHARDEN_VERIFY_H

#include <sys/types.h>

/*
 * Leaves a process behind that looks at @pid and its children in @seconds, and says on standard
 * error what it sees, or that it has ended and what to ask by @name, the program's.  It is nobody's
 * child by then, and keeps nothing open but standard error.  Where it cannot be forked nothing is
 * said.
 */
void verify_later(pid_t pid, unsigned int seconds, const char *name);

#endif
