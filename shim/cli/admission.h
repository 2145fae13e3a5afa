/* SPDX-License-Identifier: MIT
 *
 * admission: whether a program may be started under the library, with the settings of this process's
 * environment and of the file.
 */
#ifndef SSLHARDEN_ADMISSION_H
#define SSLHARDEN_ADMISSION_H

#include "verdict.h"

struct admission {
	struct inspection inspection;
	struct verdict verdict;
	/*
	 * The program as /proc/PID/exe will name it, of a script its interpreter: what a section of
	 * the settings' file has to name.  "-", which is none's (config_load): it is not to be found.
	 */
	char *program;
};

/*
 * Finds what is in the way; each thing that is has been said on standard error.
 *
 * @command    the subcommand that says it
 * @argv       the program's name, which is looked for in PATH, and its arguments, ended by NULL
 * @plugins    as inspect takes them
 * @library    the file of libsslharden.so, read
 * @admission  filled in as far as it was looked, and not given back
 *
 * Returns CLI_YES if nothing is; CLI_NO: it cannot be protected; CLI_USAGE: a setting cannot be read,
 * or has no effect there; CLI_NOT_FOUND, CLI_CANNOT_EXECUTE: it cannot be started at all.
 */
int admission_find(const char *command, char **argv, const struct strings *plugins,
		   const struct elf_file *library, struct admission *admission);

/* Whether the program @name can be executed at all: CLI_YES, or which of the latter, as was said. */
int admission_executable(const char *command, const char *name);

#endif
