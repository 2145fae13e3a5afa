/* SPDX-License-Identifier: MIT
 *
 * elf_object: the ELF objects of this process, and what they define.
 *
 * Their symbol tables are read here rather than asked for with dlsym and
 * dlopen(RTLD_NOLOAD).  Those two allocate, take the loader's big lock, change
 * what dlerror answers, moved to another symbol version in glibc 2.34, are
 * among the functions that we and others wrap, and know nothing of the
 * program's namespace when we are loaded as an audit library.
 *
 * Nothing here allocates (but for one page) or leaves a mark in errno, and
 * elf_next calls nothing of libc at all: a sanitizer's runtime gets here
 * through dlsym (dl.c) before its own wrappers work.  Safe from any thread; an object is readable only as
 * long as it stays loaded, which is the caller's business.
 */
#ifndef SSLHARDEN_ELF_OBJECT_H
#define SSLHARDEN_ELF_OBJECT_H

#include <link.h>
#include <stdbool.h>
#include <stdint.h>

/* What this library calls itself: how one copy knows another. */
#define OUR_SONAME "libsslharden.so"

struct elf_object {
	uintptr_t base; /* what its addresses are relative to */
	uintptr_t low, high; /* the addresses that it covers */
	const ElfW(Dyn) * dynamic; /* NULL: it defines nothing */
};

/* Answers true to end the visit. */
typedef bool (*elf_visit)(const struct elf_object *object, void *data);

/*
 * Visits the objects of the program's namespace in the order in which they
 * were loaded, which for those loaded at start is the order in which symbols
 * are searched.  The loader's list is locked meanwhile: @visit may read
 * objects, not call into them.  Answers whether a visit ended it.
 *
 * In a child forked while another thread was in here, nobody will ever unlock
 * that list again (glibc leaves it as it was); there it is walked without.
 */
bool elf_each(elf_visit visit, void *data);

/*
 * Visits by @each instead of dl_iterate_phdr, which goes through its caller's
 * namespace: an audit module's is not the program's.  Called once, by the
 * loader's first thread.
 */
void elf_set_source(bool (*each)(elf_visit visit, void *data));

/*
 * The next definition of @name after ours in the order of loading, for what is
 * there from the start: the dynamic linker's own functions.  Takes no lock.
 */
void *elf_next(const char *name);

/* The same, asked once. */
struct elf_next {
	const char *name;
	_Atomic(void *) address;
};
void *elf_next_of(struct elf_next *next);

/*
 * Finds the object that covers @address; and the first of which @is_it is true among those that
 * words of @from, as the loader has relocated it, lead to.  Neither takes a lock, so both do in a
 * signal handler that has interrupted the loader, and in a child forked while another thread was in
 * it.  Only where elf_can_find says so (glibc 2.35 and later; not as an audit library), and only
 * for objects that stay loaded meanwhile.
 */
bool elf_can_find(void);
bool elf_find(const void *address, struct elf_object *object);
bool elf_find_linked(const struct elf_object *from, bool (*is_it)(const struct elf_object *object),
		     struct elf_object *object);

/* Around the program's dlclose; and whether a thread of this process is in there. */
void elf_unload_begins(void);
void elf_unload_ended(void);
bool elf_is_unloading(void);

/* Finds the object that covers @address. */
bool elf_object_at(const void *address, struct elf_object *object);

/* Finds the first object that calls itself @soname. */
bool elf_object_named(const char *soname, struct elf_object *object);

/* The address of the function that @object itself defines as @name, or NULL. */
void *elf_symbol(const struct elf_object *object, const char *name);

/* The same of our own object. */
void *elf_own_symbol(const char *name);

/* Whether an object, once loaded, is never unloaded (-z nodelete): OpenSSL's from 1.1.0 on. */
bool elf_stays(const struct elf_object *object);

/*
 * The DT_NEEDED name number @index, or the DT_SONAME, as a string inside
 * @object; NULL if there is none.
 */
const char *elf_needed(const struct elf_object *object, int index);
const char *elf_soname(const struct elf_object *object);

/* What an object of the loader's list describes; false if it cannot be told. */
bool elf_of_map(const struct link_map *map, struct elf_object *object);

/* Whether @address is in the image that this code is in, or in one loaded before it. */
bool elf_is_ours(const void *address);
bool elf_comes_before_us(const void *address);

/*
 * Whether @name is defined by an object that was loaded before ours, and after the one that
 * @caller is in (NULL: by any).  Those are there from the start: takes no lock for them.
 */
bool elf_defined_before_us(const void *caller, const char *name);

#endif
