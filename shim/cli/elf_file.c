/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "elf_file.h"

#include <gelf.h>
#include <libelf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "elf_dynamic.h"
#include "elf_names.h"
#include "elf_text.h"
#include "path.h"
#include "regular_file.h"

enum {
	NEEDED_MAX = 1000, /* of one file; more is an attack on our time */
	PAGE = 4096, /* bytes; larger ones begin segments at the same places */
};

/* --- what the loader reads -------------------------------------------------- */

static void set_once(char **text, const char *value)
{
	if (*text == NULL)
		*text = memory_or_exit(strdup(value));
}

static void dynamic_entry(void *user, GElf_Sxword tag, const char *text)
{
	struct elf_file *file = user;

	switch (tag) {
	case DT_NEEDED:
		if (file->needed.count < NEEDED_MAX)
			strings_add(&file->needed, text);
		break;
	case DT_SONAME:
		set_once(&file->soname, text);
		break;
	case DT_RPATH:
		set_once(&file->rpath, text);
		break;
	case DT_RUNPATH:
		set_once(&file->runpath, text);
		break;
	}
}

static void dynamic_flags(void *user, GElf_Xword flags)
{
	struct elf_file *file = user;

	file->is_pie = (flags & DF_1_PIE) != 0;
}

static bool interpreter_read(struct elf_file *file, Elf *elf, const GElf_Phdr *header)
{
	Elf_Data *data =
		elf_getdata_rawchunk(elf, (off_t)header->p_offset, header->p_filesz, ELF_T_BYTE);

	if (data == NULL || data->d_size == 0 || memchr(data->d_buf, '\0', data->d_size) == NULL)
		return false;
	set_once(&file->interpreter, data->d_buf);
	return true;
}

static bool segments_read(struct elf_file *file, Elf *elf)
{
	const struct elf_dynamic_visitor visitor = {dynamic_entry, dynamic_flags,
						    elf_name_of_symbol, elf_name_of_slot, file};
	bool has_first = false;
	size_t count;

	if (elf_getphdrnum(elf, &count) != 0)
		return false;
	for (size_t i = 0; i < count && i <= INT32_MAX; i++) {
		GElf_Phdr header;

		if (gelf_getphdr(elf, (int)i, &header) == NULL)
			return false;
		if (header.p_type == PT_INTERP && !interpreter_read(file, elf, &header))
			return false;
		if (header.p_type == PT_LOAD && !has_first) {
			file->first_address = header.p_vaddr & ~(uint64_t)(PAGE - 1);
			has_first = true;
		}
		if (header.p_type != PT_DYNAMIC || file->is_dynamic)
			continue;
		file->is_dynamic = true;
		if (!elf_dynamic_read(elf, &header, &visitor))
			return false;
	}
	return true;
}

/* --- what it may have beside that ------------------------------------------- */

static void symbols_read(struct elf_file *file, Elf *elf, Elf_Scn *section, const GElf_Shdr *header)
{
	Elf_Data *data = elf_getdata(section, NULL);
	size_t size = gelf_fsize(elf, ELF_T_SYM, 1, EV_CURRENT);
	size_t count = data == NULL || size == 0 ? 0 : data->d_size / size;

	for (size_t i = 0; i < count && i <= INT32_MAX; i++) {
		GElf_Sym symbol;
		const char *name;

		if (gelf_getsym(data, (int)i, &symbol) == NULL)
			continue;
		name = elf_strptr(elf, header->sh_link, symbol.st_name);
		if (name != NULL)
			elf_name_of_symbol(file, &symbol, name);
	}
}

static bool sections_read(struct elf_file *file, Elf *elf)
{
	Elf_Scn *section = NULL;
	size_t names;

	if (elf_getshdrstrndx(elf, &names) != 0)
		return true; /* stripped of them */
	while ((section = elf_nextscn(elf, section)) != NULL) {
		GElf_Shdr header;
		const char *name;

		if (gelf_getshdr(section, &header) == NULL)
			return false;
		name = elf_strptr(elf, names, header.sh_name);
		file->is_go |= name != NULL && (strcmp(name, ".go.buildinfo") == 0 ||
						strcmp(name, ".note.go.buildid") == 0);
		if (header.sh_type == SHT_SYMTAB)
			symbols_read(file, elf, section, &header);
	}
	return true;
}

