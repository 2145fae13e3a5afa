/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "elf_dynamic.h"

#include <stdint.h>
#include <string.h>

/* What the entries say; addresses are those of the segments, not of the file. */
struct tables {
	Elf *elf;
	GElf_Addr strings, symbols, hash, gnu_hash; /* 0: there is none */
	GElf_Xword strings_size;
	GElf_Addr plt, rela, rel; /* relocations */
	GElf_Xword plt_size, rela_size, rel_size;
	bool plt_is_rela;
};

/* The bytes of the file that become those from @address on, @size of them or, if 0, all. */
static Elf_Data *data_at(Elf *elf, GElf_Addr address, GElf_Xword size, Elf_Type type)
{
	size_t count;

	if (elf_getphdrnum(elf, &count) != 0)
		return NULL;
	for (size_t i = 0; i < count && i <= INT32_MAX; i++) {
		GElf_Phdr header;
		GElf_Xword room, skip;

		if (gelf_getphdr(elf, (int)i, &header) == NULL)
			return NULL;
		skip = address - header.p_vaddr;
		if (header.p_type != PT_LOAD || address < header.p_vaddr || skip >= header.p_filesz)
			continue;
		room = header.p_filesz - skip;
		if (size > room)
			return NULL;
		return elf_getdata_rawchunk(elf, (int64_t)(header.p_offset + skip),
					    size != 0 ? size : room, type);
	}
	return NULL;
}

static const char *string_at(const Elf_Data *strings, GElf_Xword at)
{
	const char *text = strings->d_buf;

	return at < strings->d_size && memchr(text + at, '\0', strings->d_size - at) != NULL
		       ? text + at
		       : NULL;
}

/*
 * No entry tells how many symbols there are.  DT_HASH has a chain word for each.  A GNU
 * hash table ends with the chain of its highest bucket, whose last word is odd; symbols
 * that are not in it, those imported among them, come first.
 */
static size_t hash_count(const Elf_Data *data)
{
	const uint32_t *words = data->d_buf;

	return data->d_size < 2 * sizeof(*words) ? 0 : words[1];
}

static size_t gnu_hash_count(const Elf_Data *data, bool is_64)
{
	const uint32_t *words = data->d_buf;
	size_t total = data->d_size / sizeof(*words), buckets, chains, last = 0;

	if (total < 4)
		return 0;
	buckets = 4 + (size_t)words[2] * (is_64 ? 2 : 1); /* behind the Bloom filter's addresses */
	chains = buckets + words[0];
	if (chains > total)
		return 0;
	for (size_t i = buckets; i < chains; i++)
		last = words[i] > last ? words[i] : last;
	if (last < words[1]) /* every bucket is empty */
		return words[1];
	for (size_t at = chains + last - words[1]; at < total; at++, last++) {
		if ((words[at] & 1) != 0)
			return last + 1;
	}
	return 0;
}

static size_t symbols_count(const struct tables *tables)
{
	Elf_Data *data;

	if (tables->hash != 0 && (data = data_at(tables->elf, tables->hash, 0, ELF_T_WORD)) != NULL)
		return hash_count(data);
	if (tables->gnu_hash != 0 &&
	    (data = data_at(tables->elf, tables->gnu_hash, 0, ELF_T_WORD)) != NULL)
		return gnu_hash_count(data, gelf_getclass(tables->elf) == ELFCLASS64);
	return 0;
}

static bool symbols_read(const struct tables *tables, const Elf_Data *strings,
			 const struct elf_dynamic_visitor *visitor)
{
	size_t count = symbols_count(tables);
	size_t size = gelf_fsize(tables->elf, ELF_T_SYM, 1, EV_CURRENT);
	Elf_Data *data;

	if (tables->symbols == 0 || count == 0)
		return true;
	if (count > INT32_MAX || size == 0)
		return false;
	data = data_at(tables->elf, tables->symbols, count * size, ELF_T_SYM);
	for (size_t i = 0; data != NULL && i < count; i++) {
		GElf_Sym symbol;
		const char *name;

		if (gelf_getsym(data, (int)i, &symbol) == NULL)
			return false;
		name = string_at(strings, symbol.st_name);
		if (name != NULL)
			visitor->symbol(visitor->user, &symbol, name);
	}
	return data != NULL;
}

