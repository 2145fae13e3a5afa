/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "process.h"

#include <dirent.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "memory/shared.h"
#include "path.h"
#include "proc.h"
#include "settings.h"

enum {
	MEMORY_MAX = 1 << 20, /* bytes in all; the library writes to less than a tenth of it */
	NAME_KEPT = 15, /* bytes: TASK_COMM_LEN and its NUL */
	KERNEL_THREAD = 0x00200000, /* PF_KTHREAD of Linux's sched.h */
	PAGE_THERE = 3, /* the upper two bits of a page's word: it is present, or swapped out */
};

/* What everybody may know of a process or a thread. */
struct vitals {
	char *name;
	pid_t parent;
	bool has_ended;
	bool is_kernel; /* a thread of the kernel: it has no memory, and cannot have a library */
};

/* The name stands in parentheses and may have some itself (proc(5), stat). */
static bool vitals_read(const char *folder, struct vitals *vitals)
{
	size_t len;
	char *text = proc_read(folder, "stat", &len), *open, *close, state;
	long parent = 0;
	unsigned int flags = 0;
	bool read = false;

	if (text == NULL)
		return false;
	open = strchr(text, '(');
	close = strrchr(text, ')');
	if (open != NULL && close != NULL &&
	    sscanf(close + 1, " %c %ld %*d %*d %*d %*d %u", &state, &parent, &flags) == 3) {
		*close = '\0';
		*vitals = (struct vitals){.name = text_make("%s", open + 1),
					  .parent = (pid_t)parent,
					  .has_ended = state == 'Z' || state == 'X',
					  .is_kernel = (flags & KERNEL_THREAD) != 0};
		read = true;
	}
	free(text);
	return read;
}

/*
 * Where a process's memory is to be read: /proc/PID itself, or, if its first thread has
 * ended (pthread_exit in main), which leaves a zombie there, another thread's folder.  To
 * be freed; NULL: no thread lives.
 */
static char *living_folder(const char *folder, const struct vitals *first)
{
	char *path = text_make("%s/task", folder), *living = NULL;
	DIR *threads = first->has_ended ? opendir(path) : NULL;
	struct dirent *entry;
	struct vitals vitals;

	if (!first->has_ended)
		living = text_make("%s", folder);
	while (threads != NULL && living == NULL && (entry = readdir(threads)) != NULL) {
		char *thread = text_make("%s/%s", path, entry->d_name);

		if (vitals_read(thread, &vitals) && !vitals.has_ended)
			living = thread;
		else
			free(thread);
	}
	if (threads != NULL)
		closedir(threads);
	free(path);
	return living;
}

static void name_once(char **place, const char *path)
{
	if (*place == NULL)
		*place = text_make("%s", path);
}

static void images_note(struct process *process)
{
	for (size_t i = 0; i < process->maps.image_count; i++) {
		const struct image *image = &process->maps.images[i];
		const char *base = base_name(image->path);

		process->is_replaced |=
			image_is_ours(image) && image->is_executable && image->is_deleted;
		if (image_is_ours(image))
			name_once(image->is_executable ? &process->library : &process->refused,
				  image->path);
		else if (image->is_executable &&
			 (text_begins(base, "libssl.so") || text_begins(base, "libssl-")))
			name_once(&process->libssl, image->path);
	}
}

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

bool process_holds(const struct process *process, uint64_t address, size_t len)
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

/* What of it is in memory, and zeros for the rest.  False and errno if that cannot be read. */
static bool held_memory(const struct process *process, uint64_t low, char *to, uint64_t len)
{
	uint64_t size = page_size();

	memset(to, 0, len);
	for (uint64_t at = 0; at < len; at += size) {
		uint64_t part = len - at < size ? len - at : size;

		if ((process->memory < 0 || process_holds(process, low + at, part)) &&
		    !process_memory(process, low + at, to + at, part))
			return false;
	}
	return true;
}

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
	if (!held_memory(process, low, bytes, high - low)) {
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
static void record_find(struct process *process)
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

static bool environment_read(struct process *process)
{
	static const char *const prefixes[] = {"SSLHARDEN", "LD_PRELOAD=", "LD_AUDIT="};
	size_t len;
	char *text = proc_read(process->folder, "environ", &len);

	process->is_overwritten = text != NULL && len > 0;
	for (char *item = text; item != NULL && item < text + len; item += strlen(item) + 1) {
		if (strchr(item, '=') != NULL)
			process->is_overwritten = false;
		for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
			if (text_begins(item, prefixes[i]))
				strings_add(&process->environment, item);
		}
	}
	free(text);
	return text != NULL;
}

static int file_open(const struct process *process, const char *name)
{
	char *path = text_make("%s/%s", process->folder, name);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int error = errno;

	free(path);
	errno = error;
	return fd;
}

/*
 * A process of 64 bits has its stack above 4 GiB.  (Its program's file could tell, too, but may be on
 * a file system that never answers.)
 */
static bool is_32_bit(const struct process *process)
{
	for (size_t i = 0; i < process->maps.mapping_count; i++) {
		if (process->maps.mappings[i].high > UINT64_C(1) << 32)
			return false;
	}
	return true;
}

/* Pairs of words as wide as the process's own (proc(5), auxv). */
static void auxv_read(struct process *process)
{
	size_t len, word = process->is_32 ? sizeof(uint32_t) : sizeof(uint64_t);
	char *text = proc_read(process->folder, "auxv", &len);

	for (size_t at = 0; text != NULL && at + 2 * word <= len; at += 2 * word) {
		uint64_t type = 0, value = 0;

		/* Both words little-endian: so are the three that the library is built for. */
		memcpy(&type, text + at, word);
		memcpy(&value, text + at + word, word);
		if (type == AT_SECURE)
			process->is_secure = value != 0;
		else if (type == AT_PHDR)
			process->headers = value;
		else if (type == AT_PHNUM)
			process->header_count = value;
	}
	free(text);
}

