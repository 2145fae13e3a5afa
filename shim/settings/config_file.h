/* SPDX-License-Identifier: MIT
 *
 * config_file: reads the settings file, and walks through its lines.
 */
#ifndef SSLHARDEN_CONFIG_FILE_H
#define SSLHARDEN_CONFIG_FILE_H

#include <stdbool.h>
#include <sys/types.h>

#define CONFIG_FILE_SYSTEM "/etc/sslharden.conf"

enum {
	CONFIG_FILE_MAX = 32768, /* bytes of a file, a NUL included */
	CONFIG_LINE_MAX = 1536, /* bytes of a line, its newline and a NUL included */
};

struct config_file {
	const char *path; /* for messages */
	const char *text;
	const char
		*program; /* path of the program whose settings are wanted; "": [*] alone counts */
};

/* The section that a line belongs to. */
enum config_scope {
	CONFIG_SCOPE_FAULT, /* the line, or the heading above it, cannot be read */
	CONFIG_SCOPE_ALL, /* [*] */
	CONFIG_SCOPE_PROGRAM, /* [/path/of/this/program] */
	CONFIG_SCOPE_OTHER, /* another program's */
};

/* Is called with one setting of a file; for a fault @name is NULL, @value its line. */
typedef void config_line_visit(void *user, const struct config_file *file, unsigned int line,
			       const char *name, const char *value);

/* Calls @visit for each line of one scope, in order.  Pure. */
void config_file_each(const struct config_file *file, enum config_scope scope,
		      config_line_visit *visit, void *user);

/*
 * Reads the file @path.  It is refused unless only root and @owner can have written it.  Returns its
 * text, to be given back by config_file_free; or NULL if it was refused or is not there: then *why
 * says what was wrong (a static string), or is NULL if there is no such file.
 */
const char *config_file_read(const char *path, uid_t owner, const char **why);
void config_file_free(const char *text);

/*
 * Writes the path of the file that a process runs, without symbolic links; "" if unknown.
 *
 * @link  "/proc/self/exe", or another's
 */
void config_file_program(const char *link, char *program, size_t size);

#endif
