/* SPDX-License-Identifier: MIT
 *
 * elf_file: reads an ELF file with libelf.  The file is not trusted: whatever is wrong with it ends
 * in a reason, never in a crash.
 */
#ifndef SSLHARDEN_ELF_FILE_H
#define SSLHARDEN_ELF_FILE_H

#include <stdint.h>

#include "cli.h"

/* A word of the file's data that the loader writes a function's address to. */
struct elf_slot {
	const char *name;
	uint64_t address; /* less what the loader adds to all addresses of the file */
};

struct elf_file {
	char *path;
	int machine; /* e_machine */
	bool is_64; /* EI_CLASS */
	bool is_dynamic; /* has a dynamic segment */
	bool is_pie; /* says that it is a program, and no library, in it */
	bool is_cut; /* was not read to its end, because it is too large */
	char *interpreter; /* PT_INTERP: the loader that takes part, NULL: none */
	char *soname, *rpath, *runpath; /* NULL: none */
	struct strings needed;
	struct strings calls; /* the functions that the library wraps and that it imports */
	struct elf_slot *slots; /* where it keeps the addresses of those, and of dlsym's kind */
	size_t slot_count;
	uint64_t first_address; /* of its first segment, at a page's beginning */
	bool imports_dlopen;
	bool imports_exec; /* it may start another program */
	bool imports_seteuid; /* and may have another effective user than real one by then */
	bool defines_exec; /* likewise, with the libc inside, or by Go's own */
	bool defines_libssl, defines_libcrypto; /* SSL_CTX_new, EVP_DigestInit are in it */
	bool is_boringssl;
	bool is_go;
	/*
	 * "OpenSSL 3.0.15", "LibreSSL 3.7.3", as it calls itself; NULL: none.  Who was built with
	 * its headers may have it too.
	 */
	char *version;
	bool names_libssl; /* as text: it may open it itself */
	bool names_calls; /* as text, calls that serve and that it does not import: by dlsym */
	bool has_libssl_text; /* what libssl alone says: libssl itself, or a copy */
	bool names_crypto_tls; /* as text, Go's own TLS */
};

/* False, and @why (to be freed), if it cannot be read. */
bool elf_file_read(const char *path, struct elf_file *file, char **why);

/* The same of the file at @place that is called @path. */
bool elf_file_read_at(const char *place, const char *path, struct elf_file *file, char **why);

/* What one file and another must have in common to be in one process. */
bool elf_file_fits(const struct elf_file *a, const struct elf_file *b);

/* Whether its interpreter is musl's. */
bool elf_file_is_musl(const struct elf_file *file);

/* Whether the name of the file, or its soname, begins with @prefix. */
bool elf_file_is_named(const struct elf_file *file, const char *prefix);

/* Whether it is a libsslharden.so, by its names. */
bool elf_file_is_ours(const struct elf_file *file);

/* Whether it is a shared libssl, as against a copy inside something else, or the library. */
bool elf_file_is_libssl(const struct elf_file *file);

/* Whether no loader takes part where it is started. */
bool elf_file_is_static(const struct elf_file *file);

/* "x86-64, 64 bits"; to be freed */
char *elf_file_architecture(const struct elf_file *file);

#endif
