/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "elf_file.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "elf_dynamic.h"

enum {
	NEEDED_MAX = 1000, /* of one file; more is an attack on our time */
	CHUNK = 1 << 20, /* bytes of a file that are searched at once */
	OVERLAP = 128, /* longer than all that is searched for */
};

static const off_t SIZE_MOST = (off_t)2 << 30; /* more is searched for longer than one waits */

static const char *const wrapped[] = {
#define HOOK(ret, name, params) #name,
#define REAL(ret, name, params)
#include "hooks/hooks.def"
#undef HOOK
#undef REAL
};

/* --- what the loader reads -------------------------------------------------- */

static void symbol_read(void *user, const GElf_Sym *symbol, const char *name)
{
	struct elf_file *file = user;

	if (symbol->st_shndx != SHN_UNDEF) {
		file->defines_libssl |= strcmp(name, "SSL_CTX_new") == 0;
		file->defines_libcrypto |= strcmp(name, "EVP_DigestInit") == 0;
		file->is_boringssl |= strcmp(name, "BORINGSSL_self_test") == 0;
		return;
	}
	file->imports_dlopen |= strcmp(name, "dlopen") == 0 || strcmp(name, "dlmopen") == 0;
	file->imports_exec |= strncmp(name, "exec", 4) == 0 ||
			      strncmp(name, "posix_spawn", strlen("posix_spawn")) == 0 ||
			      strcmp(name, "fexecve") == 0;
	for (size_t i = 0; i < sizeof(wrapped) / sizeof(wrapped[0]); i++) {
		if (strcmp(name, wrapped[i]) == 0 && !strings_have(&file->calls, name))
			strings_add(&file->calls, name);
	}
}

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
	const struct elf_dynamic_visitor visitor = {dynamic_entry, dynamic_flags, symbol_read,
						    file};
	size_t count;

	if (elf_getphdrnum(elf, &count) != 0)
		return false;
	for (size_t i = 0; i < count && i <= INT32_MAX; i++) {
		GElf_Phdr header;

		if (gelf_getphdr(elf, (int)i, &header) == NULL)
			return false;
		if (header.p_type == PT_INTERP && !interpreter_read(file, elf, &header))
			return false;
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
			symbol_read(file, &symbol, name);
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

/* --- text ------------------------------------------------------------------ */

/* "OpenSSL 3.0.15 3 Sep 2024" as "OpenSSL 3.0.15"; a mere mention is no version. */
static char *version_at(const char *text, const char *end, const char *maker)
{
	const char *number = text + strlen(maker), *c = number;
	int dots = 0;

	while (c < end && (isalnum((unsigned char)*c) || *c == '.' || *c == '-'))
		dots += *c++ == '.';
	if (c == number || !isdigit((unsigned char)*number) || dots != 2 || c - number > 32 ||
	    c >= end || (*c != ' ' && *c != '\0'))
		return NULL;
	return text_make("%s%.*s", maker, (int)(c - number), number);
}

static void chunk_search(struct elf_file *file, const char *chunk, size_t len)
{
	static const char *const makers[] = {"OpenSSL ", "LibreSSL "};

	file->names_libssl |= memmem(chunk, len, "libssl.so", strlen("libssl.so")) != NULL;
	/* Errors are raised with __FILE__ in every OpenSSL and BoringSSL. */
	file->names_source |= memmem(chunk, len, "/ssl_lib.c", strlen("/ssl_lib.c")) != NULL;
	for (size_t i = 0; i < sizeof(makers) / sizeof(makers[0]) && file->version == NULL; i++) {
		const char *at = chunk, *end = chunk + len;

		while (file->version == NULL && at != NULL) {
			at = memmem(at, (size_t)(end - at), makers[i], strlen(makers[i]));
			if (at != NULL)
				file->version = version_at(at++, end, makers[i]);
		}
	}
}

/* By reading, not by mapping: who cuts the file meanwhile would kill us. */
static void text_read(struct elf_file *file, int fd)
{
	char *chunk = memory_or_exit(malloc(CHUNK));
	off_t at = 0;
	ssize_t len;

	while ((len = pread(fd, chunk, CHUNK, at)) > 0) {
		chunk_search(file, chunk, (size_t)len);
		at += len > OVERLAP ? len - OVERLAP : len;
	}
	free(chunk);
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
	if (read)
		text_read(file, fd);
	return read;
}

bool elf_file_read(const char *path, struct elf_file *file, char **why)
{
	/* A pipe or a device would hold us up. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;
	bool read = false;

	*file = (struct elf_file){.path = memory_or_exit(strdup(path))};
	elf_version(EV_CURRENT);
	if (fd < 0 || fstat(fd, &st) != 0)
		*why = text_make("%s: %s", path, strerror(errno));
	else if (!S_ISREG(st.st_mode))
		*why = text_make("%s: not a regular file", path);
	else if (st.st_size > SIZE_MOST)
		*why = text_make("%s: larger than 2 GiB, not read", path);
	else
		read = descriptor_read(file, fd, why);
	if (fd >= 0)
		close(fd);
	return read;
}

bool elf_file_fits(const struct elf_file *a, const struct elf_file *b)
{
	return a->machine == b->machine && a->is_64 == b->is_64;
}

bool elf_file_is_musl(const struct elf_file *file)
{
	return file->interpreter != NULL && strstr(file->interpreter, "/ld-musl-") != NULL;
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
