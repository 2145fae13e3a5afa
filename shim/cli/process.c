/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "process.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "path.h"
#include "proc.h"
#include "record.h"
#include "vitals.h"

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

const char *process_reader(void)
{
	return geteuid() != 0 ? "root can" : "root needs CAP_SYS_PTRACE for it";
}

char *process_unread(int error)
{
	if (error != EACCES && error != EPERM)
		return text_make("%s", strerror(error));
	if (geteuid() != 0)
		return text_make("%s; its user or root can", strerror(error));
	return text_make("%s; %s, which containers leave out", strerror(error), process_reader());
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
	else if ((process->folder = vitals_living_folder(folder, &vitals)) == NULL)
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
