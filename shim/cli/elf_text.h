/* SPDX-License-Identifier: MIT
 *
 * elf_text: what the bytes of an ELF file tell as text, wherever they stand: a libssl that has no
 * symbols left, its version, the names that are given to dlopen and dlsym.
 */
#ifndef SSLHARDEN_ELF_TEXT_H
#define SSLHARDEN_ELF_TEXT_H

#include "elf_file.h"

/*
 * Searches the whole file, by reading, not by mapping: who cuts it meanwhile would kill us.
 *
 * @file  gets version, names_libssl, names_calls and has_libssl_text; where it is Go's
 *        (@file->is_go), names_crypto_tls and defines_exec, too
 * @fd    the file, open to be read; it stays open
 *
 * Returns false if all that one call of the command may read (1 GiB, holes apart) is used up.
 */
bool elf_text_read(struct elf_file *file, int fd);

#endif
