/* SPDX-License-Identifier: MIT
 *
 * preloading: this process's environment as what it starts is to have it, with and without the
 * library.
 */
#ifndef SSLHARDEN_PRELOADING_H
#define SSLHARDEN_PRELOADING_H

#include "verdict.h"

/*
 * Puts the library first in LD_PRELOAD, once; what else was there stays behind it.  Returns false
 * with errno set (setenv) if that could not be done.
 *
 * @verdict  of the program that is to be started: what AddressSanitizer's runtime has to be told
 */
bool preloading_begin(const struct elf_file *library, const struct verdict *verdict);

/*
 * Takes the library, and all its settings, out; and switches it off where /etc/ld.so.preload brings
 * it to every program.
 */
void preloading_end(const struct elf_file *library);

#endif
