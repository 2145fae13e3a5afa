/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "spare.h"

#include <string.h>

#include "beside.h"

/* What is in /run is private already; a folder that is all of them cannot be. */
static bool is_private(const char *path)
{
	return text_begins(path, "/run/") || text_begins(path, "/var/run/");
}

bool spare_running(struct request *request, const struct admission *admission)
{
	struct strings pid_files = {0};

	beside_find(admission->program, admission->inspection.script, &pid_files);
	for (size_t i = 0; i < pid_files.count; i++) {
		const char *path = pid_files.items[i];
		char *folder = text_make("%.*s", (int)(strrchr(path, '/') - path), path);

		request->spared = path;
		if (!request->here && is_private(path))
			continue;
		if (request->here || folder[0] == '\0') {
			cli_error("compare: %s is that of one that runs, and would be taken away; "
				  "stop that one%s",
				  path, request->here ? ", or leave out --here" : "");
			return false;
		}
		cli_error("compare: %s is that of one that runs: %s is private, as by --private",
			  path, folder);
		if (!strings_have(&request->own_folders, folder))
			strings_add(&request->own_folders, folder);
	}
	return true;
}
