/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "binding.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "path.h"
#include "process_memory.h"

enum {
	HEADERS_MAX = 1000,
	ENTRIES_MAX = 1000, /* of a dynamic segment */
	OBJECTS_MAX = 10000, /* of the loader's list; more is an attack on our time */
};

/* --- the addresses that calls go through --------------------------------------- */

/* One that the loader has written: where it has not, there is nothing to learn. */
static bool word_read(const struct process *process, uint64_t address, uint64_t *value)
{
	size_t size = process->is_32 ? sizeof(uint32_t) : sizeof(uint64_t);

	*value = 0;
	return process_memory_holds(process, address, size) &&
	       process_memory(process, address, value, size);
}

static bool is_libssl(const struct image *image)
{
	return image->file != NULL && elf_file_is_libssl(image->file);
}

static void passing_add(struct binding *binding, const struct image *image,
			const struct elf_slot *slot, const struct image *target)
{
	for (size_t i = 0; i < binding->passing.count; i++) {
		if (strncmp(binding->passing.items[i], image->path, strlen(image->path)) == 0)
			return; /* one call of a file is enough */
	}
	strings_addf(&binding->passing, "%s calls %s of %s itself", image->path, slot->name,
		     target->path);
}

/* A call of libssl rather than the dlsym by which one may be found. */
static void proof_note(struct binding *binding, const struct image *image,
		       const struct elf_slot *slot)
{
	if (binding->proof != NULL && (!binding->is_by_lookup || strcmp(slot->name, "dlsym") == 0))
		return;
	binding->is_by_lookup = strcmp(slot->name, "dlsym") == 0;
	binding->proof = text_make("%s calls %s of the library", image->path, slot->name);
}

/*
 * A word that the loader has not written yet leads back into its own file.  So may that of a
 * program that is not position-independent, by whose own table others call.
 */
static void slot_look(const struct process *process, const struct image *image,
		      const struct elf_slot *slot, struct binding *binding)
{
	uint64_t at = image->low - image->file->first_address + slot->address, value;
	const struct image *target;

	if (!word_read(process, at, &value))
		return;
	target = maps_image_at(&process->maps, value);
	if (target == NULL || target == image)
		return;
	if (image_is_ours(target))
		proof_note(binding, image, slot);
	else if (is_libssl(target))
		passing_add(binding, image, slot, target);
}

static void slots_look(const struct process *process, struct binding *binding)
{
	for (size_t i = 0; i < process->maps.image_count; i++) {
		const struct image *image = &process->maps.images[i];

		if (image->file == NULL || image_is_ours(image) || is_libssl(image))
			continue;
		for (size_t s = 0; s < image->file->slot_count; s++)
			slot_look(process, image, &image->file->slots[s], binding);
	}
}

/* --- the loader's list ----------------------------------------------------------- */

/* Of the program in memory, its headers' words: p_vaddr of what @type names. */
static bool header_find(const struct process *process, uint32_t type, uint64_t *address)
{
	size_t size = process->is_32 ? sizeof(Elf32_Phdr) : sizeof(Elf64_Phdr);

	for (uint64_t i = 0; i < process->header_count && i < HEADERS_MAX; i++) {
		union {
			Elf32_Phdr of_32;
			Elf64_Phdr of_64;
		} header;

		if (!process_memory(process, process->headers + i * size, &header, size))
			return false;
		if ((process->is_32 ? header.of_32.p_type : header.of_64.p_type) != type)
			continue;
		*address = process->is_32 ? header.of_32.p_vaddr : header.of_64.p_vaddr;
		return true;
	}
	return false;
}

/* Where the loader tells debuggers of its list: DT_DEBUG. */
static bool debug_find(const struct process *process, uint64_t *debug)
{
	size_t word = process->is_32 ? sizeof(uint32_t) : sizeof(uint64_t);
	uint64_t dynamic, headers, at, tag;

	if (!header_find(process, PT_DYNAMIC, &dynamic))
		return false;
	/* A program that is loaded where the kernel likes has its headers' own place in them. */
	at = header_find(process, PT_PHDR, &headers) ? dynamic + process->headers - headers
						     : dynamic;
	for (int i = 0; i < ENTRIES_MAX; i++, at += 2 * word) {
		if (!word_read(process, at, &tag) || tag == DT_NULL)
			return false;
		if (tag == DT_DEBUG)
			return word_read(process, at + word, debug) && *debug != 0;
	}
	return false;
}

/* Places in the loader's list, 0: not in it. */
struct places {
	size_t ours, libssl, libc, count;
};

static void place_note(const struct process *process, uint64_t dynamic, struct places *places)
{
	const struct image *image = maps_image_at(&process->maps, dynamic);
	size_t *place = NULL;

	places->count++;
	if (image == NULL)
		return;
	if (image_is_ours(image))
		place = &places->ours;
	else if (is_libssl(image))
		place = &places->libssl;
	else if (strcmp(base_name(image->path), "libc.so.6") == 0)
		place = &places->libc;
	if (place != NULL && *place == 0)
		*place = places->count;
}

/* struct r_debug and struct link_map (link.h), in the process's words. */
static bool places_find(const struct process *process, struct places *places)
{
	size_t word = process->is_32 ? sizeof(uint32_t) : sizeof(uint64_t);
	uint64_t debug, object, dynamic;

	*places = (struct places){0};
	if (!debug_find(process, &debug) || !word_read(process, debug + word, &object))
		return false;
	while (object != 0 && places->count < OBJECTS_MAX) {
		if (!word_read(process, object + 2 * word, &dynamic))
			return false;
		place_note(process, dynamic, places);
		if (!word_read(process, object + 3 * word, &object))
			return false;
	}
	return places->count > 0;
}

/* In the order of the list the loader looks for what is called; what dlopen brings comes last. */
static bool is_before(size_t place, size_t other)
{
	return other == 0 || place < other;
}

static bool is_audited(const struct process *process)
{
	const char *audit = process_variable(process, "LD_AUDIT");

	return audit != NULL && strstr(audit, "libsslharden") != NULL;
}

static void places_look(const struct process *process, struct binding *binding)
{
	struct places places;

	binding->bound = BOUND_UNPROVED;
	if (!places_find(process, &places))
		return;
	if (places.ours == 0) { /* in another namespace of the loader's, as LD_AUDIT's are */
		if (is_audited(process)) {
			binding->bound = BOUND;
			binding->proof = text_make("the loader asks it (LD_AUDIT)");
		}
	} else if (is_before(places.ours, places.libssl) && is_before(places.ours, places.libc)) {
		binding->bound = BOUND;
		binding->proof = text_make("it comes before libc in the loader's list");
	} else {
		binding->bound = BOUND_NOT;
	}
}

void binding_find(const struct process *process, struct binding *binding)
{
	*binding = (struct binding){0};
	slots_look(process, binding);
	if (binding->proof != NULL)
		binding->bound = BOUND;
	else if (binding->passing.count > 0)
		binding->bound = BOUND_NOT;
	else
		places_look(process, binding);
}
