/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "loader/elf_object.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "memory/kernel.h"
#include "settings/auxv.h"

enum { VERSION_HIDDEN = 0x8000 }; /* of a .gnu.version entry: not the name's default version */

/* The linker defines these two: where the image of this library begins and ends. */
extern const char __ehdr_start[] __attribute__((visibility("hidden")));
extern const char _end[] __attribute__((visibility("hidden")));

bool elf_is_ours(const void *address)
{
	return (uintptr_t)address >= (uintptr_t)__ehdr_start &&
	       (uintptr_t)address < (uintptr_t)_end;
}

static bool is_same_text(const char *a, const char *b)
{
	while (*a == *b && *a != '\0')
		a++, b++;
	return *a == *b;
}

/* --- symbols ------------------------------------------------------------- */

struct symbols {
	const ElfW(Sym) * table;
	const char *strings;
	const ElfW(Half) * versions; /* NULL: none */
	/* DT_GNU_HASH and DT_HASH: an object has one of them, or both. */
	const uint32_t *gnu_hash;
	const uint32_t *sysv_hash;
};

/*
 * An address in the dynamic section.  glibc relocates these in place; musl and the kernel (for the
 * vdso) leave them relative to the base.
 */
static const void *dynamic_address(const struct elf_object *object, ElfW(Addr) value)
{
	uintptr_t address = (uintptr_t)value;

	if (address < object->low || address >= object->high)
		address += object->base;
	return (const void *)address;
}

static bool symbols_of(const struct elf_object *object, struct symbols *symbols)
{
	*symbols = (struct symbols){NULL, NULL, NULL, NULL, NULL};
	for (const ElfW(Dyn) *d = object->dynamic; d != NULL && d->d_tag != DT_NULL; d++) {
		switch (d->d_tag) {
		case DT_SYMTAB:
			symbols->table = dynamic_address(object, d->d_un.d_ptr);
			break;
		case DT_STRTAB:
			symbols->strings = dynamic_address(object, d->d_un.d_ptr);
			break;
		case DT_VERSYM:
			symbols->versions = dynamic_address(object, d->d_un.d_ptr);
			break;
		case DT_GNU_HASH:
			symbols->gnu_hash = dynamic_address(object, d->d_un.d_ptr);
			break;
		case DT_HASH:
			symbols->sysv_hash = dynamic_address(object, d->d_un.d_ptr);
			break;
		}
	}
	return symbols->table != NULL && symbols->strings != NULL;
}

static bool defines(const struct symbols *symbols, uint32_t index, const char *name)
{
	const ElfW(Sym) *symbol = &symbols->table[index];
	int type = symbol->st_info & 0xf; /* ELF32_ST_TYPE, the same in both classes */

	return symbol->st_shndx != SHN_UNDEF && symbol->st_value != 0 &&
	       (type == STT_FUNC || type == STT_NOTYPE) &&
	       is_same_text(symbols->strings + symbol->st_name, name);
}

/* Of several versions of a name the default one is taken, or else the first. */
static bool is_better_version(const struct symbols *symbols, uint32_t index, uint32_t found)
{
	return found == 0 ||
	       (symbols->versions != NULL && (symbols->versions[found] & VERSION_HIDDEN) != 0 &&
		(symbols->versions[index] & VERSION_HIDDEN) == 0);
}

/* The GNU hash section: nbuckets, symoffset, bloom size and shift, bloom, buckets, chains. */
static uint32_t gnu_find(const struct symbols *symbols, const char *name)
{
	const uint32_t *header = symbols->gnu_hash;
	uint32_t bucket_count = header[0], offset = header[1];
	const ElfW(Addr) *bloom = (const void *)&header[4];
	const uint32_t *buckets = (const void *)&bloom[header[2]];
	const uint32_t *chains = &buckets[bucket_count];
	uint32_t hash = 5381, found = 0, index;

	for (const char *c = name; *c != '\0'; c++)
		hash = hash * 33 + (unsigned char)*c;
	index = bucket_count == 0 ? 0 : buckets[hash % bucket_count];
	if (index < offset)
		return 0;
	for (;; index++) {
		uint32_t link = chains[index - offset];

		if ((link | 1) == (hash | 1) && defines(symbols, index, name) &&
		    is_better_version(symbols, index, found))
			found = index;
		if ((link & 1) != 0)
			return found;
	}
}

/* The System V hash section: nbucket, nchain, buckets, chains. */
static uint32_t sysv_find(const struct symbols *symbols, const char *name)
{
	const uint32_t *header = symbols->sysv_hash;
	const uint32_t *buckets = &header[2];
	const uint32_t *chains = &buckets[header[0]];
	uint32_t hash = 0, found = 0;

	for (const char *c = name; *c != '\0'; c++) {
		hash = (hash << 4) + (unsigned char)*c;
		hash ^= (hash >> 24) & 0xf0;
		hash &= 0x0fffffff;
	}
	if (header[0] == 0)
		return 0;
	for (uint32_t i = buckets[hash % header[0]]; i != STN_UNDEF; i = chains[i]) {
		if (defines(symbols, i, name) && is_better_version(symbols, i, found))
			found = i;
	}
	return found;
}

void *elf_symbol(const struct elf_object *object, const char *name)
{
	struct symbols symbols;
	uint32_t index;

	if (!symbols_of(object, &symbols))
		return NULL;
	if (symbols.gnu_hash != NULL)
		index = gnu_find(&symbols, name);
	else
		index = symbols.sysv_hash == NULL ? 0 : sysv_find(&symbols, name);
	return index == 0 ? NULL : (void *)(object->base + symbols.table[index].st_value);
}

