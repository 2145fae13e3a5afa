/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "record.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "process_memory.h"
#include "settings.h"

enum { MEMORY_MAX = 1 << 20 }; /* bytes in all; the library writes to less than a tenth of it */

/* Where the page of counts is, and how the log file fares, of memory that is not trusted. */
static void page_record_read(struct process *process, const char *memory, size_t len)
{
	static const char mark[] = SHARED_RECORD_MARK;
	const char *found = memmem(memory, len, mark, sizeof(mark));
	struct shared_record record;

	process->page = 0;
	if (found == NULL || (size_t)(memory + len - found) < sizeof(record))
		return;
	memcpy(&record, found, sizeof(record));
	process->page = record.address;
	process->log_file = (struct log_file){record.file_way, record.file_error, record.file_kept};
	for (int i = 0; record.lists_asked == 1 && i < SHARED_LISTS; i++)
		process->untaken[i] = record.untaken[i];
}

/*
 * Looks for the library's record in what it writes to, from @low to @high.
 *
 * @left  how many bytes may be read: what lies behind it without a name may be somebody else's, and
 *        large, and its file may be mapped many times
 */
static void record_search(struct process *process, uint64_t low, uint64_t high, uint64_t *left)
{
	char *bytes;
	bool is_other;

	if (high - low > *left)
		high = low + *left;
	if (process->record == RECORD_FOUND || high == low)
		return;
	*left -= high - low;
	bytes = memory_or_exit(malloc(high - low));
	if (!process_memory_held(process, low, bytes, high - low)) {
		process->memory_error = errno;
	} else {
		process->config = settings_of_memory(bytes, high - low, &is_other);
		page_record_read(process, bytes, high - low);
		if (process->config != NULL)
			process->record = RECORD_FOUND;
		else if (process->record != RECORD_OTHER)
			process->record = is_other ? RECORD_OTHER : RECORD_NONE;
	}
	free(bytes);
}

/* A library writes to mappings of its file, and to one without a name right behind it. */
void record_find(struct process *process)
{
	const struct maps *maps = &process->maps;
	uint64_t left = MEMORY_MAX, searched = 0;
	bool writes = false;

	for (size_t i = 0; i < maps->mapping_count; i++) {
		const struct mapping *mapping = &maps->mappings[i];
		uint64_t high = mapping->high;

		if (mapping->low < searched)
			continue;

		if (!mapping->is_writable || mapping->image == IMAGE_NONE ||
		    !image_is_ours(&maps->images[mapping->image]))
			continue;
		for (size_t next = i + 1; next < maps->mapping_count; next++) {
			const struct mapping *more = &maps->mappings[next];

			if (more->low != high || !more->is_writable ||
			    (more->image != IMAGE_NONE && more->image != mapping->image))
				break;
			high = more->high;
		}
		writes = true;
		searched = high;
		record_search(process, mapping->low, high, &left);
	}
	/* Its file is mapped, and nothing that it could write to: it is no library. */
	if (!writes)
		process->record = RECORD_NONE;
}
