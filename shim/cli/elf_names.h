/* SPDX-License-Identifier: MIT
 *
 * elf_names: what the names of an ELF file's symbols and relocations tell: what it imports, what is
 * in it, where it keeps the addresses of what it calls.
 */
#ifndef SSLHARDEN_ELF_NAMES_H
#define SSLHARDEN_ELF_NAMES_H

#include <gelf.h>

#include "elf_file.h"

/*
 * As members of struct elf_dynamic_visitor: @user is the struct elf_file that takes note; @name is
 * not kept.
 *
 * @address  of the word that the loader writes that function's address to
 */
void elf_name_of_symbol(void *user, const GElf_Sym *symbol, const char *name);
void elf_name_of_slot(void *user, GElf_Addr address, const char *name);

#endif
