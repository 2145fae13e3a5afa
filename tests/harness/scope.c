/* SPDX-License-Identifier: MIT
 *
 * A plugin, opened RTLD_LOCAL, that looks a name of its own up by
 * RTLD_DEFAULT: found only in the scope of the one who asks.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stddef.h>

int scope_own(void);
int scope(void);

int scope_own(void)
{
	return 1;
}

int scope(void)
{
	return dlsym(RTLD_DEFAULT, "scope_own") != NULL;
}
