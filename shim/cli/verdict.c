/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "verdict.h"

#include "calls.h"
#include "launcher.h"
#include "obstacles.h"

/* AddressSanitizer's runtime ends a program where another library comes before it. */
static void asan_find(const struct inspection *inspection, struct verdict *verdict)
{
	for (size_t i = 0; i < inspection->count; i++) {
		const struct elf_file *file = &inspection->files[i];

		if (verdict->needs_asan || !(elf_file_is_named(file, "libasan.so") ||
					     elf_file_is_named(file, "libclang_rt.asan")))
			continue;
		verdict->needs_asan = true;
		strings_addf(&verdict->notes,
			     "%s wants to be loaded first; sslharden run sets ASAN_OPTIONS="
			     "verify_asan_link_order=0 for it",
			     file->path);
	}
}

/* --- the answer ------------------------------------------------------------ */

/* libcrypto and libselinux import dlopen in every program, for what is no plugin of its. */
static bool opens_libraries(const struct inspection *inspection)
{
	for (size_t i = 0; i < inspection->count; i++) {
		const struct elf_file *file = &inspection->files[i];

		if (file->names_libssl || (file->imports_dlopen && !file->defines_libcrypto &&
					   !elf_file_is_named(file, "libselinux.so")))
			return true;
	}
	return false;
}

static void all_add(struct strings *to, const struct strings *from)
{
	for (size_t i = 0; i < from->count; i++)
		strings_add(to, from->items[i]);
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
static enum answer client_answer(const struct inspection *inspection, struct verdict *verdict)
{
	const struct sight *sight = &verdict->sight;

	if (sight->by_name != NULL) {
		all_add(&verdict->notes, &sight->other);
		strings_addf(&verdict->notes,
			     "%s calls libssl by name (dlsym): it may serve, and is hardened then",
			     sight->by_name);
		return ANSWER_MAYBE;
	}
	strings_add(&verdict->notes,
		    inspection->missing.count != 0
			    ? "no call that serves is imported by it, or by what was found of it"
			    : "no call that serves is imported: clients, which are not touched");
	if (sight->others == NULL) {
		all_add(&verdict->notes, &sight->other);
		return ANSWER_MAYBE;
	}
	if (sight->others != &inspection->files[0])
		strings_addf(&verdict->reasons,
			     "%s: what serves by TLS is this plugin, by another library",
			     sight->others->path);
	all_add(&verdict->reasons, &sight->other);
	return ANSWER_NO;
}

/* No call of libssl is imported. */
static enum answer silent_answer(const struct inspection *inspection, struct verdict *verdict)
{
	const struct sight *sight = &verdict->sight;

	if (launcher_words(&inspection->files[0]) != NULL)
		return ANSWER_MAYBE;
	if (opens_libraries(inspection) && sight->other.count == 0) {
		strings_add(&verdict->notes, "it can open libraries later, which its file does not "
					     "name; --plugins FOLDER looks into them");
		return ANSWER_MAYBE;
	}
	if (sight->other.count == 0 && inspection->files[0].imports_exec) {
		strings_add(&verdict->notes, "it uses no libssl, but can start programs; those are "
					     "hardened if they use it");
		return ANSWER_MAYBE;
	}
	all_add(&verdict->reasons, &sight->other);
	if (sight->other.count == 0)
		strings_add(&verdict->reasons, sight->libssl.count > 0
						       ? "libssl is there, but none of the calls "
							 "that matter is imported"
						       : "it uses no libssl");
	return ANSWER_NO;
}

/* Other TLS libraries beside: reasons where there is nothing else, notes where there is. */
static enum answer answer_find(const struct inspection *inspection, struct verdict *verdict)
{
	const struct sight *sight = &verdict->sight;
	bool has_libssl = sight->libssl.count > 0;

	all_add(has_libssl ? &verdict->notes : &verdict->reasons, &sight->inside);
	if (verdict->reasons.count > 0) {
		all_add(&verdict->notes, &sight->other);
		return ANSWER_NO;
	}
	if (!has_libssl || sight->calls.count == 0)
		return silent_answer(inspection, verdict);
	worker_note(&inspection->files[0], verdict);
	if (!calls_serve(&sight->calls))
		return client_answer(inspection, verdict);
	all_add(&verdict->notes, &sight->other);
	return ANSWER_YES;
}

/* --- what to do ------------------------------------------------------------- */

/* @by_preload_file: /etc/ld.so.preload would reach it, and LD_PRELOAD does not */
static char *next_text(const struct inspection *inspection, const struct elf_file *library,
		       enum answer answer, bool by_preload_file)
{
	static const struct {
		const char *before, *after;
	} next[] = {
		[ANSWER_YES] = {"start it: sslharden run ", "; then: sslharden status PID"},
		[ANSWER_MAYBE] = {"start it: sslharden run ",
				  "; then see whether it is active: sslharden status PID"},
		[ANSWER_NO] = {"configure or rebuild ", ", or put a TLS proxy in front of it"},
	};
	const struct elf_file *program = &inspection->files[0];
	const char *path = inspection->script != NULL ? inspection->script : inspection->path;

	if (by_preload_file)
		return text_make("name %s in /etc/ld.so.preload, which reaches %s too, and "
				 "settings in /etc/sslharden.conf",
				 library->path, path);
	if (!elf_file_fits(program, library))
		return text_make("name the libsslharden.so for %s: sslharden check --library PATH "
				 "%s",
				 elf_file_architecture(program), path);
	if (answer == ANSWER_MAYBE && launcher_words(program) != NULL)
		return text_make("let it start what it starts by this command: %s%s sslharden run "
				 "-- PROGRAM",
				 path, launcher_words(program));
	return text_make("%s%s%s%s", next[answer].before,
			 answer != ANSWER_NO ? inspection->plugin_words : "", path,
			 next[answer].after);
}

void verdict_find(const struct inspection *inspection, const struct elf_file *library,
		  struct verdict *verdict)
{
	size_t on_the_way;

	*verdict = (struct verdict){0};
	sight_find(inspection, &verdict->sight);
	asan_find(inspection, verdict);
	obstacles_on_the_way(inspection, library, &verdict->reasons, &verdict->notes);
	on_the_way = verdict->reasons.count;
	obstacles_in_the_program(inspection, library, &verdict->reasons, &verdict->notes);
	for (size_t i = 0; i < inspection->missing.count; i++)
		strings_addf(&verdict->notes, "not found: %s", inspection->missing.items[i]);
	all_add(&verdict->notes, &inspection->unread);
	verdict->answer = answer_find(inspection, verdict);
	verdict->next = next_text(inspection, library, verdict->answer,
				  on_the_way > 0 && verdict->reasons.count == on_the_way &&
					  verdict->sight.calls.count > 0);
}

const char *answer_name(enum answer answer)
{
	static const char *const names[] = {
		[ANSWER_YES] = "yes", [ANSWER_MAYBE] = "maybe", [ANSWER_NO] = "no"};

	return names[answer];
}
