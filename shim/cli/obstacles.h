/* SPDX-License-Identifier: MIT
 *
 * obstacles: what keeps the loader from bringing the library into a program, whatever TLS that has.
 */
#ifndef SSLHARDEN_OBSTACLES_H
#define SSLHARDEN_OBSTACLES_H

#include "inspect.h"

/*
 * Those that LD_PRELOAD meets on its way: secure execution, and words that take it out of the
 * environment.  Where /etc/ld.so.preload names the library there are none.
 *
 * @library  the file of libsslharden.so, read
 * @reasons  takes a line for each
 * @notes    takes one for each that others would have who start the program
 */
void obstacles_on_the_way(const struct inspection *inspection, const struct elf_file *library,
			  struct strings *reasons, struct strings *notes);

/* Those that are in the program itself, likewise: its architecture, its libc, no loader at all. */
void obstacles_in_the_program(const struct inspection *inspection, const struct elf_file *library,
			      struct strings *reasons, struct strings *notes);

#endif
