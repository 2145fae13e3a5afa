/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "elf_names.h"

#include <stdlib.h>
#include <string.h>

enum { SLOTS_MAX = 10000 }; /* of one file; more is an attack on our time */

static const char *const wrapped[] = {
#define HOOK(ret, name, params) #name,
#define REAL(ret, name, params)
#include "loader/functions.def"
#undef HOOK
#undef REAL
};

/* Not wrapped: libssl itself tells the library of the handshakes that these begin. */
static const char *const begins[] = {"SSL_do_handshake", "BIO_new_ssl"};

static void call_note(struct elf_file *file, const char *name, const char *const *names,
		      size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(name, names[i]) == 0 && !strings_have(&file->calls, name))
			strings_add(&file->calls, name);
	}
}

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
	file->imports_exec |= strncmp(name, "exec", 4) == 0 ||
			      strncmp(name, "posix_spawn", strlen("posix_spawn")) == 0 ||
			      strcmp(name, "fexecve") == 0;
	file->imports_seteuid |= strcmp(name, "seteuid") == 0 || strcmp(name, "setreuid") == 0 ||
				 strcmp(name, "setresuid") == 0;
	call_note(file, name, wrapped, sizeof(wrapped) / sizeof(wrapped[0]));
	call_note(file, name, begins, sizeof(begins) / sizeof(begins[0]));
}

/* What the library puts in the place of libdl's: a program that calls libssl by name. */
static bool is_lookup(const char *name)
{
	return strcmp(name, "dlsym") == 0 || strcmp(name, "dlvsym") == 0;
}

void elf_name_of_slot(void *user, GElf_Addr address, const char *name)
{
	struct elf_file *file = user;
	const char *known = is_lookup(name) ? "dlsym" : NULL;

	for (size_t i = 0; known == NULL && i < sizeof(wrapped) / sizeof(wrapped[0]); i++) {
		if (strcmp(name, wrapped[i]) == 0)
			known = wrapped[i];
	}
	if (known == NULL || file->slot_count == SLOTS_MAX)
		return;
	file->slots =
		memory_or_exit(realloc(file->slots, (file->slot_count + 1) * sizeof(*file->slots)));
	file->slots[file->slot_count++] = (struct elf_slot){known, address};
}
