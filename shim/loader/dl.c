/* SPDX-License-Identifier: MIT
 *
 * dl: the dynamic linker's own calls, wrapped.  A program that fetches libssl's
 * functions with dlsym gets the wrappers, and one that unloads a libssl makes
 * us forget it.
 *
 * dlsym and dlvsym are entered in dlsym.S, which asks one of the *_target
 * functions here where to go on and jumps there with the caller's arguments
 * and return address: RTLD_NEXT and RTLD_DEFAULT mean what the return address
 * says that they mean.  For the same reason this file is built with
 * -fno-optimize-sibling-calls: its own look-ups are its own.
 *
 * Built without sanitizers: a sanitizer's runtime calls dlsym before it can
 * bear being called itself.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

#include "hooks/hooks.h"
#include "loader/resolve.h"
#include "sslharden/config.h"

typedef int (*dlclose_fn)(void *handle);
typedef void *(*dlsym_fn)(void *handle, const char *name);
typedef void *(*dlvsym_fn)(void *handle, const char *name, const char *version);

/* The next definition after ours: libc's, or another preloaded library's. */
static struct elf_next next_dlclose = {.name = "dlclose"};
static struct elf_next next_dlsym = {.name = "dlsym"};
static struct elf_next next_dlvsym = {.name = "dlvsym"};

/*
 * Whether a name that the global scope has from us would be found without us: a
 * program asks in order to know what its libssl can do.  If the scope itself
 * has no libssl, a plugin's may be the one that is meant.
 */
static bool exists(const char *name)
{
	dlsym_fn next = (dlsym_fn)elf_next_of(&next_dlsym);

	if (next(RTLD_NEXT, name) != NULL)
		return true;
	return next(RTLD_NEXT, "SSL_CTX_new") == NULL && resolve_libssl(name) != NULL;
}

/* What the program is to get where the real look-up of a wrapped name found @real. */
static void *answer(const char *name, void *real)
{
	struct elf_object object;
	const char *soname;

	if (real == NULL)
		return NULL;
	if (elf_is_ours(real))
		return exists(name) ? real : NULL;
	if (config_get()->mode == MODE_OFF || !elf_object_at(real, &object))
		return real;
	soname = elf_soname(&object);
	if (is_libssl(&object) || (soname != NULL && strcmp(soname, OUR_SONAME) == 0))
		return hook_find(name);
	return real;
}

static void *dlsym_hooked(void *handle, const char *name)
{
	dlsym_fn next = (dlsym_fn)elf_next_of(&next_dlsym);
	void *real = next(handle, name);
	void *ours = answer(name, real);

	/* What dlerror answers is of the last look-up: one that fails, or succeeds, like ours. */
	if (real != NULL)
		ours == NULL ? next(RTLD_NEXT, name) : next(handle, name);
	return ours;
}

static void *dlvsym_hooked(void *handle, const char *name, const char *version)
{
	dlvsym_fn next = (dlvsym_fn)elf_next_of(&next_dlvsym);
	void *real = next(handle, name, version);
	void *ours = answer(name, real);

	if (real != NULL)
		ours == NULL ? next(RTLD_NEXT, name, version) : next(handle, name, version);
	return ours;
}

static void *nothing(void)
{
	return NULL;
}

/* Most names are told by their first bytes, without a call. */
static bool is_hooked(const char *name)
{
	bool likely = name != NULL && ((name[0] == 'S' && name[1] == 'S' && name[2] == 'L') ||
				       (name[0] == 'B' && name[1] == 'I' && name[2] == 'O'));

	return likely && hook_find(name) != NULL;
}

/*
 * RTLD_NEXT asks for what comes after the caller.  That is ours only for the
 * program itself and for libraries preloaded before us, unless one between
 * defines the name; and is an answer only if a real function follows.
 */
static bool next_is_ours_alone(const char *name, const void *caller)
{
	return elf_comes_before_us(caller) && !elf_defined_before_us(caller, name) && !exists(name);
}

/*
 * Who is asked in our place: a look-up from here would find us first (we are linked
 * -Bsymbolic), and not the program's own function of a name, or an earlier preload's.
 */
static bool is_ours_to_answer(void *handle, const char *name, const void *caller)
{
	if (!is_hooked(name))
		return false;
	if (handle == RTLD_NEXT)
		return next_is_ours_alone(name, caller);
	return handle != RTLD_DEFAULT || !elf_defined_before_us(NULL, name);
}

/* Where to go on; dlsym.S calls these. */
void *dlsym_target(void *handle, const char *name, const void *caller);
void *dlvsym_target(void *handle, const char *name, const void *caller);

void *dlsym_target(void *handle, const char *name, const void *caller)
{
	void *next = elf_next_of(&next_dlsym);

	if (next == NULL)
		return (void *)nothing;
	if (!is_ours_to_answer(handle, name, caller))
		return next;
	return (void *)dlsym_hooked;
}

void *dlvsym_target(void *handle, const char *name, const void *caller)
{
	void *next = elf_next_of(&next_dlvsym);

	if (next == NULL) /* musl has no dlvsym */
		return (void *)nothing;
	if (!is_ours_to_answer(handle, name, caller))
		return next;
	return (void *)dlvsym_hooked;
}

/*
 * What was resolved in a library must not outlive it, and an address may be
 * another library's as soon as it is free: forgotten before, for what other
 * threads look up meanwhile, and after.
 */
__attribute__((visibility("default"))) int dlclose(void *handle)
{
	dlclose_fn next = (dlclose_fn)elf_next_of(&next_dlclose);
	int ret;

	if (next == NULL)
		return -1;
	elf_unload_begins();
	resolve_forget();
	ret = next(handle);
	resolve_forget();
	elf_unload_ended();
	return ret;
}
