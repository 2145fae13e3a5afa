/* SPDX-License-Identifier: MIT
 *
 * wrapper: what a shell script starts, as far as its text tells.
 */
#ifndef SSLHARDEN_WRAPPER_H
#define SSLHARDEN_WRAPPER_H

#include "cli.h"

/* Whether the program @path is a shell. */
bool wrapper_is_shell(const char *path);

/* Adds the programs that the script @path names by absolute paths, each once. */
void wrapper_programs(const char *path, struct strings *programs);

#endif