static void slots_read(const struct tables *tables, const Elf_Data *strings, GElf_Addr address,
		       GElf_Xword size, bool is_rela, const struct elf_dynamic_visitor *visitor)
{
	Elf_Type type = is_rela ? ELF_T_RELA : ELF_T_REL;
	size_t each = gelf_fsize(tables->elf, type, 1, EV_CURRENT);
	Elf_Data *data = address == 0 || size == 0 || each == 0
				 ? NULL
				 : data_at(tables->elf, address, size - size % each, type);
	Elf_Data *symbols = data == NULL || tables->symbols == 0
				    ? NULL
				    : data_at(tables->elf, tables->symbols, 0, ELF_T_SYM);

	for (size_t i = 0; symbols != NULL && i < size / each && i <= INT32_MAX; i++) {
		GElf_Rela entry = {0};
		GElf_Rel entry_of_rel = {0};
		GElf_Sym symbol;
		const char *name;

		if (is_rela ? gelf_getrela(data, (int)i, &entry) == NULL
			    : gelf_getrel(data, (int)i, &entry_of_rel) == NULL)
			return;
		if (!is_rela)
			entry = (GElf_Rela){entry_of_rel.r_offset, entry_of_rel.r_info, 0};
		if (GELF_R_SYM(entry.r_info) == 0 || GELF_R_SYM(entry.r_info) > INT32_MAX ||
		    gelf_getsym(symbols, (int)GELF_R_SYM(entry.r_info), &symbol) == NULL)
			continue;
		name = string_at(strings, symbol.st_name);
		if (name != NULL)
			visitor->slot(visitor->user, entry.r_offset, name);
	}
}

static void relocations_read(const struct tables *tables, const Elf_Data *strings,
			     const struct elf_dynamic_visitor *visitor)
{
	slots_read(tables, strings, tables->plt, tables->plt_size, tables->plt_is_rela, visitor);
	slots_read(tables, strings, tables->rela, tables->rela_size, true, visitor);
	slots_read(tables, strings, tables->rel, tables->rel_size, false, visitor);
}

static void table_note(struct tables *tables, const GElf_Dyn *entry)
{
	switch (entry->d_tag) {
	case DT_JMPREL:
		tables->plt = entry->d_un.d_ptr;
		break;
	case DT_PLTRELSZ:
		tables->plt_size = entry->d_un.d_val;
		break;
	case DT_PLTREL:
		tables->plt_is_rela = entry->d_un.d_val == DT_RELA;
		break;
	case DT_RELA:
		tables->rela = entry->d_un.d_ptr;
		break;
	case DT_RELASZ:
		tables->rela_size = entry->d_un.d_val;
		break;
	case DT_REL:
		tables->rel = entry->d_un.d_ptr;
		break;
	case DT_RELSZ:
		tables->rel_size = entry->d_un.d_val;
		break;
	case DT_STRTAB:
		tables->strings = entry->d_un.d_ptr;
		break;
	case DT_STRSZ:
		tables->strings_size = entry->d_un.d_val;
		break;
	case DT_SYMTAB:
		tables->symbols = entry->d_un.d_ptr;
		break;
	case DT_HASH:
		tables->hash = entry->d_un.d_ptr;
		break;
	case DT_GNU_HASH:
		tables->gnu_hash = entry->d_un.d_ptr;
		break;
	}
}

static bool has_text(GElf_Sxword tag)
{
	return tag == DT_NEEDED || tag == DT_SONAME || tag == DT_RPATH || tag == DT_RUNPATH;
}

bool elf_dynamic_read(Elf *elf, const GElf_Phdr *segment, const struct elf_dynamic_visitor *visitor)
{
	Elf_Data *data =
		elf_getdata_rawchunk(elf, (int64_t)segment->p_offset, segment->p_filesz, ELF_T_DYN);
	struct tables tables = {.elf = elf};
	const Elf_Data *strings;
	GElf_Dyn entry;

	if (data == NULL)
		return false;
	for (int i = 0; gelf_getdyn(data, i, &entry) != NULL && entry.d_tag != DT_NULL; i++) {
		table_note(&tables, &entry);
		if (entry.d_tag == DT_FLAGS_1)
			visitor->flags(visitor->user, entry.d_un.d_val);
	}
	if (tables.strings == 0 || tables.strings_size == 0)
		return true;
	strings = data_at(elf, tables.strings, tables.strings_size, ELF_T_BYTE);
	if (strings == NULL)
		return false;
	for (int i = 0; gelf_getdyn(data, i, &entry) != NULL && entry.d_tag != DT_NULL; i++) {
		const char *text =
			has_text(entry.d_tag) ? string_at(strings, entry.d_un.d_val) : NULL;

		if (text != NULL)
			visitor->entry(visitor->user, entry.d_tag, text);
	}
	if (visitor->slot != NULL)
		relocations_read(&tables, strings, visitor);
	return symbols_read(&tables, strings, visitor);
}
