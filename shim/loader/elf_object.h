/* SPDX-License-Identifier: MIT
 *
 * elf_object: the ELF objects of this process, and the symbols that they define (ELF: System V ABI,
 * chapters 4 and 5; GNU hash section as in glibc's elf/dl-lookup.c).
 *
 * The symbol tables are read here because dlsym and dlopen(RTLD_NOLOAD) will not do: they allocate,
 * take the loader's lock, change what dlerror returns, have another symbol version from glibc 2.34
 * on, are wrapped by this library and others, and do not see the program's namespace from an audit
 * library.
 *
 * Nothing here allocates (but for one page) or changes errno.  elf_next calls no function of libc:
 * a sanitizer's runtime calls it through dlsym (dl.c) before its own wrappers work.  Safe from any
 * thread; the caller has to know that the object that it asks about stays loaded.
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

/*
 * Look-ups without a lock, so that they work in a signal handler that has interrupted the loader
 * and in a child that was forked while another thread was in it.  To be used only if elf_can_find
 * returns true (glibc 2.35 and later; not in an audit library) and for objects that stay loaded
 * meanwhile.
 *
 * elf_find finds the object that covers @address.  elf_find_linked finds the first object with
 * @matches true among those that the relocated words of @from point into.
 */
bool elf_can_find(void);
bool elf_find(const void *address, struct elf_object *object);
bool elf_find_linked(const struct elf_object *from,
		     bool (*matches)(const struct elf_object *object), struct elf_object *object);

/* To be called around the program's dlclose; and whether a thread of this process is in dlclose. */
void elf_unload_begins(void);
void elf_unload_ended(void);
bool elf_is_unloading(void);

/* Finds the object that covers @address. */
bool elf_object_at(const void *address, struct elf_object *object);

/* Finds the first object with the DT_SONAME @soname. */
bool elf_object_named(const char *soname, struct elf_object *object);

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

/* Describes an object of the loader's list; false if its program headers cannot be found. */
bool elf_of_map(const struct link_map *map, struct elf_object *object);

/* Whether @address is in this library, or in an object that was loaded before it. */
bool elf_is_ours(const void *address);
bool elf_comes_before_us(const void *address);

/*
 * Whether an object that was loaded before this library defines @name; with @caller (an address,
 * not NULL) only objects after the one that covers it count.
 */
bool elf_defined_before_us(const void *caller, const char *name);

#endif
