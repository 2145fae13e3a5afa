/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "absence.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "answers.h"
#include "path.h"
#include "preload_file.h"
#include "proc.h"
#include "search.h"

/* A name of LD_PRELOAD, to be freed, as its loader expands it. */
static char *preload_path(const struct process *process, const char *name)
{
	const struct maps *maps = &process->maps;
	char *path = text_make("%s", name);

	for (size_t i = 0; i < maps->image_count; i++) {
		if (strcmp(base_name(maps->images[i].path), "libc.so.6") == 0)
			return lib_expand_by_libc(path, maps->images[i].path);
	}
	return path;
}

/* In its root.  A name that the loader searches for or expands may be there. */
static bool is_missing(const struct process *process, const char *name)
{
	char *path = text_make("%s/root%s", process->folder, name);
	bool is_absent = name[0] == '/' && strchr(name, '$') == NULL && answers(path) &&
			 access(path, F_OK) != 0 && (errno == ENOENT || errno == ENOTDIR);

	free(path);
	return is_absent;
}

/* Of @preload (ld.so(8)), which names it. */
static char *unloaded_reason(const struct process *process, const char *preload)
{
	char *names = text_make("%s", preload), *rest = names, *name, *reason = NULL;

	while (reason == NULL && (name = strsep(&rest, ": ")) != NULL) {
		char *path;

		if (strstr(name, "libsslharden") == NULL)
			continue;
		path = preload_path(process, name);
		if (is_missing(process, path))
			reason = text_make("LD_PRELOAD names %s, and there is no such file", path);
		else if (proc_path_is_noexec(process->folder, path))
			reason = text_make("LD_PRELOAD names it, but the loader refused it: %s is "
					   "on a file system mounted noexec (NoExecPaths= does so)",
					   path);
		free(path);
	}
	free(names);
	if (reason != NULL)
		return reason;
	return text_make("LD_PRELOAD=%s names it, but the loader did not take it: its own line on "
			 "standard error tells why (ERROR: ld.so), or sslharden check %s/exe",
			 preload, process->folder);
}

/* Whether its root's /etc/ld.so.preload names one that is there: it was started before that. */
static bool is_named_for_all(const struct process *process)
{
	char *root = text_make("%s/root", process->folder);
	char *name = preload_file_ours(root), *path;
	bool is_named = false;

	if (name != NULL) {
		path = preload_path(process, name);
		is_named =
			!is_missing(process, path) && !proc_path_is_noexec(process->folder, path);
		free(path);
	}
	free(name);
	free(root);
	return is_named;
}

char *absence_reason(const struct process *process)
{
	const char *preload = process_variable(process, "LD_PRELOAD");

	if (process->library != NULL)
		return text_make("%s is mapped, but the library's settings are not in its memory: "
				 "a file of that name, and no library that was started",
				 process->library);
	if (process->refused != NULL)
		return text_make("%s is mapped, but not to be executed: the loader refused it (a "
				 "file system mounted noexec, NoExecPaths=), or it was opened as a "
				 "file",
				 process->refused);
	if (is_named_for_all(process))
		return text_make("/etc/ld.so.preload names it, and did not when the program was "
				 "started: restart it (musl's loader does not read that file)");
	if (process->is_secure)
		return text_make("a secure-execution process (set-uid, file capabilities, or a "
				 "parent that had changed its effective user, as squid's): the "
				 "loader ignores LD_PRELOAD there; use /etc/ld.so.preload");
	if (process->is_overwritten)
		return text_make(
			"its environment cannot be seen, for it wrote its title over that; "
			"where LD_PRELOAD named the library, the loader's line on standard "
			"error tells why it is not there (ERROR: ld.so); else start it "
			"with: sslharden run");
	if (preload == NULL || strstr(preload, "libsslharden") == NULL)
		return text_make("its environment has no LD_PRELOAD with libsslharden.so; start it "
				 "with: sslharden run");
	return unloaded_reason(process, preload);
}
