/* SPDX-License-Identifier: MIT
 *
 * inspect: a program and all that the loader would bring in with it, read from
 * their files.  Nothing is run.
 */
#ifndef SSLHARDEN_INSPECT_H
#define SSLHARDEN_INSPECT_H

#include <sys/types.h>

#include "elf_file.h"
#include "maps.h"

struct inspection {
	char *path; /* as it was found */
	char *script; /* NULL, or the script that the program interprets */
	struct elf_file *files; /* the program itself first */
	size_t count;
	struct strings missing; /* libraries that no file was found for, and who needs each */
	char *plugin_words; /* "--plugins PATH -- " as run takes it, or "-- " */
	struct strings unread; /* plugins that could not be read, each with its reason */
	bool set_uid, set_gid, capabilities; /* that its file gives */
	uid_t owner;
	gid_t group;
	struct strings hidden; /* what a script does that the library does not survive */
};

/*
 * @path     a file, or a name without a slash to be looked for in PATH
 * @plugins  files, or folders whose shared objects are taken as loaded too
 *
 * False, @why and @code (CLI_NOT_FOUND, CLI_CANNOT_EXECUTE; CLI_NO: no ELF file;
 * CLI_UNKNOWN: it, or a plugin, cannot be read), if it cannot be inspected.
 */
bool inspect(const char *path, const struct strings *plugins, struct inspection *inspection,
	     char **why, int *code);

/* The same of what a process has mapped, whose files were read; @program is its file's path. */
void inspect_mapped(const struct maps *maps, const char *program, struct inspection *inspection);

#endif
