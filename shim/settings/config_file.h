/* SPDX-License-Identifier: MIT
 *
 * config_file: the settings file, as lines that concern this program.
 */
#ifndef SSLHARDEN_CONFIG_FILE_H
#define SSLHARDEN_CONFIG_FILE_H

#include <stdbool.h>
#include <sys/types.h>

#define CONFIG_FILE_SYSTEM "/etc/sslharden.conf"

enum {
	CONFIG_FILE_MAX = 32768, /* bytes of a file, with a NUL */
	CONFIG_LINE_MAX = 1536, /* bytes of a line, with its end and a NUL */
};

struct config_file {
	const char *path; /* for messages */
	const char *text;
	const char *program; /* whose settings are wanted; "": no section but [*] counts */
};

/* What a line belongs to. */
enum config_scope {
	CONFIG_SCOPE_FAULT, /* it cannot be read, or stands under no heading that can be */
	CONFIG_SCOPE_ALL, /* [*] */
	CONFIG_SCOPE_PROGRAM, /* [/path/of/this/program] */
	CONFIG_SCOPE_OTHER,
};

/* One setting of a file; @name and @value are NULL for a fault. */
typedef void config_line_visit(void *user, const struct config_file *file, unsigned int line,
			       const char *name, const char *value);

/* Calls @visit for each line of one scope, in order.  Pure. */
void config_file_each(const struct config_file *file, enum config_scope scope,
		      config_line_visit *visit, void *user);

/*
 * Reads the file @path into @text.  It is trusted if nobody but root and @owner can
 * have written it.  Returns false if it is not there or was refused; @why then says
 * what was wrong, NULL for a file that is not there.
 */
bool config_file_read(char text[CONFIG_FILE_MAX], const char *path, uid_t owner, const char **why);

/* The file that this process runs, symbolic links resolved; "" if that is not to be known. */
void config_file_program(char *program, size_t size);

#endif
