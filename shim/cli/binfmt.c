/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "binfmt.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "path.h"
#include "proc.h"
#include "regular_file.h"

#define FOLDER "/proc/sys/fs/binfmt_misc"

enum { HEAD_MAX = 256 }; /* bytes of a file that Linux looks at */

struct entry {
	char *interpreter, *extension, *magic, *mask; /* NULL: there is none; the last two in hex */
	size_t offset;
	bool is_enabled;
};

static struct entry entry_read(char *text)
{
	struct entry entry = {0};
	char *line;

	while ((line = strsep(&text, "\n")) != NULL) {
		char *word = strchr(line, ' ');

		if (strcmp(line, "enabled") == 0)
			entry.is_enabled = true;
		if (word == NULL)
			continue;
		*word++ = '\0';
		if (strcmp(line, "interpreter") == 0)
			entry.interpreter = word;
		else if (strcmp(line, "extension") == 0)
			entry.extension = word + (*word == '.');
		else if (strcmp(line, "magic") == 0)
			entry.magic = word;
		else if (strcmp(line, "mask") == 0)
			entry.mask = word;
		else if (strcmp(line, "offset") == 0)
			entry.offset = strtoul(word, NULL, 10);
	}
	return entry;
}

static bool byte_at(const char *hex, size_t i, unsigned int *byte)
{
	return hex != NULL && strlen(hex) >= 2 * i + 2 && sscanf(hex + 2 * i, "%2x", byte) == 1;
}

static bool matches(const struct entry *entry, const char *path, const unsigned char *head,
		    size_t len)
{
	const char *dot = strrchr(base_name(path), '.');
	unsigned int byte, mask;

	if (!entry->is_enabled || entry->interpreter == NULL)
		return false;
	if (entry->extension != NULL)
		return dot != NULL && strcmp(dot + 1, entry->extension) == 0;
	for (size_t i = 0; byte_at(entry->magic, i, &byte); i++) {
		if (!byte_at(entry->mask, i, &mask))
			mask = 0xff;
		if (entry->offset >= len || i >= len - entry->offset ||
		    ((head[entry->offset + i] ^ byte) & mask) != 0)
			return false;
	}
	return entry->magic != NULL;
}

static size_t head_read(const char *path, unsigned char head[HEAD_MAX])
{
	char *why = NULL;
	int fd = regular_file_open(path, path, &why);
	ssize_t len = fd < 0 ? -1 : pread(fd, head, HEAD_MAX, 0);

	if (fd >= 0)
		close(fd);
	free(why);
	return len > 0 ? (size_t)len : 0;
}

char *binfmt_interpreter(const char *path)
{
	DIR *folder = opendir(FOLDER);
	unsigned char head[HEAD_MAX];
	size_t head_len = folder != NULL ? head_read(path, head) : 0, len;
	char *found = NULL;
	struct dirent *item;

	while (folder != NULL && found == NULL && (item = readdir(folder)) != NULL) {
		char *text = strcmp(item->d_name, "register") != 0 && item->d_name[0] != '.'
				     ? proc_read(FOLDER, item->d_name, &len)
				     : NULL;
		struct entry entry;

		if (text == NULL)
			continue;
		entry = entry_read(text);
		if (matches(&entry, path, head, head_len))
			found = text_make("%s", entry.interpreter);
		free(text);
	}
	if (folder != NULL)
		closedir(folder);
	return found;
}