/* --- the file --------------------------------------------------------------- */

static bool header_read(struct elf_file *file, Elf *elf)
{
	GElf_Ehdr header;

	if (gelf_getehdr(elf, &header) == NULL)
		return false;
	file->machine = header.e_machine;
	file->is_64 = header.e_ident[EI_CLASS] == ELFCLASS64;
	return true;
}

static bool descriptor_read(struct elf_file *file, int fd, char **why)
{
	Elf *elf = elf_begin(fd, ELF_C_READ, NULL);
	bool read = false;

	if (elf == NULL || elf_kind(elf) != ELF_K_ELF)
		*why = text_make("%s: not an ELF file", file->path);
	else if (!header_read(file, elf) || !segments_read(file, elf) || !sections_read(file, elf))
		*why = text_make("%s: a damaged ELF file (%s)", file->path, elf_errmsg(-1));
	else
		read = true;
	elf_end(elf);
	if (read && !elf_text_read(file, fd)) {
		*why = text_make("%s: not read to its end: it, or what was read before, is larger "
				 "than 1 GiB",
				 file->path);
		file->is_cut = true;
		read = false;
	}
	return read;
}

bool elf_file_read_at(const char *place, const char *path, struct elf_file *file, char **why)
{
	int fd = regular_file_open(place, path, why);
	bool read;

	*file = (struct elf_file){.path = memory_or_exit(strdup(path))};
	elf_version(EV_CURRENT);
	read = fd >= 0 && descriptor_read(file, fd, why);
	if (fd >= 0)
		close(fd);
	return read;
}

bool elf_file_read(const char *path, struct elf_file *file, char **why)
{
	return elf_file_read_at(path, path, file, why);
}

bool elf_file_fits(const struct elf_file *a, const struct elf_file *b)
{
	return a->machine == b->machine && a->is_64 == b->is_64;
}

bool elf_file_is_musl(const struct elf_file *file)
{
	return file->interpreter != NULL && strstr(file->interpreter, "/ld-musl-") != NULL;
}

bool elf_file_is_named(const struct elf_file *file, const char *prefix)
{
	return text_begins(base_name(file->path), prefix) || text_begins(file->soname, prefix);
}

bool elf_file_is_ours(const struct elf_file *file)
{
	return elf_file_is_named(file, "libsslharden.so");
}

bool elf_file_is_libssl(const struct elf_file *file)
{
	return file->defines_libssl && !elf_file_is_ours(file) &&
	       strstr(base_name(file->path), "ssl") != NULL;
}

/* Of a library or a plugin, which is looked at too, its soname or its needs tell. */
static bool is_static_pie(const struct elf_file *file)
{
	return file->interpreter == NULL &&
	       (file->is_pie || (file->soname == NULL && file->needed.count == 0));
}

bool elf_file_is_static(const struct elf_file *file)
{
	return !file->is_dynamic || is_static_pie(file);
}

char *elf_file_architecture(const struct elf_file *file)
{
	static const struct {
		int machine;
		const char *name;
	} names[] = {
		{EM_X86_64, "x86-64"}, {EM_386, "i386"},   {EM_AARCH64, "arm64"},
		{EM_ARM, "arm"},       {EM_S390, "s390x"}, {EM_PPC64, "ppc64"},
		{EM_RISCV, "riscv"},   {EM_MIPS, "mips"},
	};
	int bits = file->is_64 ? 64 : 32;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (names[i].machine == file->machine)
			return text_make("%s, %d bits", names[i].name, bits);
	}
	return text_make("machine %d, %d bits", file->machine, bits);
}
