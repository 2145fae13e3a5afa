/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "verdict.h"

#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "calls.h"
#include "path.h"
#include "preload.h"
#include "search.h"

/* TLS libraries that are not OpenSSL's, by the beginning of their files' names. */
static const struct {
	const char *prefix, *name;
} others[] = {
	{"libgnutls.so", "GnuTLS"},   {"libnss3.so", "NSS"},        {"libssl3.so", "NSS"},
	{"libmbedtls.so", "mbedTLS"}, {"libwolfssl.so", "wolfSSL"}, {"libs2n.so", "s2n"},
	{"libjli.so", "Java"},        {"libjvm.so", "Java"},        {"crypto.so", "Erlang"},
};

/* Static programs that start others, and what stands between them and those. */
static const struct {
	const char *name, *words;
} starters[] = {
	{"gosu", " USER"},     {"su-exec", " USER"},      {"setuidgid", " USER"},
	{"chpst", " -u USER"}, {"s6-setuidgid", " USER"}, {"tini", " --"},
	{"dumb-init", " --"},  {"tini-static", " --"},    {"catatonit", " --"},
	{"busybox", " env"},
};

static bool named(const struct elf_file *file, const char *prefix)
{
	return text_begins(base_name(file->path), prefix) || text_begins(file->soname, prefix);
}

static bool is_own(const struct elf_file *file)
{
	return named(file, "libsslharden.so");
}

/* A shared libssl, as against a copy inside something else. */
static bool is_libssl(const struct inspection *inspection, size_t i)
{
	const struct elf_file *file = &inspection->files[i];

	return file->defines_libssl && !is_own(file) && i > 0 &&
	       strstr(base_name(file->path), "ssl");
}

/* --- what is found -------------------------------------------------------- */

/* The version text stands in libcrypto, so that is looked at for a libssl beside it. */
static const char *version_for(const struct inspection *inspection, const struct elf_file *libssl)
{
	if (libssl->version != NULL)
		return libssl->version;
	for (size_t n = 0; n < libssl->needed.count; n++) {
		for (size_t i = 0; i < inspection->count; i++) {
			const struct elf_file *file = &inspection->files[i];

			if (file->defines_libcrypto && file->version != NULL &&
			    named(file, libssl->needed.items[n]))
				return file->version;
		}
	}
	return NULL;
}

static void libssl_find(const struct inspection *inspection, struct verdict *verdict)
{
	for (size_t i = 0; i < inspection->count; i++) {
		const struct elf_file *file = &inspection->files[i];
		const char *version;

		if (!is_libssl(inspection, i))
			continue;
		version = file->is_boringssl ? "BoringSSL" : version_for(inspection, file);
		strings_addf(&verdict->libssl, "%s (%s)", file->path,
			     version != NULL ? version : "version not told by its file");
	}
}

static void calls_find(const struct inspection *inspection, struct verdict *verdict)
{
	for (size_t i = 0; i < inspection->count; i++) {
		const struct strings *calls = &inspection->files[i].calls;

		if (is_libssl(inspection, i)) /* its own calls of itself */
			continue;
		for (size_t c = 0; c < calls->count; c++) {
			if (!strings_have(&verdict->calls, calls->items[c]))
				strings_add(&verdict->calls, calls->items[c]);
		}
	}
}

/* AddressSanitizer's runtime ends a program where another library comes before it. */
static void asan_find(const struct inspection *inspection, struct verdict *verdict)
{
	for (size_t i = 0; i < inspection->count; i++) {
		const struct elf_file *file = &inspection->files[i];

		if (verdict->needs_asan ||
		    !(named(file, "libasan.so") || named(file, "libclang_rt.asan")))
			continue;
		verdict->needs_asan = true;
		strings_addf(&verdict->notes,
			     "%s wants to be loaded first; sslharden run sets ASAN_OPTIONS="
			     "verify_asan_link_order=0 for it",
			     file->path);
	}
}

/* --- what stands in the way ------------------------------------------------ */

/* Of a library or a plugin, which is looked at too, its soname or its needs tell. */
static bool is_static_pie(const struct elf_file *file)
{
	return file->interpreter == NULL &&
	       (file->is_pie || (file->soname == NULL && file->needed.count == 0));
}

