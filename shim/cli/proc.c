/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "proc.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli.h"

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
