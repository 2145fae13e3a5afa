/* SPDX-License-Identifier: MIT
 *
 * auxv: the auxiliary vector (getauxval(3), which glibc has only from 2.16 on).
 */
#ifndef SSLHARDEN_AUXV_H
#define SSLHARDEN_AUXV_H

#include <stdbool.h>

/*
 * The entry @type (AT_*, elf.h).  Returns false if /proc cannot be read or there is no such entry.
 */
bool auxv_value(unsigned long type, unsigned long *value);

/*
 * Whether the process is in secure execution: its program has more rights than who started it
 * (set-uid, file capabilities).  True if that cannot be found out.
 */
bool is_secure_execution(void);

#endif
