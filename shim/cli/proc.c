/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "proc.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

char *proc_link(const char *folder, const char *name)
{
	char *link = text_make("%s/%s", folder, name), target[PATH_MAX + 1];
	ssize_t len = readlink(link, target, PATH_MAX);

	free(link);
	return len > 0 ? text_make("%.*s", (int)len, target) : NULL;
}

char *proc_read(const char *folder, const char *name, size_t *len)
{
	char *path = text_make("%s/%s", folder, name), *text = NULL;
	FILE *file = fopen(path, "re");
	size_t size = 0, got;
	int error;

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
	error = errno;
	if (ferror(file)) {
		free(text);
		text = NULL;
	}
	fclose(file);
	errno = error;
	return text;
}

/* Whether the folder @mount is @path or has it inside. */
static bool is_under(const char *path, const char *mount)
{
	size_t len = strlen(mount);

	if (strcmp(mount, "/") == 0)
		return path[0] == '/';
	return strncmp(path, mount, len) == 0 && (path[len] == '/' || path[len] == '\0');
}

bool proc_path_is_noexec(const char *folder, const char *path)
{
	size_t len, longest = 0;
	char *mounts = proc_read(folder, "mountinfo", &len), *rest = mounts, *line;
	bool is_noexec = false;

	while (rest != NULL && (line = strsep(&rest, "\n")) != NULL) {
		char mount[4096], options[1024];

		if (sscanf(line, "%*s %*s %*s %*s %4095s %1023s", mount, options) != 2 ||
		    strlen(mount) < longest || !is_under(path, mount))
			continue;
		longest = strlen(mount); /* of two at one place, the later one is above */
		is_noexec = strstr(options, "noexec") != NULL;
	}
	free(mounts);
	return is_noexec;
}
