/* SPDX-License-Identifier: MIT
 *
 * search: where the dynamic linker would find a library, without asking it
 * (ld.so(8), "DESCRIPTION"; musl's is the same but for its own path file).
 */
#ifndef SSLHARDEN_SEARCH_H
#define SSLHARDEN_SEARCH_H

#include "elf_file.h"

/*
 * The file that @name, a NEEDED entry of @by in the program @program, stands for:
 * the first that can be read and fits the program.  @found has it then.  False if
 * there is none.
 */
bool search_library(const char *name, const struct elf_file *by, const struct elf_file *program,
		    struct elf_file *found);

/*
 * The path of @name as execvp(3) finds it where @list, NULL for none, is PATH; to be freed.
 * NULL and errno.
 */
char *search_program(const char *name, const char *list);

/*
 * @text, which is freed, with the dynamic string token @name (ld.so(8)) replaced by @with, written
 * "$NAME" or "${NAME}"; to be freed.
 */
char *token_expand(char *text, const char *name, const char *with);

/* Base name of a path; a pointer into it. */
const char *base_name(const char *path);

/* Folder of a path, to be freed. */
char *folder_of(const char *path);

#endif
