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
 * What follows expands the dynamic string token LIB (ld.so(8)), written "$LIB" or "${LIB}", as the
 * loader of a process does: by the folder, below / or /usr, that its libc is in, as
 * "lib/x86_64-linux-gnu" or "lib64".  @text is freed, the answer is to be freed.
 *
 * @libc     path of that libc
 * @program  a file of the same architecture.  The text stays if there is no glibc for it: musl does
 *           not know the token
 */
char *lib_expand_by_libc(char *text, const char *libc);
char *lib_expand(char *text, const struct elf_file *program);

#endif
