/* SPDX-License-Identifier: MIT
 *
 * elf_dynamic: the dynamic segment of an ELF file, as the loader finds it: by the
 * program headers.  The section headers, which say the same, may have been taken away
 * (sstrip, packers).
 */
#ifndef SSLHARDEN_ELF_DYNAMIC_H
#define SSLHARDEN_ELF_DYNAMIC_H

#include <gelf.h>
#include <stdbool.h>

/* What is found; @user is the caller's. */
struct elf_dynamic_visitor {
	/* One that has text: DT_NEEDED, DT_SONAME, DT_RPATH, DT_RUNPATH. */
	void (*entry)(void *user, GElf_Sxword tag, const char *text);
	void (*flags)(void *user, GElf_Xword flags); /* DT_FLAGS_1 */
	void (*symbol)(void *user, const GElf_Sym *symbol, const char *name);
	/* A word that the loader writes the address of the symbol @name to; NULL: not asked for. */
	void (*slot)(void *user, GElf_Addr address, const char *name);
	void *user;
};

/* Reads PT_DYNAMIC's segment, whose program header is @segment.  False if it is damaged. */
bool elf_dynamic_read(Elf *elf, const GElf_Phdr *segment,
		      const struct elf_dynamic_visitor *visitor);

#endif
