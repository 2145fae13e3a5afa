/* SPDX-License-Identifier: MIT
 *
 * library: the file that the command preloads.
 */
#ifndef SSLHARDEN_LIBRARY_H
#define SSLHARDEN_LIBRARY_H

#include "elf_file.h"

/*
 * @path  its absolute path, or NULL: the one that was installed with this command
 *
 * False and @why, if it is not there, is no such library, or has a path that
 * LD_PRELOAD cannot name.
 */
bool library_find(const char *path, struct elf_file *library, char **why);

/* The file of this command, to be freed; NULL if it is not to be found. */
char *library_command(void);

/*
 * Whether the loader takes it here, tried in this process (which has no libssl):
 * a folder may be mounted noexec, a libc too old.  One of another architecture is
 * taken on trust, and so is the libc where this command is a static one, which can
 * load nothing: that would take its own release of glibc.
 */
bool library_loads(const struct elf_file *library, char **why);

#endif
