/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "elf_text.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "calls.h"

enum {
	CHUNK = 1 << 20, /* bytes of a file that are searched at once */
	OVERLAP = 128, /* longer than all that is searched for */
};

/* Of all files of one call, without their holes: more is searched for longer than one waits. */
static const off_t BYTES_MOST = (off_t)1 << 30;

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

/* The name of a call that only a server makes, between NULs, as names of dlsym and of symbols stand. */
static bool has_call(const char *chunk, size_t len)
{
	char text[OVERLAP];

	for (size_t i = 0; calls_of_servers[i] != NULL; i++) {
		int size = snprintf(text, sizeof(text), "%c%s", '\0', calls_of_servers[i]) + 1;

		if (has(chunk, len, text, (size_t)size))
			return true;
	}
	return false;
}

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
	file->names_calls = file->names_calls || has_call(chunk, len);
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
bool elf_text_read(struct elf_file *file, int fd)
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
