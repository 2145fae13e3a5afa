/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "settings/auxv.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>

#include "memory/kernel.h"

enum { PAIRS_MAX = 64 }; /* Linux has some twenty */

bool auxv_value(unsigned long type, unsigned long *value)
{
	struct {
		unsigned long type, value;
	} pairs[PAIRS_MAX];
	int saved_errno = errno, fd = kernel_open("/proc/self/auxv", O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1 : kernel_read(fd, pairs, sizeof(pairs));
	bool found = false;

	for (ssize_t i = 0; !found && i < got / (ssize_t)sizeof(pairs[0]); i++) {
		found = pairs[i].type == type;
		*value = pairs[i].value;
	}
	if (fd >= 0)
		kernel_close(fd);
	errno = saved_errno;
	return found;
}

/*
 * glibc's loader has this variable (weak, so that no symbol version is needed), musl the function.
 */
extern int __libc_enable_secure __attribute__((weak));
int issetugid(void) __attribute__((weak));

bool is_secure_execution(void)
{
	unsigned long secure;

	if (&__libc_enable_secure != NULL)
		return __libc_enable_secure != 0;
	if (issetugid != NULL)
		return issetugid() != 0;
	return !auxv_value(AT_SECURE, &secure) || secure != 0;
}
