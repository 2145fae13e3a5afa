/* SPDX-License-Identifier: MIT
 *
 * elf_file: what an ELF file on disk says of itself, read with libelf.  It is
 * not trusted: whatever is wrong with it ends in a reason, never in a crash.
 */
#ifndef SSLHARDEN_ELF_FILE_H
#define SSLHARDEN_ELF_FILE_H

#include "cli.h"

struct elf_file {
	char *path;
	int machine; /* e_machine */
	bool is_64; /* EI_CLASS */
	bool is_dynamic; /* has a dynamic segment */
	bool is_pie; /* says that it is a program, and no library, in it */
	char *interpreter; /* PT_INTERP: the loader that takes part, NULL: none */
	char *soname, *rpath, *runpath; /* NULL: none */
	struct strings needed;
	struct strings calls; /* the functions that the library wraps and that it imports */
	bool imports_dlopen;
	bool imports_exec; /* it may start another program */
	bool defines_libssl, defines_libcrypto; /* SSL_CTX_new, EVP_DigestInit are in it */
	bool is_boringssl;
	bool is_go;
	char *version; /* "OpenSSL 3.0.15", "LibreSSL 3.7.3": of a TLS library inside, NULL: none */
	bool names_libssl; /* as text: it may open it itself */
	bool names_source; /* as text, libssl's main source file: libssl itself, or a copy */
};

/* False, and @why (to be freed), if it cannot be read. */
bool elf_file_read(const char *path, struct elf_file *file, char **why);

/* What one file and another must have in common to be in one process. */
bool elf_file_fits(const struct elf_file *a, const struct elf_file *b);

/* Whether its interpreter is musl's. */
bool elf_file_is_musl(const struct elf_file *file);

/* "x86-64, 64 bits" */
char *elf_file_architecture(const struct elf_file *file);

#endif
