/* SPDX-License-Identifier: MIT
 *
 * load: what happens when the library is loaded.
 *
 * A process that has a libssl by then does what its first server context will need: that may come
 * in a child, in a chroot, or behind a filter of system calls that kills who makes others.
 */
#define _GNU_SOURCE
#include <link.h>
#include <stddef.h>
#include <string.h>

#include "hooks/exec.h"
#include "messages/log.h"
#include "sslharden/config.h"

static int libssl_find(struct dl_phdr_info *info, size_t size, void *unused)
{
	const char *name = info->dlpi_name;

	(void)size, (void)unused;
	return name != NULL &&
	       (strstr(name, "/libssl.") != NULL || strstr(name, "/libssl-") != NULL);
}

__attribute__((constructor)) static void load(void)
{
	bool has_libssl = dl_iterate_phdr(libssl_find, NULL) != 0;

	log_init(has_libssl);
	config_get();
	if (has_libssl)
		exec_remember();
}
