/* SPDX-License-Identifier: MIT
 *
 * elf_object: an ELF object of this process, and the symbols that it defines (ELF: System V ABI,
 * chapters 4 and 5; GNU hash section as in glibc's elf/dl-lookup.c).
 *
 * The symbol tables are read here because dlsym and dlopen(RTLD_NOLOAD) will not do: they allocate,
 * take the loader's lock, change what dlerror returns, have another symbol version from glibc 2.34
 * on, are wrapped by this library and others, and do not see the program's namespace from an audit
 * library.
 *
 * Nothing here calls libc or allocates.  Safe from any thread; the caller has to know that the object
 * that it asks about stays loaded.
 */
#ifndef SSLHARDEN_ELF_OBJECT_H
#define SSLHARDEN_ELF_OBJECT_H

#include <link.h>
#include <stdbool.h>
#include <stdint.h>

/* The DT_SONAME of this library, by which one copy recognizes another. */
#define OUR_SONAME "libsslharden.so"

struct elf_object {
	uintptr_t base; /* is added to the addresses in the file */
	uintptr_t low, high; /* the addresses that it covers: low included, high not */
	const ElfW(Dyn) * dynamic; /* its dynamic section; NULL: it defines nothing */
};

/* The address of the function that @object itself defines as @name; NULL if it does not. */
void *elf_symbol(const struct elf_object *object, const char *name);

/* The same for this library. */
void *elf_own_symbol(const char *name);

/* Whether an object is never unloaded (-z nodelete), as OpenSSL's libraries from 1.1.0 on. */
bool elf_is_permanent(const struct elf_object *object);

/*
 * The DT_NEEDED name number @index (from 0), or the DT_SONAME; NULL if there is none.  The string
 * is part of the object.
 */
const char *elf_needed(const struct elf_object *object, int index);
const char *elf_soname(const struct elf_object *object);

/* Whether @address is in this library. */
bool elf_is_ours(const void *address);

/*
 * The address that an entry of the dynamic section holds, which the loader may or may not have
 * relocated.
 */
const void *elf_address(const struct elf_object *object, ElfW(Addr) value);

/* As strcmp() == 0, without libc. */
bool elf_is_same_text(const char *a, const char *b);

#endif
