/* SPDX-License-Identifier: MIT
 *
 * The input is a file whose first line the command follows.
 */
#define _GNU_SOURCE
#include "script.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_create("input", 0);
	char *path = text_make("/proc/self/fd/%d", fd);
	struct script script;

	if (fd >= 0 && write(fd, data, size) == (ssize_t)size && script_read(path, &script) &&
	    script.interpreter != NULL && script.why != NULL)
		abort(); /* it can be started, or it cannot */
	free(path);
	close(fd);
	return 0;
}
