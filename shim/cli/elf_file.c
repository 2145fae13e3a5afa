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
	SLOTS_MAX = 10000,
	PAGE = 4096, /* bytes; larger ones begin segments at the same places */
};

/* Of all files of one call, without their holes: more is searched for longer than one waits. */
static const off_t BYTES_MOST = (off_t)1 << 30;

static const char *const wrapped[] = {
#define HOOK(ret, name, params) #name,
#define REAL(ret, name, params)
#include "loader/functions.def"
#undef HOOK
#undef REAL
};

/* Not wrapped: libssl itself tells the library of the handshakes that these begin. */
static const char *const begins[] = {"SSL_do_handshake", "BIO_new_ssl"};

static void call_note(struct elf_file *file, const char *name, const char *const *names,
		      size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(name, names[i]) == 0 && !strings_have(&file->calls, name))
			strings_add(&file->calls, name);
	}
}

/* --- what the loader reads -------------------------------------------------- */

static void symbol_read(void *user, const GElf_Sym *symbol, const char *name)
{
	struct elf_file *file = user;

	if (symbol->st_shndx != SHN_UNDEF) {
		file->defines_libssl |= strcmp(name, "SSL_CTX_new") == 0;
		file->defines_libcrypto |= strcmp(name, "EVP_DigestInit") == 0;
		file->defines_exec |= strcmp(name, "execve") == 0;
		file->is_boringssl |= strcmp(name, "BORINGSSL_self_test") == 0;
		return;
	}
	file->imports_dlopen |= strcmp(name, "dlopen") == 0 || strcmp(name, "dlmopen") == 0;
	file->imports_exec |= strncmp(name, "exec", 4) == 0 ||
			      strncmp(name, "posix_spawn", strlen("posix_spawn")) == 0 ||
			      strcmp(name, "fexecve") == 0;
	file->imports_seteuid |= strcmp(name, "seteuid") == 0 || strcmp(name, "setreuid") == 0 ||
				 strcmp(name, "setresuid") == 0;
	call_note(file, name, wrapped, sizeof(wrapped) / sizeof(wrapped[0]));
	call_note(file, name, begins, sizeof(begins) / sizeof(begins[0]));
}

/* What the library puts in the place of libdl's: a program that calls libssl by name. */
static bool is_lookup(const char *name)
{
	return strcmp(name, "dlsym") == 0 || strcmp(name, "dlvsym") == 0;
}

static void slot_read(void *user, GElf_Addr address, const char *name)
{
	struct elf_file *file = user;
	const char *known = is_lookup(name) ? "dlsym" : NULL;

	for (size_t i = 0; known == NULL && i < sizeof(wrapped) / sizeof(wrapped[0]); i++) {
		if (strcmp(name, wrapped[i]) == 0)
			known = wrapped[i];
	}
	if (known == NULL || file->slot_count == SLOTS_MAX)
		return;
	file->slots =
		memory_or_exit(realloc(file->slots, (file->slot_count + 1) * sizeof(*file->slots)));
	file->slots[file->slot_count++] = (struct elf_slot){known, address};
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
						    slot_read, file};
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

static const char *skip(const char *c, const char *end, const char *set)
{
	while (c < end && strchr(set, *c) != NULL && *c != '\0')
		c++;
	return c;
}

/* "3 Sep 2024", as OpenSSL has it behind its version, and nobody who only mentions one. */
static bool is_date(const char *c, const char *end)
{
	static const char digits[] = "0123456789", letters[] = "abcdefghijklmnopqrstuvwxyz";
	const char *day = skip(c, end, digits), *month, *year;

	if (end - c > 12 && memcmp(c, "xx XXX xxxx", strlen("xx XXX xxxx")) == 0)
		return true; /* one that was not released */
	if (day == c || day - c > 2 || end - day < 9 || *day != ' ' ||
	    !isupper((unsigned char)day[1]))
		return false;
	month = skip(day + 2, end, letters);
	year = month - day == 4 && *month == ' ' ? skip(month + 1, end, digits) : month;
	return year - month == 5;
}

/* "OpenSSL 3.0.15 3 Sep 2024" as "OpenSSL 3.0.15"; LibreSSL's has no date, and ends there. */
static char *version_at(const char *text, const char *end, const char *maker, bool has_date)
{
	const char *number = text + strlen(maker), *c = number, *after;
	int dots = 0;

	while (c < end && (isalnum((unsigned char)*c) || strchr(".-+", *c) != NULL) && *c != '\0')
		dots += *c++ == '.';
	if (c == number || !isdigit((unsigned char)*number) || dots != 2 || c - number > 32 ||
	    c >= end)
		return NULL;
	after = skip(c, end, " ");
	if (end - after > 5 && memcmp(after, "FIPS ", 5) == 0)
		after = skip(after + 4, end, " ");
	if (has_date ? after == c || !is_date(after, end) : *c != '\0')
		return NULL;
	return text_make("%s%.*s", maker, (int)(c - number), number);
}

