/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "loader/elf_list.h"

#include <stdatomic.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "loader/elf_find.h"
#include "loader/loader_lock.h"
#include "settings/auxv.h"

static struct elf_object describe(uintptr_t base, const ElfW(Phdr) * headers, int count)
{
	struct elf_object object = {base, UINTPTR_MAX, 0, NULL};

	for (int i = 0; i < count; i++) {
		uintptr_t start = base + headers[i].p_vaddr;

		if (headers[i].p_type == PT_DYNAMIC)
			object.dynamic = (const void *)start;
		if (headers[i].p_type != PT_LOAD)
			continue;
		if (start < object.low)
			object.low = start;
		if (start + headers[i].p_memsz > object.high)
			object.high = start + headers[i].p_memsz;
	}
	return object;
}

struct visit {
	elf_visit function;
	void *data;
};

static int visit_one(struct dl_phdr_info *info, size_t size, void *data)
{
	const struct visit *visit = data;
	struct elf_object object = describe(info->dlpi_addr, info->dlpi_phdr, info->dlpi_phnum);

	(void)size;
	return visit->function(&object, visit->data);
}

/* glibc's name for the list of objects, and musl's. */
extern struct r_debug _r_debug __attribute__((weak));
extern struct r_debug *_dl_debug_addr __attribute__((weak));

static const struct link_map *first_map(void)
{
	if (&_r_debug != NULL)
		return _r_debug.r_map;
	return &_dl_debug_addr == NULL || _dl_debug_addr == NULL ? NULL : _dl_debug_addr->r_map;
}

/*
 * A program at fixed addresses has base 0, and its headers from the kernel.  They are asked for
 * once: later there may be no /proc (chroot(2)), nor a descriptor left.
 */
static bool elf_of_program(struct elf_object *object)
{
	static _Atomic unsigned long known_headers, known_count;
	unsigned long headers = atomic_load(&known_headers), count = atomic_load(&known_count);

	if (headers == 0 || count == 0) {
		if (!auxv_value(AT_PHDR, &headers) || !auxv_value(AT_PHNUM, &count))
			return false;
		atomic_store(&known_headers, headers);
		atomic_store(&known_count, count);
	}
	*object = describe(0, (const void *)headers, (int)count);
	return true;
}

/*
 * struct link_map does not say where an object ends; its program headers do, in
 * the first page of all but odd objects.  Those are left out.
 */
bool elf_of_map(const struct link_map *map, struct elf_object *object)
{
	enum { PAGE = 4096 };
	const ElfW(Ehdr) *header = (const void *)map->l_addr;
	unsigned char resident[1];

	if (map->l_addr == 0) {
		if (map->l_prev != NULL) /* a library at the address that it was linked for */
			return false;
		return elf_of_program(object);
	}
	/* Linked at an address of its own, its base need not even be mapped. */
	if (map->l_addr % PAGE != 0 || syscall(SYS_mincore, map->l_addr, 1L, resident) != 0)
		return false;
	if (header->e_ident[EI_MAG0] != ELFMAG0 || header->e_ident[EI_MAG1] != ELFMAG1 ||
	    header->e_phoff + header->e_phnum * sizeof(ElfW(Phdr)) > PAGE)
		return false;
	*object = describe(map->l_addr, (const void *)((uintptr_t)header + header->e_phoff),
			   header->e_phnum);
	return true;
}

static bool each_unlocked(elf_visit visit, void *data)
{
	struct elf_object object;

	for (const struct link_map *map = first_map(); map != NULL; map = map->l_next) {
		if (elf_of_map(map, &object) && visit(&object, data))
			return true;
	}
	return false;
}

static bool each_locked(elf_visit visit, void *data)
{
	struct visit both = {visit, data};
	bool ended;

	loader_lock_taken();
	ended = dl_iterate_phdr(visit_one, &both) != 0;
	loader_lock_released();
	return ended;
}

static bool (*object_source)(elf_visit visit, void *data);

void elf_set_source(bool (*each)(elf_visit visit, void *data))
{
	object_source = each;
}

bool elf_has_source(void)
{
	return object_source != NULL;
}

bool elf_each(elf_visit visit, void *data)
{
	if (elf_has_source())
		return object_source(visit, data);
	return loader_lock_is_orphaned() ? each_unlocked(visit, data) : each_locked(visit, data);
}

struct search {
	uintptr_t address;
	const char *soname;
	struct elf_object *found;
};

static bool covers(const struct elf_object *object, void *data)
{
	const struct search *search = data;

	if (search->address < object->low || search->address >= object->high)
		return false;
	*search->found = *object;
	return true;
}

bool elf_object_at(const void *address, struct elf_object *object)
{
	if (elf_can_find())
		return elf_find(address, object);
	return elf_each(covers, &(struct search){.address = (uintptr_t)address, .found = object});
}

static bool is_named(const struct elf_object *object, void *data)
{
	const struct search *search = data;
	const char *soname = elf_soname(object);

	if (soname == NULL || !elf_is_same_text(soname, search->soname))
		return false;
	*search->found = *object;
	return true;
}

bool elf_object_named(const char *soname, struct elf_object *object)
{
	return elf_each(is_named, &(struct search){.soname = soname, .found = object});
}

static bool ours_or_covers(const struct elf_object *object, void *data)
{
	struct search *search = data;

	if (!elf_is_ours((const void *)object->low) && !covers(object, data))
		return false;
	*search->found = *object;
	return true;
}

bool elf_comes_before_us(const void *address)
{
	struct elf_object first = {0, 0, 0, NULL};

	return elf_each(ours_or_covers,
			&(struct search){.address = (uintptr_t)address, .found = &first}) &&
	       !elf_is_ours((const void *)first.low);
}

bool elf_defined_before_us(const void *caller, const char *name)
{
	struct elf_object from = {0, 0, 0, NULL};
	bool counts = caller == NULL;

	if (!counts && !elf_object_at(caller, &from))
		return false;
	for (const struct link_map *map = first_map(); map != NULL && map->l_ld != _DYNAMIC;
	     map = map->l_next) {
		struct elf_object object = {map->l_addr, map->l_addr, UINTPTR_MAX, map->l_ld};

		if (counts && elf_symbol(&object, name) != NULL)
			return true;
		counts |= map->l_ld == from.dynamic;
	}
	return false;
}

/*
 * Walks the loader's list without its lock: a sanitizer's runtime wraps dl_iterate_phdr and fetches
 * the real one with dlsym, that is, from here.  libc is there from the start and stays.
 */
void *elf_next(const char *name)
{
	const struct link_map *map = first_map();
	void *found = NULL;

	while (map != NULL && map->l_ld != _DYNAMIC)
		map = map->l_next;
	for (map = map == NULL ? NULL : map->l_next; map != NULL && found == NULL;
	     map = map->l_next) {
		struct elf_object object = {map->l_addr, map->l_addr, UINTPTR_MAX, map->l_ld};

		found = elf_symbol(&object, name);
	}
	return found;
}

void *elf_next_of(struct elf_next *next)
{
	void *address = atomic_load_explicit(&next->address, memory_order_relaxed);

	if (address == NULL) {
		address = elf_next(next->name);
		atomic_store_explicit(&next->address, address, memory_order_relaxed);
	}
	return address;
}
