/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "elf_names.h"

#include <stdlib.h>
#include <string.h>

#include "calls.h"

enum { SLOTS_MAX = 10000 }; /* of one file; more is an attack on our time */

void elf_name_of_symbol(void *user, const GElf_Sym *symbol, const char *name)
{
	struct elf_file *file = user;

	if (symbol->st_shndx != SHN_UNDEF) {
		file->defines_libssl |= strcmp(name, "SSL_CTX_new") == 0;
		file->defines_libcrypto |= strcmp(name, "EVP_DigestInit") == 0;
		file->defines_exec |= strcmp(name, "execve") == 0;
		file->is_boringssl |= strcmp(name, "BORINGSSL_self_test") == 0;
		return;
	}
	file->imports_dlopen |= strcmp(name, "dlopen") == 0 || strcmp(name, "dlmopen") == 0;
	file->imports_exec |= text_begins(name, "exec") || text_begins(name, "posix_spawn") ||
			      strcmp(name, "fexecve") == 0;
	file->imports_seteuid |= strcmp(name, "seteuid") == 0 || strcmp(name, "setreuid") == 0 ||
				 strcmp(name, "setresuid") == 0;
	if (call_matters(name) && !strings_have(&file->calls, name))
		strings_add(&file->calls, name);
}

/* What the library puts in the place of libdl's: a program that calls libssl by name. */
static bool is_lookup(const char *name)
{
	return strcmp(name, "dlsym") == 0 || strcmp(name, "dlvsym") == 0;
}

void elf_name_of_slot(void *user, GElf_Addr address, const char *name)
{
	struct elf_file *file = user;
	const char *known = is_lookup(name) ? "dlsym" : call_wrapped(name);

	if (known == NULL || file->slot_count == SLOTS_MAX)
		return;
	file->slots =
		memory_or_exit(realloc(file->slots, (file->slot_count + 1) * sizeof(*file->slots)));
	file->slots[file->slot_count++] = (struct elf_slot){known, address};
}
