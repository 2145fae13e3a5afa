/* SPDX-License-Identifier: MIT */
#include "loader/elf_object.h"

#include <stddef.h>

enum { VERSION_HIDDEN = 0x8000 }; /* of a .gnu.version entry: not the name's default version */

/* The linker defines these two: where the image of this library begins and ends. */
extern const char __ehdr_start[] __attribute__((visibility("hidden")));
extern const char _end[] __attribute__((visibility("hidden")));

bool elf_is_ours(const void *address)
{
	return (uintptr_t)address >= (uintptr_t)__ehdr_start &&
	       (uintptr_t)address < (uintptr_t)_end;
}

bool elf_is_same_text(const char *a, const char *b)
{
	while (*a == *b && *a != '\0')
		a++, b++;
	return *a == *b;
}

struct symbols {
	const ElfW(Sym) * table;
	const char *strings;
	const ElfW(Half) * versions; /* NULL: none */
	/* DT_GNU_HASH and DT_HASH: an object has one of them, or both. */
	const uint32_t *gnu_hash;
	const uint32_t *sysv_hash;
};

/* glibc relocates these in place; musl and the kernel (for the vdso) leave them as they are. */
const void *elf_address(const struct elf_object *object, ElfW(Addr) value)
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
			symbols->table = elf_address(object, d->d_un.d_ptr);
			break;
		case DT_STRTAB:
			symbols->strings = elf_address(object, d->d_un.d_ptr);
			break;
		case DT_VERSYM:
			symbols->versions = elf_address(object, d->d_un.d_ptr);
			break;
		case DT_GNU_HASH:
			symbols->gnu_hash = elf_address(object, d->d_un.d_ptr);
			break;
		case DT_HASH:
			symbols->sysv_hash = elf_address(object, d->d_un.d_ptr);
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
	       elf_is_same_text(symbols->strings + symbol->st_name, name);
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
