/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "path.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"

const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? path : slash + 1;
}

char *folder_of(const char *path)
{
	size_t len = (size_t)(base_name(path) - path);

	return len == 0 ? text_make(".") : text_make("%.*s", (int)(len > 1 ? len - 1 : 1), path);
}

/* Sets errno as execve would, but for a folder. */
static bool is_executable(const char *path)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return false;
	if (S_ISREG(st.st_mode) && access(path, X_OK) == 0)
		return true;
	errno = S_ISDIR(st.st_mode) ? EISDIR : EACCES;
	return false;
}

char *path_search(const char *name, const char *list)
{
	char *copy, *rest, *folder, *path;
	int error = ENOENT;

	if (strchr(name, '/') != NULL)
		return is_executable(name) ? text_make("%s", name) : NULL;
	rest = copy = text_make("%s", list != NULL ? list : "/bin:/usr/bin");
	while (*name != '\0' && (folder = strsep(&rest, ":")) != NULL) {
		path = text_make("%s/%s", *folder == '\0' ? "." : folder, name);
		if (is_executable(path)) {
			free(copy);
			return path;
		}
		if (errno == EACCES)
			error = EACCES;
		free(path);
	}
	free(copy);
	errno = error;
	return NULL;
}
