/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "settings/config_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>

#include "memory/kernel.h"
#include "settings/descriptor.h"

static const char space[] = " \t\v\f\r"; /* that a line may have */

enum { FAULT_TEXT_MAX = 96 };

struct reader {
	const struct config_file *file;
	unsigned int line; /* number of the present line */
	enum config_scope scope; /* of the present section */
	enum config_scope wanted;
	config_line_visit *visit;
	void *user;
};

/* @line  as it stands there; of a long one the beginning is told */
static void fault(const struct reader *reader, const char *line)
{
	size_t len = strcspn(line, "\n");
	char text[FAULT_TEXT_MAX];

	if (reader->wanted != CONFIG_SCOPE_FAULT)
		return;
	len = len < sizeof(text) ? len : sizeof(text) - 1;
	memcpy(text, line, len);
	text[len] = '\0';
	reader->visit(reader->user, reader->file, reader->line, NULL, text);
}

static enum config_scope heading_scope(const char *name, size_t len, const char *program)
{
	if (len == 1 && name[0] == '*')
		return CONFIG_SCOPE_ALL;
	if (len == 0 || name[0] != '/')
		return CONFIG_SCOPE_FAULT;
	return strlen(program) == len && memcmp(name, program, len) == 0 ? CONFIG_SCOPE_PROGRAM
									 : CONFIG_SCOPE_OTHER;
}

/* "[/usr/sbin/nginx]", and anything behind it; below one that cannot be read all lines are faults. */
static void heading_read(struct reader *reader, const char *text)
{
	const char *name = text + 1;
	size_t len = strcspn(name, "]\n");

	reader->scope = name[len] == ']' ? heading_scope(name, len, reader->file->program)
					 : CONFIG_SCOPE_FAULT;
	if (reader->scope == CONFIG_SCOPE_FAULT)
		fault(reader, text);
}

/* Ends @text where a comment begins: at a semicolon that is first, or follows white space. */
static void comment_cut(char *text)
{
	for (char *c = text; (c = strchr(c, ';')) != NULL; c++) {
		if (c == text || strchr(space, c[-1]) != NULL) {
			*c = '\0';
			return;
		}
	}
}

/* Ends @text behind its last character that is no white space, and returns its first such one. */
static char *trimmed(char *text)
{
	size_t len;

	text += strspn(text, space);
	len = strlen(text);
	while (len > 0 && strchr(space, text[len - 1]) != NULL)
		len--;
	text[len] = '\0';
	return text;
}

/* "name = value", or with a colon. */
static void setting_read(const struct reader *reader, char *text)
{
	char *name, *value = text + strcspn(text, "=:");

	if (*value == '\0' || reader->scope == CONFIG_SCOPE_FAULT) {
		fault(reader, text);
	} else if (reader->scope == reader->wanted) {
		*value++ = '\0';
		name = trimmed(text);
		reader->visit(reader->user, reader->file, reader->line, name, trimmed(value));
	}
}

/* @len  of @line, which begins behind its indentation, without its newline */
static void line_read(struct reader *reader, const char *line, size_t len)
{
	char text[CONFIG_LINE_MAX];

	if (*line == '[') {
		heading_read(reader, line);
	} else if (len >= sizeof(text)) {
		fault(reader, line);
	} else if (*line != '#') {
		memcpy(text, line, len);
		text[len] = '\0';
		comment_cut(text);
		if (text[0] != '\0')
			setting_read(reader, text);
	}
}

void config_file_each(const struct config_file *file, enum config_scope scope,
		      config_line_visit *visit, void *user)
{
	struct reader reader = {.file = file,
				.scope = CONFIG_SCOPE_FAULT,
				.wanted = scope,
				.visit = visit,
				.user = user};
	const char *line = file->text;

	while (*line != '\0') {
		size_t len;

		line += strspn(line, space);
		len = strcspn(line, "\n");
		reader.line++;
		line_read(&reader, line, len);
		line += len + (line[len] == '\n');
	}
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

/* Reads the rest of the file into @text.  Returns NULL, or why it cannot be used. */
static const char *text_fill(char text[CONFIG_FILE_MAX], int fd)
{
	size_t used = 0;
	ssize_t got;

	while ((got = kernel_read(fd, text + used, CONFIG_FILE_MAX - used)) > 0 ||
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

/* In pages that are given back: the program's stack may be small, its heap not ready. */
static const char *text_read(int fd, const char **why)
{
	char *text = kernel_pages(CONFIG_FILE_MAX, false);

	*why = text == NULL ? strerror(errno) : text_fill(text, fd);
	if (*why == NULL)
		return text;
	if (text != NULL)
		config_file_free(text);
	return NULL;
}

const char *config_file_read(const char *path, uid_t owner, const char **why)
{
	/* Without waiting: a FIFO would keep the program from starting. */
	int fd = kernel_open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	const char *text = NULL;

	if (fd < 0) {
		*why = errno == ENOENT ? NULL : strerror(errno);
		return NULL;
	}
	*why = open_fault(fd, owner);
	if (*why == NULL)
		text = text_read(fd, why);
	kernel_close(fd);
	return text;
}

void config_file_free(const char *text)
{
	kernel_pages_free((void *)(uintptr_t)text, CONFIG_FILE_MAX);
}

void config_file_program(const char *link, char *program, size_t size)
{
	static const char deleted[] = " (deleted)"; /* an upgrade has replaced the file */
	ssize_t len = kernel_readlinkat(AT_FDCWD, link, program, size);

	if (len < 0 || (size_t)len >= size)
		len = 0;
	program[len] = '\0';
	len -= (ssize_t)sizeof(deleted) - 1;
	if (len > 0 && strcmp(program + len, deleted) == 0)
		program[len] = '\0';
}
