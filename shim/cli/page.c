/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "page.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>

#include "proc.h"
#include "process_memory.h"

/* The mapping that an address is in. */
struct place {
	struct page_key key;
	bool is_shared, is_of_no_file, is_joint /* memory/joint.h */;
};

static bool place_find(const char *folder, uint64_t address, struct place *place)
{
	size_t len;
	char *text = proc_read(folder, "maps", &len), *rest = text, *line;
	bool found = false;

	while (!found && text != NULL && (line = strsep(&rest, "\n")) != NULL) {
		unsigned long long low, high;
		char mode[5];
		int end;

		found = sscanf(line, "%llx-%llx %4s %*x %15s %llu%n", &low, &high, mode,
			       place->key.device, &place->key.inode, &end) == 5 &&
			address >= low && address < high;
		if (!found)
			continue;
		line += end + strspn(line + end, " ");
		place->is_shared = mode[3] == 's';
		place->is_of_no_file = strcmp(line, "/dev/zero (deleted)") == 0;
		place->is_joint = strcmp(line, "/SYSV00000000 (deleted)") == 0;
	}
	free(text);
	return found;
}

/* The device that the kernel has shared memory without a file on. */
static const char *shared_device(void)
{
	static struct place own;
	void *page = MAP_FAILED;

	if (own.key.device[0] == '\0')
		page = mmap(NULL, 1, PROT_READ, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (page != MAP_FAILED) {
		place_find("/proc/self", (uint64_t)(uintptr_t)page, &own);
		munmap(page, 1);
	}
	return own.key.device;
}

/* Its IPC namespace; 0: not to be seen. */
static unsigned long long space_of(const struct process *process)
{
	char *path = text_make("%s/ns/ipc", process->folder);
	struct stat st;
	bool is_seen = stat(path, &st) == 0;

	free(path);
	return is_seen ? st.st_ino : 0;
}

/*
 * Which memory it is, if it is of a kind that the library makes: shared and of no file, or the
 * process's own, which it has written to.  A number that is somebody else's page's can be had for
 * SysV's shared memory, but in a namespace of one's own only.
 */
static bool key_find(const struct process *process, uint64_t address, struct page_key *key)
{
	struct place place = {.is_shared = false};

	if (!place_find(process->folder, address, &place))
		return false;
	*key = place.key;
	if (place.is_shared && strcmp(key->device, shared_device()) != 0)
		return false;
	if (place.is_shared && !place.is_of_no_file) {
		key->space = space_of(process);
		key->inode++; /* the first number is 0 there */
		return place.is_joint && key->space != 0;
	}
	if (place.is_shared)
		return true;
	key->inode = 0;
	return process_memory_holds(process, address, sizeof(struct shared_page));
}

static int64_t count_of(uint64_t number)
{
	return number > (uint64_t)COUNT_MAX ? COUNT_MAX : (int64_t)number;
}

/* A time that is to come is none. */
static int64_t time_of(uint64_t seconds)
{
	return seconds > (uint64_t)time(NULL) ? 0 : (int64_t)seconds;
}

static void numbers_take(const _Atomic uint64_t *from, int64_t *to, size_t count)
{
	for (size_t i = 0; i < count; i++)
		to[i] = count_of(from[i]);
}

static void counts_take(const struct shared_page *page, struct counts *counts)
{
	const struct shared_counts *from = &page->counts;

	counts->since = time_of(from->since);
	counts->contexts = count_of(from->contexts);
	counts->resumed = count_of(from->resumed);
	counts->certified = count_of(from->certified);
	counts->datagram = count_of(from->datagram);
	counts->lost = page->lost;
	numbers_take(&from->served[0][0][0], &counts->served[0][0][0],
		     sizeof(counts->served) / sizeof(int64_t));
	numbers_take(from->offered, counts->offered, COUNTS_VERSIONS);
	numbers_take(from->newer, counts->newer, COUNTS_VERSIONS);
	numbers_take(from->refused, counts->refused, COUNTS_CAUSES);
	for (int i = 0; i < STRICTER_COUNT; i++) {
		const struct shared_stricter *row = &from->stricter[i];

		counts->stricter[i] = (struct would_refuse){
			count_of(row->refused), count_of(row->unsure), time_of(row->last)};
	}
	would_refuse_add(&counts->stricter[STRICTER_INTERMEDIATE],
			 &counts->stricter[STRICTER_TLS1_2]);
	would_refuse_add(&counts->stricter[STRICTER_MODERN], &counts->stricter[STRICTER_TLS1_3]);
}

static enum page_state whole_read(const struct process *process, struct page_key *key,
				  struct shared_page *page)
{
	*key = (struct page_key){.inode = 0};
	errno = process->memory_error;
	if (process->record == RECORD_UNREAD)
		return PAGE_UNREAD;
	if (process->record == RECORD_OTHER || (process->page != 0 && process->config == NULL))
		return PAGE_OTHER;
	if (process->page == 0)
		return PAGE_NONE;
	if (!key_find(process, process->page, key)) {
		errno = EFAULT;
		return PAGE_UNREAD;
	}
	if (!process_memory(process, process->page, page, sizeof(*page)))
		return PAGE_UNREAD;
	return page->version < SHARED_VERSION || page->size != SHARED_SIZE ? PAGE_OTHER : PAGE_READ;
}

enum page_state page_read(const struct process *process, struct page_key *key,
			  struct counts *counts)
{
	struct shared_page page;
	enum page_state state = whole_read(process, key, &page);

	*counts = (struct counts){.since = 0};
	if (state == PAGE_READ)
		counts_take(&page, counts);
	return state;
}

struct traffic page_traffic(const struct process *process)
{
	struct page_key key;
	struct shared_page page;

	if (whole_read(process, &key, &page) != PAGE_READ)
		return (struct traffic){.lost = 0};
	return (struct traffic){page.lost, page.sink_last};
}
