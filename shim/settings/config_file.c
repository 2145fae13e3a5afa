/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "settings/config_file.h"

#include <errno.h>
#include <fcntl.h>
#include <ini.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "settings/descriptor.h"

#ifdef __aarch64__
/*
 * Debian's inih is built with a stack protector.  On arm64 its guard is a symbol of glibc's loader,
 * which musl does not have.  So inih gets a guard here: one with a NUL, a newline and 0xff, which
 * no string function writes.
 */
extern const uintptr_t __stack_chk_guard __attribute__((visibility("hidden")));
const uintptr_t __stack_chk_guard = 0x0a0dff00ff0d0a00;
#endif

struct reader {
	const struct config_file *file;
	const char *next; /* the rest of the text, which inih has not got yet */
	unsigned int line; /* number of the line that it got last */
	enum config_scope scope; /* of the present section */
	enum config_scope wanted;
	config_line_visit *visit;
	void *user;
};

static void fault(const struct reader *reader, unsigned int line)
{
	if (reader->wanted == CONFIG_SCOPE_FAULT)
		reader->visit(reader->user, reader->file, line, NULL, NULL);
}

/*
 * Headings are not left to inih: it cuts them at 49 bytes, too few for a path, and counts the lines
 * after a heading that it cannot read to the section before.
 */
static enum config_scope heading_scope(const char *name, size_t len, const char *program)
{
	if (len == 1 && name[0] == '*')
		return CONFIG_SCOPE_ALL;
	if (len == 0 || name[0] != '/')
		return CONFIG_SCOPE_FAULT;
	return strlen(program) == len && memcmp(name, program, len) == 0 ? CONFIG_SCOPE_PROGRAM
									 : CONFIG_SCOPE_OTHER;
}

/* An ini_reader: gives inih one whole line. */
static char *line_next(char *to, int size, void *stream)
{
	struct reader *reader = stream;
	const char *line = reader->next, *text = line + strspn(line, " \t");
	size_t len = strcspn(line, "\n");

	if (*line == '\0')
		return NULL;
	reader->next += len + (line[len] == '\n');
	reader->line++;
	if (text[0] == '[') {
		const char *end = memchr(text, ']', len - (size_t)(text - line));

		reader->scope = end == NULL ? CONFIG_SCOPE_FAULT
					    : heading_scope(text + 1, (size_t)(end - text) - 1,
							    reader->file->program);
		if (reader->scope == CONFIG_SCOPE_FAULT)
			fault(reader, reader->line);
		len = 0; /* inih gets an empty line */
	} else if (len + 2 > (size_t)size) {
		fault(reader, reader->line);
		len = 0;
	}
	memcpy(to, line, len);
	memcpy(to + len, "\n", 2);
	return to;
}

/* An ini_handler. */
static int line_handle(void *user, const char *section, const char *name, const char *value)
{
	const struct reader *reader = user;

	(void)section;
	if (reader->scope == CONFIG_SCOPE_FAULT)
		fault(reader, reader->line);
	else if (reader->scope == reader->wanted)
		reader->visit(reader->user, reader->file, reader->line, name, value);
	return 1;
}

void config_file_each(const struct config_file *file, enum config_scope scope,
		      config_line_visit *visit, void *user)
{
	struct reader reader = {.file = file,
				.next = file->text,
				.scope = CONFIG_SCOPE_FAULT,
				.wanted = scope,
				.visit = visit,
				.user = user};
	int line;

	ini_max_line = CONFIG_LINE_MAX;
	ini_allow_multiline = false;
	ini_allow_bom = false;
	line = ini_parse_stream(line_next, &reader, line_handle, &reader);
	if (line > 0)
		fault(&reader, (unsigned int)line);
}

static const char *open_fault(int fd, uid_t owner)
{
	struct stat st;

	if (!descriptor_stat(fd, &st))
		return "it cannot be examined";
	if (!S_ISREG(st.st_mode))
		return "it is not a regular file";
	if (st.st_uid != 0 && st.st_uid != owner)
		return "it is owned by another user";
	if ((st.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		return "it is writable by its group or others";
	return NULL;
}

/* Reads the whole file.  Returns NULL, or why it cannot be used. */
static const char *text_read(char text[CONFIG_FILE_MAX], int fd)
{
	size_t used = 0;
	ssize_t got;

	while ((got = read(fd, text + used, CONFIG_FILE_MAX - used)) > 0 ||
	       (got < 0 && errno == EINTR)) {
		if (got > 0)
			used += (size_t)got;
		if (used == CONFIG_FILE_MAX)
			return "it is too long";
	}
	if (got < 0)
		return strerror(errno);
	text[used] = '\0';
	return strlen(text) == used ? NULL : "it has a NUL byte";
}

bool config_file_read(char text[CONFIG_FILE_MAX], const char *path, uid_t owner, const char **why)
{
	/* Without waiting: a FIFO would keep the program from starting. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

	if (fd < 0) {
		*why = errno == ENOENT ? NULL : strerror(errno);
		return false;
	}
	*why = open_fault(fd, owner);
	if (*why == NULL)
		*why = text_read(text, fd);
	close(fd);
	return *why == NULL;
}

void config_file_program(const char *link, char *program, size_t size)
{
	static const char deleted[] = " (deleted)"; /* an upgrade has replaced the file */
	ssize_t len = readlink(link, program, size);

	if (len < 0 || (size_t)len >= size)
		len = 0;
	program[len] = '\0';
	len -= (ssize_t)sizeof(deleted) - 1;
	if (len > 0 && strcmp(program + len, deleted) == 0)
		program[len] = '\0';
}