/* Its words before those of what it starts; NULL: it has no other business, or none of that. */
static const char *starter_words(const struct elf_file *program)
{
	if (program->is_dynamic && !is_static_pie(program))
		return NULL;
	for (size_t i = 0; i < sizeof(starters) / sizeof(starters[0]); i++) {
		if (strcmp(base_name(program->path), starters[i].name) == 0)
			return starters[i].words;
	}
	return program->defines_exec && !program->has_libssl_text && !program->names_crypto_tls
		       ? " ..."
		       : NULL;
}

static void loader_reasons(const struct inspection *inspection, const struct elf_file *library,
			   struct verdict *verdict)
{
	const struct elf_file *program = &inspection->files[0];

	if (!elf_file_fits(program, library))
		strings_addf(&verdict->reasons, "another architecture: %s is for %s, %s for %s",
			     program->path, elf_file_architecture(program), library->path,
			     elf_file_architecture(library));
	else if (starter_words(program) != NULL)
		strings_add(&verdict->notes, "linked statically, and so not hardened itself; it "
					     "can start programs, and those are hardened if they "
					     "use a libssl");
	else if (!program->is_dynamic || is_static_pie(program))
		strings_addf(&verdict->reasons,
			     "linked statically: no loader takes part, LD_PRELOAD is not read");
	else if (program->interpreter != NULL && !elf_file_is_musl(program) &&
		 !text_begins(base_name(program->interpreter), "ld-linux"))
		strings_addf(&verdict->reasons,
			     "another libc: its loader is %s; accepted: glibc, musl",
			     program->interpreter);
}

/*
 * Secure execution is for him who gains by it (commoncap.c, cap_bprm_creds_from_file): a
 * reason for us, or else a note, for others may start the program too.
 */
static void privilege_reasons(const struct inspection *inspection, struct verdict *verdict)
{
	static const char rest[] = "the loader ignores LD_PRELOAD there, except for";
	/* It takes the bits away, but file capabilities mean secure execution all the same. */
	bool may_gain = prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1;
	uid_t owner = inspection->owner;
	gid_t group = inspection->group;

	if (inspection->set_uid)
		strings_addf(may_gain && owner != getuid() ? &verdict->reasons : &verdict->notes,
			     "set-uid: %s uid %u, its owner", rest, owner);
	if (inspection->set_gid)
		strings_addf(may_gain && group != getgid() ? &verdict->reasons : &verdict->notes,
			     "set-gid: %s gid %u, its group", rest, group);
	if (inspection->capabilities)
		strings_addf(getuid() != 0 ? &verdict->reasons : &verdict->notes,
			     "file capabilities: %s root", rest);
}

/* As execve keeps real and effective ids, what we start is where we are. */
static void own_reasons(struct verdict *verdict)
{
	if (getauxval(AT_SECURE) != 0)
		strings_addf(&verdict->reasons,
			     "this process (uid %u, effective %u; gid %u, effective %u) is in "
			     "secure execution, and so is what it starts: the loader ignores "
			     "LD_PRELOAD there",
			     getuid(), geteuid(), getgid(), getegid());
}

static void hidden_reasons(const struct inspection *inspection, struct verdict *verdict)
{
	for (size_t i = 0; i < inspection->hidden.count; i++)
		strings_addf(&verdict->reasons,
			     "%s: LD_PRELOAD or a setting does not reach what serves",
			     inspection->hidden.items[i]);
}

/* Whether the loader makes a word of a list of preloaded libraries the path of @library. */
static bool is_word_for(const char *word, const struct elf_file *library)
{
	char *path = lib_expand(text_make("%s", word), library);
	bool same = strcmp(path, library->path) == 0;

	free(path);
	return same;
}

static bool is_preloaded_for_all(const struct elf_file *library)
{
	struct strings words = {0};

	preload_words("", &words);
	for (size_t i = 0; i < words.count; i++) {
		if (is_word_for(words.items[i], library))
			return true;
	}
	return false;
}

static void inside_reasons(const struct inspection *inspection, struct strings *reasons)
{
	for (size_t i = 0; i < inspection->count; i++) {
		const struct elf_file *file = &inspection->files[i];
		bool copy = file->defines_libssl && !is_libssl(inspection, i) && !is_own(file);
		bool stripped = file->has_libssl_text && !file->defines_libssl;

		if (copy || stripped)
			strings_addf(reasons,
				     "%s: %s linked statically inside: no call passes by us",
				     file->path,
				     file->is_boringssl      ? "BoringSSL"
				     : file->version != NULL ? file->version
							     : "OpenSSL");
		if (file->is_go && starter_words(file) == NULL)
			strings_addf(reasons, "%s: a Go program, with a TLS library of its own",
				     file->path);
	}
}

