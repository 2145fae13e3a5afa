/* SPDX-License-Identifier: MIT
 *
 * elf_find: look-ups of ELF objects without a lock, so that they work in a signal handler that has
 * interrupted the loader and in a child that was forked while another thread was in it.
 *
 * They allocate nothing and leave errno as found.  Safe from any thread, for objects that stay loaded
 * meanwhile.
 */
#ifndef SSLHARDEN_ELF_FIND_H
#define SSLHARDEN_ELF_FIND_H

#include "loader/elf_object.h"

/* Whether they may be used: with glibc 2.35 and later, but not in an audit library. */
bool elf_can_find(void);

/* Finds the object that covers @address. */
bool elf_find(const void *address, struct elf_object *object);

/*
 * Finds the first object with @matches true among those that the relocated words of @from point into.
 */
bool elf_find_linked(const struct elf_object *from,
		     bool (*matches)(const struct elf_object *object), struct elf_object *object);

#endif
