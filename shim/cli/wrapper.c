/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "wrapper.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "path.h"
#include "regular_file.h"

enum {
	TEXT_MAX = 65536, /* bytes of a script that are read */
	PROGRAMS_MAX = 20,
};

bool wrapper_is_shell(const char *path)
{
	static const char *const shells[] = {"sh",  "dash", "bash", "ash",
					     "ksh", "mksh", "zsh",  "busybox"};

	for (size_t i = 0; i < sizeof(shells) / sizeof(shells[0]); i++) {
		if (strcmp(base_name(path), shells[i]) == 0)
			return true;
	}
	return false;
}

static bool is_program(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0;
}

/* The first line names what runs the script, and comments name anything. */
static void line_read(char *line, struct strings *programs)
{
	static const char parts[] = " \t\"'`;&|()<>{}=$:,";
	char *word;

	if (line[strspn(line, " \t")] == '#')
		return;
	while ((word = strsep(&line, parts)) != NULL) {
		if (word[0] == '/' && programs->count < PROGRAMS_MAX && is_program(word) &&
		    !wrapper_is_shell(word) && !strings_have(programs, word))
			strings_add(programs, word);
	}
}

void wrapper_programs(const char *path, struct strings *programs)
{
	char *text = memory_or_exit(malloc(TEXT_MAX + 1)), *rest = text, *line, *why = NULL;
	int fd = regular_file_open(path, path, &why);
	ssize_t len = fd < 0 ? 0 : pread(fd, text, TEXT_MAX, 0);

	if (fd >= 0)
		close(fd);
	text[len > 0 ? len : 0] = '\0';
	while ((line = strsep(&rest, "\n")) != NULL)
		line_read(line, programs);
	free(text);
	free(why);
}