void *elf_own_symbol(const char *name)
{
	struct elf_object own = {(uintptr_t)__ehdr_start, (uintptr_t)__ehdr_start, (uintptr_t)_end,
				 _DYNAMIC};

	return elf_symbol(&own, name);
}

bool elf_is_permanent(const struct elf_object *object)
{
	for (const ElfW(Dyn) *d = object->dynamic; d != NULL && d->d_tag != DT_NULL; d++) {
		if (d->d_tag == DT_FLAGS_1)
			return (d->d_un.d_val & DF_1_NODELETE) != 0;
	}
	return false;
}

static const char *dynamic_string(const struct elf_object *object, ElfW(Sxword) tag, int index)
{
	struct symbols symbols;

	if (!symbols_of(object, &symbols))
		return NULL;
	for (const ElfW(Dyn) *d = object->dynamic; d->d_tag != DT_NULL; d++) {
		if (d->d_tag == tag && index-- == 0)
			return symbols.strings + d->d_un.d_val;
	}
	return NULL;
}

const char *elf_needed(const struct elf_object *object, int index)
{
	return dynamic_string(object, DT_NEEDED, index);
}

const char *elf_soname(const struct elf_object *object)
{
	return dynamic_string(object, DT_SONAME, 0);
}

/* --- objects ------------------------------------------------------------- */

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

static _Atomic int unloading; /* how many threads are in dlclose */
static _Atomic int
	in_list; /* how many threads hold the lock of the loader's list, or wait for it */
static _Atomic bool orphaned; /* the list was locked by a thread that fork left in the parent */

/*
 * A page that the kernel empties in a forked child (MADV_WIPEONFORK, Linux 4.14).  It shows a fork
 * also where parent and child have the same pid: 1, each in a PID namespace of its own.
 */
static _Atomic unsigned char *witness(void)
{
	static _Atomic(_Atomic unsigned char *) page;
	_Atomic unsigned char *known = atomic_load(&page), *none = NULL;
	void *made;

	if (known != NULL)
		return known;
	made = kernel_pages(1, false);
	if (made == NULL)
		return NULL;
	known = made;
	if (syscall(SYS_madvise, made, 1L, MADV_WIPEONFORK) == 0) {
		atomic_store(known, 1);
		if (atomic_compare_exchange_strong(&page, &none, known))
			return known;
	}
	kernel_pages_free(made, 1);
	return none;
}

/* For Linux before 4.14, and qemu 7, whose madvise returns 0 and does nothing. */
static bool has_another_pid(void)
{
	static _Atomic pid_t process;
	pid_t now = kernel_getpid();
	pid_t before = atomic_load(&process);

	return before != now && atomic_compare_exchange_strong(&process, &before, now) &&
	       before != 0;
}

static void notice_a_fork(void)
{
	int saved_errno = errno;
	_Atomic unsigned char *alive = witness();
	bool was_wiped = alive != NULL && atomic_exchange(alive, 1) == 0;

	if (has_another_pid() || was_wiped) {
		atomic_store(&unloading, 0);
		if (atomic_exchange(&in_list, 0) != 0)
			atomic_store(&orphaned, true);
	}
	errno = saved_errno;
}

void elf_unload_begins(void)
{
	notice_a_fork();
	atomic_fetch_add(&unloading, 1);
}

void elf_unload_ended(void)
{
	int before = atomic_load(&unloading);

	/* A child that was forked in the middle of a dlclose has set the number back to 0. */
	while (before > 0 && !atomic_compare_exchange_weak(&unloading, &before, before - 1))
		;
}

bool elf_is_unloading(void)
{
	if (atomic_load(&unloading) == 0)
		return false;
	notice_a_fork();
	return atomic_load(&unloading) != 0;
}

static bool each_locked(elf_visit visit, void *data)
{
	struct visit both = {visit, data};
	bool ended;

	atomic_fetch_add(&in_list, 1);
	ended = dl_iterate_phdr(visit_one, &both) != 0;
	atomic_fetch_sub(&in_list, 1);
	return ended;
}

static bool (*object_source)(elf_visit visit, void *data);

void elf_set_source(bool (*each)(elf_visit visit, void *data))
{
	object_source = each;
}

bool elf_each(elf_visit visit, void *data)
{
	if (object_source != NULL)
		return object_source(visit, data);
	notice_a_fork();
	return atomic_load(&orphaned) ? each_unlocked(visit, data) : each_locked(visit, data);
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

/* --- without a lock ---------------------------------------------------------- */

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
	return object_source == NULL && finder() != NULL;
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
			calls.entries = dynamic_address(from, d->d_un.d_ptr);
		else if (d->d_tag == DT_PLTRELSZ)
			calls.size = d->d_un.d_val;
		else if (d->d_tag == TABLE)
			others.entries = dynamic_address(from, d->d_un.d_ptr);
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

bool elf_object_at(const void *address, struct elf_object *object)
{
	if (elf_can_find())
		return elf_find(address, object);
	return elf_each(covers, &(struct search){(uintptr_t)address, NULL, object});
}

static bool is_named(const struct elf_object *object, void *data)
{
	const struct search *search = data;
	const char *soname = elf_soname(object);

	if (soname == NULL || !is_same_text(soname, search->soname))
		return false;
	*search->found = *object;
	return true;
}

bool elf_object_named(const char *soname, struct elf_object *object)
{
	return elf_each(is_named, &(struct search){0, soname, object});
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
	struct elf_object first;

	return elf_each(ours_or_covers, &(struct search){(uintptr_t)address, NULL, &first}) &&
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
