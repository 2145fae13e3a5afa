/* SPDX-License-Identifier: MIT
 *
 * run: what of "sslharden run" is for others, too.
 */
#ifndef SSLHARDEN_RUN_H
#define SSLHARDEN_RUN_H

#include "verdict.h"

/*
 * What is in the way of a program's start under @library, with the settings of this
 * process's environment: CLI_YES if nothing is; each that is has been said.
 *
 * @command  the subcommand that says it
 */
int run_obstacles(const char *command, char **argv, const struct strings *plugins,
		  const struct elf_file *library, struct verdict *verdict);

/* Sets this process's environment so that what it becomes is preloaded.  False and errno. */
bool run_environment(const struct elf_file *library, const struct verdict *verdict);

#endif
