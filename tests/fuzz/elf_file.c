/* SPDX-License-Identifier: MIT
 *
 * The input is a file for the command to look into.
 */
#define _GNU_SOURCE
#include "elf_file.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct elf_file file;
	int fd = memfd_create("input", 0);
	char *path = text_make("/proc/self/fd/%d", fd), *why = NULL;

	if (fd >= 0 && write(fd, data, size) == (ssize_t)size &&
	    !elf_file_read(path, &file, &why) && why == NULL)
		abort(); /* a reason is owed */
	free(why);
	free(path);
	close(fd);
	return 0;
}
