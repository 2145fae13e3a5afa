/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "library.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "search.h"

#define NAME "libsslharden.so"

static char *installed(void)
{
	static const char *const folders[] = {"../" SSLHARDEN_LIBDIR, "../lib"};
	char *self = realpath("/proc/self/exe", NULL), *folder;

	if (self == NULL)
		return NULL;
	folder = folder_of(self);
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		char *path = text_make("%s/%s/" NAME, folder, folders[i]);
		char *real = realpath(path, NULL);

		free(path);
		if (real != NULL)
			return real;
	}
	return NULL;
}

bool library_find(const char *path, struct elf_file *library, char **why)
{
	char *found = path != NULL ? text_make("%s", path) : installed();

	if (found == NULL)
		*why = text_make("no " NAME " in ../" SSLHARDEN_LIBDIR
				 " or ../lib beside this command; "
				 "name it: --library PATH");
	else if (found[0] != '/')
		*why = text_make("--library %s: accepted: an absolute path", found);
	else if (strpbrk(found, ": \t\n") != NULL) /* ld.so(8), LD_PRELOAD */
		*why = text_make("--library %s: LD_PRELOAD cannot name a path with a colon or a "
				 "space; accepted: one without",
				 found);
	else if (elf_file_read(found, library, why)) {
		if (library->soname != NULL && strcmp(library->soname, NAME) == 0)
			return true;
		*why = text_make("%s: not sslharden's library; accepted: a " NAME, found);
	}
	return false;
}

bool library_loads(const struct elf_file *library, char **why)
{
	struct elf_file self;
	void *handle;

	if (!elf_file_read("/proc/self/exe", &self, why))
		return false;
	if (!elf_file_fits(library, &self))
		return true;
	handle = dlopen(library->path, RTLD_NOW | RTLD_LOCAL);
	if (handle == NULL) {
		*why = text_make("%s cannot be loaded: %s", library->path, dlerror());
		return false;
	}
	dlclose(handle);
	return true;
}
