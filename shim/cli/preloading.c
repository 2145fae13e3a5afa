/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "preloading.h"

#include <stdlib.h>
#include <string.h>

#include "settings/variables.h"

/* What LD_PRELOAD names beside the library: ":" and a name for each; "": nothing.  To be freed. */
static char *others(const struct elf_file *library)
{
	const char *preload = getenv("LD_PRELOAD");
	char *names = text_make("%s", preload != NULL ? preload : ""), *rest = names, *name;
	char *list = text_make("%s", "");

	while ((name = strsep(&rest, ": ")) != NULL) {
		if (*name != '\0' && strcmp(name, library->path) != 0)
			list = text_make("%s:%s", list, name);
	}
	free(names);
	return list;
}

/* AddressSanitizer is content without being first: the library calls it as the program does. */
static bool asan_set(void)
{
	static const char setting[] = "verify_asan_link_order=0";
	const char *before = getenv("ASAN_OPTIONS");

	return setenv("ASAN_OPTIONS",
		      before != NULL ? text_make("%s:%s", before, setting) : setting, 1) == 0;
}

bool preloading_begin(const struct elf_file *library, const struct verdict *verdict)
{
	char *list = text_make("%s%s", library->path, others(library));

	return setenv("LD_PRELOAD", list, 1) == 0 && (!verdict->needs_asan || asan_set());
}

void preloading_end(const struct elf_file *library)
{
	const char *list = others(library);

	if (*list != '\0')
		setenv("LD_PRELOAD", list + 1, 1);
	else
		unsetenv("LD_PRELOAD");
	for (size_t i = 0; i < VARIABLE_COUNT; i++)
		unsetenv(variables[i].name);
	setenv("SSLHARDEN", "off", 1);
}
