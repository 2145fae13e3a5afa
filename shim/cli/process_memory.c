/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "process_memory.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { PAGE_THERE = 3 }; /* the upper two bits of a page's word: it is present, or swapped out */

bool process_memory(const struct process *process, uint64_t address, void *to, size_t len)
{
	ssize_t got = -1;

	errno = process->memory_error;
	if (process->memory >= 0)
		got = pread(process->memory, to, len, (off_t)address);
	if (got >= 0 && got < (ssize_t)len)
		errno = EIO;
	return got == (ssize_t)len;
}

static uint64_t page_size(void)
{
	return (uint64_t)sysconf(_SC_PAGESIZE);
}

bool process_memory_holds(const struct process *process, uint64_t address, size_t len)
{
	uint64_t word, last = (address + len - 1) / page_size();

	for (uint64_t page = address / page_size(); process->pages >= 0 && page <= last; page++) {
		if (pread(process->pages, &word, sizeof(word), (off_t)(page * sizeof(word))) !=
			    sizeof(word) ||
		    (word >> 62 & PAGE_THERE) == 0)
			return false;
	}
	return true;
}

bool process_memory_held(const struct process *process, uint64_t address, char *to, uint64_t len)
{
	uint64_t size = page_size();

	memset(to, 0, len);
	for (uint64_t at = 0; at < len; at += size) {
		uint64_t part = len - at < size ? len - at : size;

		if ((process->memory < 0 || process_memory_holds(process, address + at, part)) &&
		    !process_memory(process, address + at, to + at, part))
			return false;
	}
	return true;
}
