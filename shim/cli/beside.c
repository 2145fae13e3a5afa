/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "beside.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "answers.h"
#include "path.h"
#include "proc.h"
#include "processes.h"

enum {
	FILE_MOST = 65536, /* bytes: a PID file, or a configuration by hand */
	LOOKS_MOST = 300, /* files that are looked at */
	FOLDERS_MOST = 30, /* in which files are looked for */
};

/* One that runs, and what was found of it. */
struct instance {
	pid_t pid;
	int looks;
	struct strings folders; /* of what it has open, and that it works in */
	struct strings *pid_files;
};

/* The text of a regular file; "": it is none, is too large, or cannot be read.  To be freed. */
static char *file_text(const char *path)
{
	char *text = memory_or_exit(calloc(1, FILE_MOST + 1));
	struct stat is;
	int fd = -1;

	if (answers(path) && stat(path, &is) == 0 && S_ISREG(is.st_mode) && is.st_size <= FILE_MOST)
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd >= 0) {
		if (read(fd, text, FILE_MOST) < 0)
			text[0] = '\0';
		close(fd);
	}
	return text;
}

static bool names(const char *text, pid_t pid)
{
	char *end;

	return strtol(text, &end, 10) == pid && (*end == '\0' || isspace((unsigned char)*end));
}

static bool text_ends(const char *text, const char *end)
{
	size_t len = strlen(text), end_len = strlen(end);

	return len >= end_len && strcmp(text + len - end_len, end) == 0;
}

/* Whether the file names the process.  @text: what is in it, to be freed, or NULL. */
static bool file_look(struct instance *instance, const char *path, char **text)
{
	*text = instance->looks++ < LOOKS_MOST ? file_text(path) : NULL;
	if (*text == NULL || !names(*text, instance->pid))
		return false;
	if (!strings_have(instance->pid_files, path))
		strings_add(instance->pid_files, path);
	return true;
}

/* The absolute paths among the words of a text, which it changes; and of what these name, once. */
static void words_look(struct instance *instance, char *words, bool is_command_line)
{
	char *word;

	while ((word = strsep(&words, " \t\r\n=:;,\"'()<>{}[]")) != NULL) {
		const char *path = strchr(word, '/'); /* also behind "-p" */
		char *text;

		if (path == NULL || strlen(path) >= PATH_MAX)
			continue;
		if (!file_look(instance, path, &text) && text != NULL && is_command_line)
			words_look(instance, text, false);
		free(text);
	}
}

static void folder_note(struct instance *instance, char *folder)
{
	if (!strings_have(&instance->folders, folder))
		strings_add(&instance->folders, folder);
	free(folder);
}

/* What it has open: @folder has links to that. */
static void open_look(struct instance *instance, const char *folder)
{
	DIR *open_files = opendir(folder);
	struct dirent *entry;

	while (open_files != NULL && (entry = readdir(open_files)) != NULL) {
		char *path = proc_link(folder, entry->d_name), *text = NULL;

		if (path != NULL && path[0] == '/') {
			file_look(instance, path, &text);
			folder_note(instance, folder_of(path));
		}
		free(text);
		free(path);
	}
	if (open_files != NULL)
		closedir(open_files);
}

/*
 * Files that are called *.pid and stand beside what it has open (its log, its data) or where it
 * works: nothing may name one whose path was compiled in.
 */
static void folders_look(struct instance *instance)
{
	for (size_t i = 0; i < instance->folders.count && i < FOLDERS_MOST; i++) {
		const char *folder = instance->folders.items[i];
		DIR *files = answers(folder) ? opendir(folder) : NULL;
		struct dirent *entry;

		while (files != NULL && (entry = readdir(files)) != NULL) {
			char *path = text_make("%s/%s", strcmp(folder, "/") == 0 ? "" : folder,
					       entry->d_name);
			char *text = NULL;

			if (text_ends(entry->d_name, ".pid"))
				file_look(instance, path, &text);
			free(text);
			free(path);
		}
		if (files != NULL)
			closedir(files);
	}
}

/* Whether one of @len bytes of words, each with a NUL behind it, is a path of the same name. */
static bool has_word(const char *words, size_t len, const char *path)
{
	for (size_t i = 0; i < len; i += strlen(words + i) + 1) {
		if (strcmp(base_name(words + i), base_name(path)) == 0)
			return true;
	}
	return false;
}

static void instance_look(struct instance *instance, const char *folder, const char *script)
{
	char *open_files = text_make("%s/fd", folder), *works_in = proc_link(folder, "cwd");
	size_t len;
	char *words = proc_read(folder, "cmdline", &len);

	if (words != NULL && (script == NULL || has_word(words, len, script))) {
		open_look(instance, open_files);
		for (size_t i = 0; i < len; i++) {
			if (words[i] == '\0')
				words[i] = '\n';
		}
		words_look(instance, words, true);
		if (works_in != NULL && works_in[0] == '/')
			folder_note(instance, text_make("%s", works_in));
		folders_look(instance);
	}
	free(works_in);
	free(open_files);
	free(words);
}

void beside_find(const char *program, const char *script, struct strings *pid_files)
{
	pid_t *all = processes_all();

	for (size_t i = 0; all[i] != 0; i++) {
		struct instance instance = {.pid = all[i], .pid_files = pid_files};
		char *folder = text_make("/proc/%ld", (long)all[i]);
		char *target = proc_link(folder, "exe");

		if (target != NULL && strcmp(target, program) == 0)
			instance_look(&instance, folder, script);
		free(target);
		free(folder);
	}
	free(all);
}