char *process_unread(int error)
{
	const char *advice = "";

	if (error == EACCES || error == EPERM)
		advice = geteuid() != 0 ? "; its user or root can"
					: "; root needs CAP_SYS_PTRACE for it, which containers "
					  "leave out";
	return text_make("%s%s", strerror(error), advice);
}

bool process_read(pid_t pid, struct process *process, char **why)
{
	char *folder = text_make("/proc/%ld", (long)pid);
	struct vitals vitals = {0};
	bool is_there = vitals_read(folder, &vitals);

	*process = (struct process){.pid = pid,
				    .parent = vitals.parent,
				    .name = vitals.name,
				    .memory = -1,
				    .pages = -1,
				    .record = RECORD_UNREAD};
	if (!is_there)
		*why = text_make(access("/proc/self", F_OK) != 0
					 ? "process %ld cannot be looked at: /proc is not mounted"
					 : "no process %ld",
				 (long)pid);
	else if (vitals.is_kernel)
		*why = text_make("process %ld (%s) is a thread of the kernel", (long)pid,
				 process->name);
	else if ((process->folder = living_folder(folder, &vitals)) == NULL)
		*why = text_make("process %ld (%s) has ended", (long)pid, process->name);
	else if (!maps_read(process->folder, &process->maps) || !environment_read(process))
		*why = text_make("process %ld (%s) cannot be read: %s", (long)pid, process->name,
				 process_unread(errno));
	else {
		process->is_32 = is_32_bit(process);
		auxv_read(process);
		images_note(process);
		process->memory = file_open(process, "mem");
		process->memory_error = errno;
		process->pages = file_open(process, "pagemap");
		record_find(process);
		return true;
	}
	return false;
}

void process_end(struct process *process)
{
	if (process->memory >= 0)
		close(process->memory);
	if (process->pages >= 0)
		close(process->pages);
	process->memory = process->pages = -1;
}

const char *process_variable(const struct process *process, const char *name)
{
	size_t len = strlen(name);

	for (size_t i = 0; i < process->environment.count; i++) {
		const char *item = process->environment.items[i];

		if (strncmp(item, name, len) == 0 && item[len] == '=')
			return item + len + 1;
	}
	return NULL;
}

struct each {
	pid_t pid;
	struct vitals vitals;
};

/* Those that live, and are programs. */
static struct each *all_read(size_t *count)
{
	DIR *proc = opendir("/proc");
	struct each *all = memory_or_exit(malloc(sizeof(*all))), each;
	struct dirent *entry;

	*count = 0;
	while (proc != NULL && (entry = readdir(proc)) != NULL) {
		char *folder;

		each.pid = (pid_t)atol(entry->d_name);
		folder = text_make("/proc/%ld", (long)each.pid);
		if (each.pid <= 0 || !vitals_read(folder, &each.vitals) || each.vitals.is_kernel ||
		    living_folder(folder, &each.vitals) == NULL)
			continue;
		all[(*count)++] = each;
		all = memory_or_exit(realloc(all, (*count + 1) * sizeof(*all)));
	}
	if (proc != NULL)
		closedir(proc);
	return all;
}

pid_t *process_all(void)
{
	size_t count;
	struct each *all = all_read(&count);
	pid_t *pids = memory_or_exit(calloc(count + 1, sizeof(*pids)));

	for (size_t i = 0; i < count; i++)
		pids[i] = all[i].pid;
	free(all);
	return pids;
}

static bool is_named(const struct each *each, const char *name)
{
	char *folder = text_make("/proc/%ld", (long)each->pid), *target = proc_link(folder, "exe");
	/* The kernel keeps 15 bytes of a name. */
	bool is_it = strcmp(each->vitals.name, name) == 0 ||
		     (strlen(name) > NAME_KEPT && strlen(each->vitals.name) == NAME_KEPT &&
		      strncmp(each->vitals.name, name, NAME_KEPT) == 0) ||
		     (target != NULL && (strcmp(base_name(target), name) == 0 ||
					 (strchr(name, '/') != NULL && strcmp(target, name) == 0)));

	free(target);
	free(folder);
	return is_it;
}

pid_t *process_named(const char *name)
{
	size_t count, found = 0;
	struct each *all = all_read(&count);
	pid_t *named = memory_or_exit(calloc(count + 1, sizeof(*named)));
	bool *is = memory_or_exit(calloc(count + 1, sizeof(*is)));

	for (size_t i = 0; i < count; i++)
		is[i] = all[i].pid != getpid() && is_named(&all[i], name);
	for (size_t i = 0; i < count; i++) {
		bool is_child = false;

		for (size_t p = 0; p < count; p++)
			is_child = is_child || (is[p] && all[p].pid == all[i].vitals.parent);
		if (is[i] && !is_child)
			named[found++] = all[i].pid;
	}
	free(is);
	free(all);
	return named;
}

pid_t process_parent(pid_t pid)
{
	char *folder = text_make("/proc/%ld", (long)pid);
	struct vitals vitals = {0};

	vitals_read(folder, &vitals);
	free(vitals.name);
	free(folder);
	return vitals.parent;
}

pid_t *process_family(pid_t pid)
{
	size_t count, members = 1;
	struct each *all = all_read(&count);
	pid_t *family = memory_or_exit(calloc(count + 2, sizeof(*family)));

	family[0] = pid;
	for (size_t m = 0; m < members; m++) {
		for (size_t i = 0; i < count && members <= count; i++) {
			if (all[i].vitals.parent == family[m] && all[i].pid != pid)
				family[members++] = all[i].pid;
		}
	}
	free(all);
	return family;
}
