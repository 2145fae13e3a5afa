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

#include "search.h"
#include "settings.h"

/* A file of /proc/PID or the like, whole; to be freed.  NULL and errno. */
static char *proc_read(const char *folder, const char *name, size_t *len)
{
	char *path = text_make("%s/%s", folder, name), *text = NULL;
	FILE *file = fopen(path, "re");
	size_t size = 0, got;

	free(path);
	*len = 0;
	if (file == NULL)
		return NULL;
	errno = 0;
	do {
		size += 65536;
		text = memory_or_exit(realloc(text, size + 1));
		got = fread(text + *len, 1, size - *len, file);
		*len += got;
	} while (*len == size);
	text[*len] = '\0';
	if (ferror(file)) {
		free(text);
		text = NULL;
	}
	fclose(file);
	return text;
}

/* The name stands in parentheses and may have some itself (proc(5), stat). */
static bool stat_read(const char *folder, char **name, char *state, pid_t *parent)
{
	size_t len;
	char *text = proc_read(folder, "stat", &len), *open, *close;
	long number = 0;
	bool read = false;

	if (text == NULL)
		return false;
	open = strchr(text, '(');
	close = strrchr(text, ')');
	if (open != NULL && close != NULL && sscanf(close + 1, " %c %ld", state, &number) == 2) {
		*close = '\0';
		*name = text_make("%s", open + 1);
		*parent = (pid_t)number;
		read = true;
	}
	free(text);
	return read;
}

static bool has_ended(char state)
{
	return state == 'Z' || state == 'X';
}

/*
 * Where a process's memory is to be read: /proc/PID itself, or, if its first thread has
 * ended (pthread_exit in main), which leaves a zombie there, another thread's folder.  To
 * be freed; NULL: no thread lives.
 */
static char *living_folder(const char *folder, char state)
{
	char *path = text_make("%s/task", folder), *living = NULL, *name;
	DIR *threads = has_ended(state) ? opendir(path) : NULL;
	struct dirent *entry;
	pid_t parent;

	if (!has_ended(state))
		living = text_make("%s", folder);
	while (threads != NULL && living == NULL && (entry = readdir(threads)) != NULL) {
		char *thread = text_make("%s/%s", path, entry->d_name);

		if (stat_read(thread, &name, &state, &parent) && !has_ended(state))
			living = thread;
		else
			free(thread);
	}
	if (threads != NULL)
		closedir(threads);
	free(path);
	return living;
}

static void mapped(char **place, const char *path)
{
	if (*place == NULL)
		*place = text_make("%s", path);
}

/* Addresses of a process. */
struct range {
	uint64_t low, high;
};

/* Adds what a line of the library's, or one without a name right behind it, has of writable memory. */
static void writable_add(struct range *writable, const char *line, bool is_ours)
{
	unsigned long long low, high;
	char mode[5];

	if (sscanf(line, "%llx-%llx %4s", &low, &high, mode) != 3 || mode[1] != 'w')
		return;
	if (is_ours && writable->high == 0)
		*writable = (struct range){low, high};
	else if (writable->high == low)
		writable->high = high;
}

/* A path is the last of a line's six columns; one that was deleted says so behind it. */
static bool maps_read(struct process *process, struct range *writable)
{
	size_t len;
	char *text = proc_read(process->folder, "maps", &len), *rest = text, *line;

	*writable = (struct range){0};
	while (text != NULL && (line = strsep(&rest, "\n")) != NULL) {
		const char *path = strchr(line, '/'), *base = path != NULL ? base_name(path) : "";
		bool is_ours = strncmp(base, "libsslharden.so", strlen("libsslharden.so")) == 0;

		if (is_ours || path == NULL)
			writable_add(writable, line, is_ours);
		if (is_ours)
			mapped(&process->library, path);
		else if (strncmp(base, "libssl.so", strlen("libssl.so")) == 0 ||
			 strncmp(base, "libssl-", strlen("libssl-")) == 0)
			mapped(&process->libssl, path);
	}
	free(text);
	return text != NULL;
}

static bool environment_read(struct process *process)
{
	static const char *const prefixes[] = {"SSLHARDEN", "LD_PRELOAD=", "LD_AUDIT="};
	size_t len;
	char *text = proc_read(process->folder, "environ", &len);

	for (char *item = text; item != NULL && item < text + len; item += strlen(item) + 1) {
		for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
			if (strncmp(item, prefixes[i], strlen(prefixes[i])) == 0)
				strings_add(&process->environment, item);
		}
	}
	free(text);
	return text != NULL;
}

/* EI_CLASS of the process's program; 64 bits where it cannot be read. */
static bool is_32_bit(const struct process *process)
{
	char *path = text_make("%s/exe", process->folder);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	unsigned char ident[EI_NIDENT];
	bool is_32 = fd >= 0 && read(fd, ident, sizeof(ident)) == sizeof(ident) &&
		     ident[EI_CLASS] == ELFCLASS32;

	if (fd >= 0)
		close(fd);
	free(path);
	return is_32;
}

/* Pairs of words as wide as the process's own (proc(5), auxv). */
static void auxv_read(struct process *process)
{
	size_t len, word = is_32_bit(process) ? sizeof(uint32_t) : sizeof(uint64_t);
	char *text = proc_read(process->folder, "auxv", &len);

	for (size_t at = 0; text != NULL && at + 2 * word <= len; at += 2 * word) {
		uint64_t type = 0, value = 0;

		/* Both words little-endian: so are the three that the library is built for. */
		memcpy(&type, text + at, word);
		memcpy(&value, text + at + word, word);
		if (type == AT_SECURE)
			process->is_secure = value != 0;
	}
	free(text);
}

bool process_read(pid_t pid, struct process *process, char **why)
{
	char *folder = text_make("/proc/%ld", (long)pid), state;
	struct range writable;

	*process = (struct process){.pid = pid};
	if (!stat_read(folder, &process->name, &state, &process->parent))
		*why = text_make("no process %ld", (long)pid);
	else if ((process->folder = living_folder(folder, state)) == NULL)
		*why = text_make("process %ld (%s) has ended", (long)pid, process->name);
	else if (!maps_read(process, &writable) || !environment_read(process))
		*why = text_make("process %ld (%s) cannot be read: %s%s", (long)pid, process->name,
				 strerror(errno), errno == EACCES ? "; its user or root can" : "");
	else {
		auxv_read(process);
		process->config = settings_of_process(process->folder, writable.low, writable.high);
		return true;
	}
	return false;
}

pid_t *process_family(pid_t pid)
{
	DIR *proc = opendir("/proc");
	struct {
		pid_t pid, parent;
	} *all = NULL;
	pid_t *family;
	size_t count = 0, members = 1;
	struct dirent *entry;

	while (proc != NULL && (entry = readdir(proc)) != NULL) {
		pid_t parent, each = (pid_t)atol(entry->d_name);
		char *folder = text_make("/proc/%ld", (long)each), *name, state;

		if (each <= 0 || !stat_read(folder, &name, &state, &parent) ||
		    living_folder(folder, state) == NULL)
			continue;
		all = memory_or_exit(realloc(all, (count + 1) * sizeof(*all)));
		all[count].pid = each;
		all[count++].parent = parent;
	}
	if (proc != NULL)
		closedir(proc);
	family = memory_or_exit(calloc(count + 2, sizeof(*family)));
	family[0] = pid;
	for (size_t m = 0; m < members; m++) {
		for (size_t i = 0; i < count && members <= count; i++) {
			if (all[i].parent == family[m] && all[i].pid != pid)
				family[members++] = all[i].pid;
		}
	}
	free(all);
	return family;
}
