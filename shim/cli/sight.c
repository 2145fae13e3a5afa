/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "sight.h"

#include <string.h>

#include "calls.h"
#include "launcher.h"
#include "path.h"

/* TLS libraries that are not OpenSSL's, by the beginning of their files' names. */
static const struct {
	const char *prefix, *name;
} others[] = {
	{"libgnutls.so", "GnuTLS"},   {"libnss3.so", "NSS"},        {"libssl3.so", "NSS"},
	{"libmbedtls.so", "mbedTLS"}, {"libwolfssl.so", "wolfSSL"}, {"libs2n.so", "s2n"},
	{"libjli.so", "Java"},        {"libjvm.so", "Java"},        {"crypto.so", "Erlang"},
};

/* A shared libssl, as against a copy inside something else. */
static bool is_libssl(const struct inspection *inspection, size_t i)
{
	return i > 0 && elf_file_is_libssl(&inspection->files[i]);
}

/* The version text stands in libcrypto, so that is looked at for a libssl beside it. */
static const char *version_for(const struct inspection *inspection, const struct elf_file *libssl)
{
	if (libssl->version != NULL)
		return libssl->version;
	for (size_t n = 0; n < libssl->needed.count; n++) {
		for (size_t i = 0; i < inspection->count; i++) {
			const struct elf_file *file = &inspection->files[i];

			if (file->defines_libcrypto && file->version != NULL &&
			    elf_file_is_named(file, libssl->needed.items[n]))
				return file->version;
		}
	}
	return NULL;
}

static void libssl_find(const struct inspection *inspection, struct sight *sight)
{
	for (size_t i = 0; i < inspection->count; i++) {
		const struct elf_file *file = &inspection->files[i];
		const char *version;

		if (!is_libssl(inspection, i))
			continue;
		version = file->is_boringssl ? "BoringSSL" : version_for(inspection, file);
		strings_addf(&sight->libssl, "%s (%s)", file->path,
			     version != NULL ? version : "version not told by its file");
	}
}

static void calls_find(const struct inspection *inspection, struct sight *sight)
{
	for (size_t i = 0; i < inspection->count; i++) {
		const struct strings *calls = &inspection->files[i].calls;

		if (is_libssl(inspection, i)) /* its own calls of itself */
			continue;
		for (size_t c = 0; c < calls->count; c++) {
			if (!strings_have(&sight->calls, calls->items[c]))
				strings_add(&sight->calls, calls->items[c]);
		}
	}
}

static void inside_find(const struct inspection *inspection, struct strings *lines)
{
	for (size_t i = 0; i < inspection->count; i++) {
		const struct elf_file *file = &inspection->files[i];
		bool copy = file->defines_libssl && !is_libssl(inspection, i) &&
			    !elf_file_is_ours(file);
		bool stripped = file->has_libssl_text && !file->defines_libssl;

		if (copy || stripped)
			strings_addf(lines, "%s: %s linked statically inside: no call passes by us",
				     file->path,
				     file->is_boringssl      ? "BoringSSL"
				     : file->version != NULL ? file->version
							     : "OpenSSL");
		if (file->is_go && launcher_words(file) == NULL)
			strings_addf(lines, "%s: a Go program, with a TLS library of its own",
				     file->path);
	}
}

static void other_find(const struct inspection *inspection, struct strings *lines)
{
	for (size_t i = 0; i < inspection->count; i++) {
		const struct elf_file *file = &inspection->files[i];

		for (size_t o = 0; o < sizeof(others) / sizeof(others[0]); o++) {
			if (elf_file_is_named(file, others[o].prefix))
				strings_addf(lines, "%s: another TLS library, %s", file->path,
					     others[o].name);
		}
	}
}

/* By dlsym, which the library sees, but no symbol of its file tells what for. */
static bool calls_by_name(const struct elf_file *file)
{
	return file->names_calls && !file->defines_libssl && !calls_have_server(&file->calls);
}

static const char *by_name_find(const struct inspection *inspection)
{
	for (size_t i = 0; i < inspection->count; i++) {
		if (calls_by_name(&inspection->files[i]) &&
		    !elf_file_is_ours(&inspection->files[i]))
			return inspection->files[i].path;
	}
	return NULL;
}

/* Whether it was itself built with another TLS library, and not with libssl. */
static bool has_another(const struct elf_file *file)
{
	for (size_t n = 0; n < file->needed.count && file->calls.count == 0; n++) {
		for (size_t o = 0; o < sizeof(others) / sizeof(others[0]); o++) {
			if (text_begins(file->needed.items[n], others[o].prefix))
				return true;
		}
	}
	return false;
}

/* Not the program, nor what another file brings in: the program opens it. */
static bool is_plugin(const struct inspection *inspection, size_t number)
{
	const struct elf_file *file = &inspection->files[number];
	const char *name = file->soname != NULL ? file->soname : base_name(file->path);

	for (size_t i = 0; i < inspection->count; i++) {
		if (strings_have(&inspection->files[i].needed, name))
			return false;
	}
	return number > 0;
}

static const struct elf_file *others_find(const struct inspection *inspection, bool serves)
{
	for (size_t i = 0; i < inspection->count; i++) {
		if ((i == 0 || (!serves && is_plugin(inspection, i))) &&
		    has_another(&inspection->files[i]))
			return &inspection->files[i];
	}
	return NULL;
}

void sight_find(const struct inspection *inspection, struct sight *sight)
{
	*sight = (struct sight){0};
	libssl_find(inspection, sight);
	calls_find(inspection, sight);
	inside_find(inspection, &sight->inside);
	other_find(inspection, &sight->other);
	sight->by_name = by_name_find(inspection);
	sight->serves = calls_serve(&sight->calls) || sight->by_name != NULL;
	sight->others = others_find(inspection, sight->serves);
}
