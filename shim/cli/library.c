/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "library.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <unistd.h>

#include "path.h"

#define NAME "libsslharden.so"

char *library_command(void)
{
	char *path = realpath("/proc/self/exe", NULL);

	/* Without /proc, as it was called; the folder that was meant may be another by now. */
	return path != NULL ? path : realpath((const char *)getauxval(AT_EXECFN), NULL);
}

static char *installed(void)
{
	static const char *const folders[] = {("../lib/" SSLHARDEN_MULTIARCH), "../lib64",
					      "../lib"};
	char *self = library_command(), *folder;

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

static char *missing(void)
{
	char *self = library_command();

	if (self == NULL)
		return text_make("this command's own place is not to be found (is /proc mounted?), "
				 "and so not its library's; name it: --library PATH");
	return text_make("no " NAME " in ../lib, ../lib64 or ../lib/" SSLHARDEN_MULTIARCH
			 " of %s; name it: --library PATH",
			 folder_of(self));
}

bool library_find(const char *path, struct elf_file *library, char **why)
{
	char *found = path != NULL ? text_make("%s", path) : installed();

	if (found == NULL)
		*why = missing();
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

/* Its code at least can be mapped: the reason why not, or NULL. */
static const char *unmapped(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	void *page = fd < 0 ? MAP_FAILED : mmap(NULL, 1, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);
	const char *why = page == MAP_FAILED ? strerror(errno) : NULL;

	if (page != MAP_FAILED)
		munmap(page, 1);
	if (fd >= 0)
		close(fd);
	return why;
}

/* The reason why not, or NULL. */
static const char *unloaded(const char *path)
{
	void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);

	if (handle == NULL)
		return dlerror();
	dlclose(handle);
	return NULL;
}

bool library_loads(const struct elf_file *library, char **why)
{
	char *command = library_command();
	const char *reason;
	struct elf_file self;

	if (command == NULL)
		return true; /* it cannot be known whether it is for us */
	if (!elf_file_read(command, &self, why))
		return false;
	if (!elf_file_fits(library, &self))
		return true;
	reason = SSLHARDEN_STATIC ? unmapped(library->path) : unloaded(library->path);
	if (reason != NULL)
		*why = text_make("%s cannot be loaded: %s", library->path, reason);
	return reason == NULL;
}
