/* SPDX-License-Identifier: MIT
 *
 * elf_list: the ELF objects of this process, in the order in which they were loaded.
 *
 * Nothing here allocates (but for one page) or changes errno.  elf_next calls no function of libc:
 * a sanitizer's runtime calls it through dlsym (dl.c) before its own wrappers work.  Safe from any
 * thread; the caller has to know that the object that it asks about stays loaded.
 */
#ifndef SSLHARDEN_ELF_LIST_H
#define SSLHARDEN_ELF_LIST_H

#include "loader/elf_object.h"

/* Returns true to end the walk. */
typedef bool (*elf_visit)(const struct elf_object *object, void *data);

/*
 * Calls @visit for the objects of the program's namespace in the order in which they were loaded,
 * which for those loaded at start is the order in which symbols are searched.  The loader's list is
 * locked meanwhile: @visit may read objects, but not call their functions.  Returns whether @visit
 * ended the walk.
 *
 * In a child that was forked while another thread was in here the list stays locked for ever
 * (glibc's fork does not reset the lock); there it is walked without the lock.
 */
bool elf_each(elf_visit visit, void *data);

/*
 * Makes elf_each use @each instead of dl_iterate_phdr, which walks its caller's namespace, and in
 * an audit library that is not the program's.  To be called once, while there is one thread.
 */
void elf_set_source(bool (*each)(elf_visit visit, void *data));

/* Whether it does. */
bool elf_has_source(void);

/*
 * The next definition of @name after this library in the order of loading; NULL: there is none.
 * For functions of libc, which is there from the start: takes no lock.
 */
void *elf_next(const char *name);

/* The same, looked up at the first call and then remembered. */
struct elf_next {
	const char *name;
	_Atomic(void *) address;
};
void *elf_next_of(struct elf_next *next);

/* Finds the object that covers @address. */
bool elf_object_at(const void *address, struct elf_object *object);

/* Finds the first object with the DT_SONAME @soname. */
bool elf_object_named(const char *soname, struct elf_object *object);

/* Describes an object of the loader's list; false if its program headers cannot be found. */
bool elf_of_map(const struct link_map *map, struct elf_object *object);

/* Whether @address is in an object that was loaded before this library. */
bool elf_comes_before_us(const void *address);

/*
 * Whether an object that was loaded before this library defines @name; with @caller (an address,
 * not NULL) only objects after the one that covers it count.
 */
bool elf_defined_before_us(const void *caller, const char *name);

#endif
