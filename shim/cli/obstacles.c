/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "obstacles.h"

#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "launcher.h"
#include "path.h"
#include "preload_file.h"
#include "search.h"

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

	preload_file_words("", &words);
	for (size_t i = 0; i < words.count; i++) {
		if (is_word_for(words.items[i], library))
			return true;
	}
	return false;
}

/*
 * Secure execution is for him who gains by it (commoncap.c, cap_bprm_creds_from_file): a
 * reason for us, or else a note, for others may start the program too.
 */
static void privileges_find(const struct inspection *inspection, struct strings *reasons,
			    struct strings *notes)
{
	static const char rest[] = "the loader ignores LD_PRELOAD there, except for";
	/* It takes the bits away, but file capabilities mean secure execution all the same. */
	bool may_gain = prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1;
	uid_t owner = inspection->owner;
	gid_t group = inspection->group;

	if (inspection->set_uid)
		strings_addf(may_gain && owner != getuid() ? reasons : notes,
			     "set-uid: %s uid %u, its owner", rest, owner);
	if (inspection->set_gid)
		strings_addf(may_gain && group != getgid() ? reasons : notes,
			     "set-gid: %s gid %u, its group", rest, group);
	if (inspection->capabilities)
		strings_addf(getuid() != 0 ? reasons : notes, "file capabilities: %s root", rest);
}

/* As execve keeps real and effective ids, what we start is where we are. */
static void own_privileges_find(struct strings *reasons)
{
	if (getauxval(AT_SECURE) != 0)
		strings_addf(reasons,
			     "this process (uid %u, effective %u; gid %u, effective %u) is in "
			     "secure execution, and so is what it starts: the loader ignores "
			     "LD_PRELOAD there",
			     getuid(), geteuid(), getgid(), getegid());
}

static void hidden_find(const struct inspection *inspection, struct strings *reasons)
{
	for (size_t i = 0; i < inspection->hidden.count; i++)
		strings_addf(reasons, "%s: LD_PRELOAD or a setting does not reach what serves",
			     inspection->hidden.items[i]);
}

void obstacles_on_the_way(const struct inspection *inspection, const struct elf_file *library,
			  struct strings *reasons, struct strings *notes)
{
	if (is_preloaded_for_all(library))
		return;
	own_privileges_find(reasons);
	privileges_find(inspection, reasons, notes);
	hidden_find(inspection, reasons);
}

void obstacles_in_the_program(const struct inspection *inspection, const struct elf_file *library,
			      struct strings *reasons, struct strings *notes)
{
	const struct elf_file *program = &inspection->files[0];

	if (!elf_file_fits(program, library))
		strings_addf(reasons, "another architecture: %s is for %s, %s for %s",
			     program->path, elf_file_architecture(program), library->path,
			     elf_file_architecture(library));
	else if (launcher_words(program) != NULL)
		strings_add(notes, "linked statically, and so not hardened itself; it "
				   "can start programs, and those are hardened if they "
				   "use a libssl");
	else if (elf_file_is_static(program))
		strings_addf(reasons,
			     "linked statically: no loader takes part, LD_PRELOAD is not read");
	else if (program->interpreter != NULL && !elf_file_is_musl(program) &&
		 !text_begins(base_name(program->interpreter), "ld-linux"))
		strings_addf(reasons, "another libc: its loader is %s; accepted: glibc, musl",
			     program->interpreter);
}
