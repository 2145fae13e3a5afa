/* SPDX-License-Identifier: MIT
 *
 * auxv: what the kernel told this process when its program began, where glibc before 2.16 has no
 * getauxval to ask.
 */
#ifndef SSLHARDEN_AUXV_H
#define SSLHARDEN_AUXV_H

#include <stdbool.h>

/* False: /proc cannot be read, or the kernel did not say. */
bool auxv_value(unsigned long type, unsigned long *value);

/*
 * Whether the program has more rights than who started it (set-uid, capabilities); true where
 * nobody can tell.
 */
bool is_secure_execution(void);

#endif
