/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "loader/elf_find.h"

#include <dlfcn.h>
#include <stdatomic.h>
#include <stddef.h>

#include "loader/elf_list.h"

#ifdef DLFO_STRUCT_HAS_EH_DBASE /* this glibc's headers have the call */
typedef struct dl_find_object found_object;
#else
/* As glibc 2.35 and later define it, with room for what architectures add. */
typedef struct {
	unsigned long long flags;
	void *dlfo_map_start, *dlfo_map_end;
	struct link_map *dlfo_link_map;
	void *eh_frame;
	unsigned long long reserved[9];
} found_object;
#endif

/*
 * _dl_find_object of glibc 2.35 and later, which is made for unwinders: it takes no lock, and is
 * safe in a signal handler and in a forked child.  NULL where libc has no such function.
 */
static int (*finder(void))(void *address, found_object *result)
{
	static _Atomic(void *) known = (void *)&known; /* its own address: not looked up yet */
	union {
		void *address;
		int (*function)(void *address, found_object *result);
	} found = {.address = atomic_load_explicit(&known, memory_order_relaxed)};

	if (found.address == (void *)&known) {
		found.address = elf_next("_dl_find_object");
		atomic_store_explicit(&known, found.address, memory_order_relaxed);
	}
	return found.function;
}

bool elf_can_find(void)
{
	return !elf_has_source() && finder() != NULL;
}

bool elf_find(const void *address, struct elf_object *object)
{
	found_object found;

	if (finder()((void *)(uintptr_t)address, &found) != 0)
		return false;
	*object = (struct elf_object){found.dlfo_link_map->l_addr, (uintptr_t)found.dlfo_map_start,
				      (uintptr_t)found.dlfo_map_end, found.dlfo_link_map->l_ld};
	return true;
}

/* The relocations of an architecture have an addend if its pointers have 64 bits. */
#if UINTPTR_MAX > UINT32_MAX
typedef ElfW(Rela) relocation;
enum { TABLE = DT_RELA, TABLE_SIZE = DT_RELASZ, SYMBOL_SHIFT = 32 };
#else
typedef ElfW(Rel) relocation;
enum { TABLE = DT_REL, TABLE_SIZE = DT_RELSZ, SYMBOL_SHIFT = 8 };
#endif

struct relocations {
	const relocation *entries;
	size_t size;
};

/* Whether a relocated word of @from points into another object for which @matches is true. */
static bool leads_to(const struct elf_object *from, const relocation *entry,
		     bool (*matches)(const struct elf_object *object), struct elf_object *object)
{
	const void *const *word = (const void *)(from->base + entry->r_offset);

	return entry->r_info >> SYMBOL_SHIFT != 0 && (uintptr_t)word >= from->low &&
	       (uintptr_t)word < from->high && elf_find(*word, object) &&
	       object->low != from->low && matches(object);
}

bool elf_find_linked(const struct elf_object *from,
		     bool (*matches)(const struct elf_object *object), struct elf_object *object)
{
	struct relocations calls = {NULL, 0}, others = {NULL, 0};

	for (const ElfW(Dyn) *d = from->dynamic; d->d_tag != DT_NULL; d++) {
		if (d->d_tag == DT_JMPREL)
			calls.entries = elf_address(from, d->d_un.d_ptr);
		else if (d->d_tag == DT_PLTRELSZ)
			calls.size = d->d_un.d_val;
		else if (d->d_tag == TABLE)
			others.entries = elf_address(from, d->d_un.d_ptr);
		else if (d->d_tag == TABLE_SIZE)
			others.size = d->d_un.d_val;
	}
	for (int i = 0; i < 2; i++) {
		const struct relocations *r = i == 0 ? &calls : &others;

		for (size_t n = 0; r->entries != NULL && n < r->size / sizeof(relocation); n++) {
			if (leads_to(from, &r->entries[n], matches, object))
				return true;
		}
	}
	return false;
}