static void other_reasons(const struct inspection *inspection, struct strings *reasons)
{
	for (size_t i = 0; i < inspection->count; i++) {
		const struct elf_file *file = &inspection->files[i];

		for (size_t o = 0; o < sizeof(others) / sizeof(others[0]); o++) {
			if (named(file, others[o].prefix))
				strings_addf(reasons, "%s: another TLS library, %s", file->path,
					     others[o].name);
		}
	}
}

/* --- the answer ------------------------------------------------------------ */

/* libcrypto and libselinux import dlopen in every program, for what is no plugin of its. */
static bool opens_libraries(const struct inspection *inspection)
{
	for (size_t i = 0; i < inspection->count; i++) {
		const struct elf_file *file = &inspection->files[i];

		if (file->names_libssl || (file->imports_dlopen && !file->defines_libcrypto &&
					   !named(file, "libselinux.so")))
			return true;
	}
	return false;
}

static void all_add(struct strings *to, const struct strings *from)
{
	for (size_t i = 0; i < from->count; i++)
		strings_add(to, from->items[i]);
}

/* By dlsym, which the library sees, but no symbol of its file tells what for. */
static bool calls_by_name(const struct elf_file *file)
{
	return file->names_calls && !file->defines_libssl && !calls_have_server(&file->calls);
}