static bool has(const char *chunk, size_t len, const char *text, size_t size)
{
	return memmem(chunk, len, text, size) != NULL;
}

#define HAS(chunk, len, text) has(chunk, len, text, sizeof(text) - 1)

/*
 * What libssl alone says: errors are raised with __FILE__ in every OpenSSL and BoringSSL that
 * was not told to leave it out, and its states have names.  Without the first letter, or this
 * file said it too.
 */
static bool has_libssl_text(const char *chunk, size_t len)
{
	static const struct {
		char first;
		const char *rest;
	} texts[] = {{'/', "ssl_lib.c"},
		     {'S', "SLv3/TLS write server hello"},
		     {'S', "SLv3 write server hello A"}};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		const char *at = chunk, *end = chunk + len, *rest = texts[i].rest;

		while ((at = memmem(at, (size_t)(end - at), rest, strlen(rest))) != NULL) {
			if (at > chunk && at[-1] == texts[i].first)
				return true;
			at++;
		}
	}
	return false;
}

static void chunk_search(struct elf_file *file, const char *chunk, size_t len)
{
	static const struct {
		const char *name;
		bool has_date;
	} makers[] = {{"OpenSSL ", true}, {"LibreSSL ", false}};

	file->names_libssl = file->names_libssl || HAS(chunk, len, "libssl.so");
	file->names_calls = file->names_calls || HAS(chunk, len, "\0SSL_accept\0") ||
			    HAS(chunk, len, "\0SSL_set_accept_state\0");
	file->has_libssl_text = file->has_libssl_text || has_libssl_text(chunk, len);
	if (file->is_go) {
		file->names_crypto_tls =
			file->names_crypto_tls || HAS(chunk, len, "crypto/tls.(*Conn)");
		file->defines_exec = file->defines_exec || HAS(chunk, len, "syscall.Exec");
	}
	for (size_t i = 0; i < sizeof(makers) / sizeof(makers[0]) && file->version == NULL; i++) {
		const char *at = chunk, *end = chunk + len, *name = makers[i].name;

		while (file->version == NULL && at != NULL) {
			at = memmem(at, (size_t)(end - at), name, strlen(name));
			if (at != NULL)
				file->version = version_at(at++, end, name, makers[i].has_date);
		}
	}
}

/*
 * By reading, not by mapping: who cuts the file meanwhile would kill us.  Holes are passed
 * over.  False if the budget is used up.
 */
static bool text_read(struct elf_file *file, int fd)
{
	static off_t used; /* by this call of the command */
	char *chunk = memory_or_exit(malloc(CHUNK));
	off_t at = 0, hole = 0;
	ssize_t len = 1;

	while (len > 0 && used < BYTES_MOST) {
		if (at >= hole) {
			off_t data = lseek(fd, at, SEEK_DATA);

			if (data < 0 && errno == ENXIO)
				break; /* a hole up to the end */
			at = data < 0 ? at : data;
			hole = data < 0 ? BYTES_MOST : lseek(fd, at, SEEK_HOLE);
		}
		len = pread(fd, chunk, CHUNK, at);
		if (len > 0)
			chunk_search(file, chunk, (size_t)len);
		used += len > 0 ? len : 0;
		at += len > OVERLAP ? len - OVERLAP : len;
	}
	free(chunk);
	return used < BYTES_MOST;
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
	if (read && !text_read(file, fd)) {
		*why = text_make("%s: not read to its end: it, or what was read before, is larger "
				 "than 1 GiB",
				 file->path);
		file->is_cut = true;
		read = false;
	}
	return read;
}

/* What it is is asked before it is opened.  Without /proc its name is opened once more. */
int elf_file_open(const char *place, const char *path, char **why)
{
	int handle = open(place, O_PATH | O_CLOEXEC), fd = -1;
	struct stat st, again;

	if (handle < 0 || fstat(handle, &st) != 0) {
		*why = text_make("%s: %s", path, strerror(errno));
	} else if (!S_ISREG(st.st_mode)) {
		*why = text_make("%s: not a regular file", path);
	} else {
		char *self = text_make("/proc/self/fd/%d", handle);

		fd = open(self, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
		if (fd < 0 && errno == ENOENT)
			fd = open(place, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
		free(self);
		if (fd < 0 || fstat(fd, &again) != 0)
			*why = text_make("%s: %s", path, strerror(errno));
		else if (again.st_dev != st.st_dev || again.st_ino != st.st_ino) {
			*why = text_make("%s: it was replaced while it was read", path);
			close(fd);
			fd = -1;
		}
	}
	if (handle >= 0)
		close(handle);
	return fd;
}

bool elf_file_read_at(const char *place, const char *path, struct elf_file *file, char **why)
{
	int fd = elf_file_open(place, path, why);
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