static const char *caller_by_name(const struct inspection *inspection)
{
	for (size_t i = 0; i < inspection->count; i++) {
		if (calls_by_name(&inspection->files[i]) && !is_own(&inspection->files[i]))
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

/*
 * The file whose TLS is another library's, where somebody else brought libssl: the program, or, if
 * nothing serves by libssl, a plugin of it.  NULL: there is none.
 */
static const struct elf_file *others_user(const struct inspection *inspection, bool serves)
{
	for (size_t i = 0; i < inspection->count; i++) {
		if ((i == 0 || (!serves && is_plugin(inspection, i))) &&
		    has_another(&inspection->files[i]))
			return &inspection->files[i];
	}
	return NULL;
}

/* As squid's worker is executed: as another effective user than the real one. */
static void worker_note(const struct elf_file *program, struct verdict *verdict)
{
	if (program->imports_exec && program->imports_seteuid)
		strings_add(
			&verdict->notes,
			"it can change its effective user, and execute a worker: one that it "
			"executes in between is in secure execution, and ignores LD_PRELOAD, as "
			"squid's is; sslharden status tells, and /etc/ld.so.preload reaches it");
}

/* It has libssl, and calls of it are imported, but none that serves. */
static enum answer client_answer(const struct inspection *inspection, struct verdict *verdict,
				 const struct strings *other)
{
	const char *by_name = caller_by_name(inspection);
	const struct elf_file *user = others_user(inspection, false);

	if (by_name != NULL) {
		all_add(&verdict->notes, other);
		strings_addf(&verdict->notes,
			     "%s calls libssl by name (dlsym): it may serve, and is hardened then",
			     by_name);
		return ANSWER_MAYBE;
	}
	strings_add(&verdict->notes,
		    inspection->missing.count != 0
			    ? "no call that serves is imported by it, or by what was found of it"
			    : "no call that serves is imported: clients, which are not touched");
	if (user == NULL) {
		all_add(&verdict->notes, other);
		return ANSWER_MAYBE;
	}
	if (user != &inspection->files[0])
		strings_addf(&verdict->reasons,
			     "%s: what serves by TLS is this plugin, by another library",
			     user->path);
	all_add(&verdict->reasons, other);
	return ANSWER_NO;
}

/* Other TLS libraries beside: reasons where there is nothing else, notes where there is. */
static enum answer answer_find(const struct inspection *inspection, struct verdict *verdict)
{
	struct strings inside = {0}, other = {0};
	bool libssl = verdict->libssl.count > 0;

	inside_reasons(inspection, &inside);
	other_reasons(inspection, &other);
	all_add(libssl ? &verdict->notes : &verdict->reasons, &inside);
	if (verdict->reasons.count > 0) {
		all_add(&verdict->notes, &other);
		return ANSWER_NO;
	}
	if (libssl && verdict->calls.count > 0) {
		worker_note(&inspection->files[0], verdict);
		if (!calls_serve(&verdict->calls))
			return client_answer(inspection, verdict, &other);
		all_add(&verdict->notes, &other);
		return ANSWER_YES;
	}
	if (starter_words(&inspection->files[0]) != NULL)
		return ANSWER_MAYBE;
	if (opens_libraries(inspection) && other.count == 0) {
		strings_add(&verdict->notes, "it can open libraries later, which its file does not "
					     "name; --plugins FOLDER looks into them");
		return ANSWER_MAYBE;
	}
	if (other.count == 0 && inspection->files[0].imports_exec) {
		strings_add(&verdict->notes, "it uses no libssl, but can start programs; those are "
					     "hardened if they use it");
		return ANSWER_MAYBE;
	}
	all_add(&verdict->reasons, &other);
	if (other.count == 0)
		strings_add(&verdict->reasons, libssl ? "libssl is there, but none of the calls "
							"that matter is imported"
						      : "it uses no libssl");
	return ANSWER_NO;
}

void verdict_find(const struct inspection *inspection, const struct elf_file *library,
		  struct verdict *verdict)
{
	static const struct {
		const char *before, *after;
	} next[] = {
		[ANSWER_YES] = {"start it: sslharden run ", "; then: sslharden status PID"},
		[ANSWER_MAYBE] = {"start it: sslharden run ",
				  "; then see whether it is active: sslharden status PID"},
		[ANSWER_NO] = {"configure or rebuild ", ", or put a TLS proxy in front of it"},
	};
	size_t privileges;
	const char *path = inspection->script != NULL ? inspection->script : inspection->path;

	*verdict = (struct verdict){0};
	libssl_find(inspection, verdict);
	calls_find(inspection, verdict);
	asan_find(inspection, verdict);
	if (!is_preloaded_for_all(library)) {
		own_reasons(verdict);
		privilege_reasons(inspection, verdict);
		hidden_reasons(inspection, verdict);
	}
	privileges = verdict->reasons.count;
	loader_reasons(inspection, library, verdict);
	for (size_t i = 0; i < inspection->missing.count; i++)
		strings_addf(&verdict->notes, "not found: %s", inspection->missing.items[i]);
	all_add(&verdict->notes, &inspection->unread);
	verdict->answer = answer_find(inspection, verdict);
	verdict->next = text_make("%s%s%s%s", next[verdict->answer].before,
				  verdict->answer != ANSWER_NO ? inspection->plugin_words : "",
				  path, next[verdict->answer].after);
	if (starter_words(&inspection->files[0]) != NULL && verdict->answer == ANSWER_MAYBE)
		verdict->next = text_make("let it start what it starts by this command: %s%s "
					  "sslharden run -- PROGRAM",
					  path, starter_words(&inspection->files[0]));
	if (!elf_file_fits(&inspection->files[0], library))
		verdict->next = text_make("name the libsslharden.so for %s: sslharden check "
					  "--library PATH %s",
					  elf_file_architecture(&inspection->files[0]), path);
	if (privileges > 0 && verdict->reasons.count == privileges && verdict->calls.count > 0)
		verdict->next =
			text_make("name %s in /etc/ld.so.preload, which reaches %s too, and "
				  "settings in /etc/sslharden.conf",
				  library->path, path);
}

void sight_find(const struct inspection *inspection, struct sight *sight)
{
	struct verdict found = {0};

	*sight = (struct sight){0};
	libssl_find(inspection, &found);
	calls_find(inspection, &found);
	inside_reasons(inspection, &sight->inside);
	other_reasons(inspection, &sight->other);
	sight->libssl = found.libssl;
	sight->calls = found.calls;
	sight->serves = calls_serve(&found.calls) || caller_by_name(inspection) != NULL;
	sight->is_others = others_user(inspection, sight->serves) != NULL;
}

const char *answer_name(enum answer answer)
{
	static const char *const names[] = {
		[ANSWER_YES] = "yes", [ANSWER_MAYBE] = "maybe", [ANSWER_NO] = "no"};

	return names[answer];
}
