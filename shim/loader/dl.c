/* SPDX-License-Identifier: MIT
 *
 * dl: wrappers of dlsym, dlvsym and dlclose.  A program that fetches libssl's functions with dlsym
 * gets our wrappers; when it unloads a library, what was resolved is forgotten.
 *
 * dlsym and dlvsym are entered in dlsym.S.  That calls dlsym_target or dlvsym_target here and jumps
 * to the function that they return, with the caller's arguments and return address: libc takes from
 * the return address whose RTLD_NEXT and RTLD_DEFAULT are meant.  This file is built with
 * -fno-optimize-sibling-calls, so that its own look-ups have a return address in this library.
 *
 * It is built without sanitizers: their runtime calls dlsym before it can be called itself.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

#include "loader/definitions.h"
#include "loader/elf_list.h"
#include "loader/loader_lock.h"
#include "loader/resolve.h"
#include "sslharden/config.h"

typedef int (*dlclose_fn)(void *handle);
typedef void *(*dlsym_fn)(void *handle, const char *name);
typedef void *(*dlvsym_fn)(void *handle, const char *name, const char *version);

/* The next definitions after ours: libc's, or another preloaded library's. */
static struct elf_next next_dlclose = {.name = "dlclose"};
static struct elf_next next_dlsym = {.name = "dlsym"};
static struct elf_next next_dlvsym = {.name = "dlvsym"};

/*
 * Whether a name that the global scope has from this library would be found without it: a program
 * looks a name up to know whether its libssl has the function.  If no libssl is in the global
 * scope, a plugin's counts.
 */
static bool exists_without_us(const char *name)
{
	dlsym_fn next = (dlsym_fn)elf_next_of(&next_dlsym);

	if (next(RTLD_NEXT, name) != NULL)
		return true;
	return next(RTLD_NEXT, "SSL_CTX_new") == NULL && resolve_libssl(name) != NULL;
}

/* What the program gets for a wrapped name if the real look-up found @real. */
static void *replacement_for(const char *name, void *real)
{
	struct elf_object object;
	const char *soname;

	if (real == NULL)
		return NULL;
	if (elf_is_ours(real))
		return exists_without_us(name) ? real : NULL;
	if (config_get()->mode == MODE_OFF || !elf_object_at(real, &object))
		return real;
	soname = elf_soname(&object);
	if (is_libssl(&object) || (soname != NULL && strcmp(soname, OUR_SONAME) == 0))
		return wrapper_of(name);
	return real;
}

static void *dlsym_hooked(void *handle, const char *name)
{
	dlsym_fn next = (dlsym_fn)elf_next_of(&next_dlsym);
	void *real = next(handle, name);
	void *ours = replacement_for(name, real);

	/*
	 * dlerror speaks of the last look-up, so the last one has to fail or succeed as ours does.
	 */
	if (real != NULL)
		ours == NULL ? next(RTLD_NEXT, name) : next(handle, name);
	return ours;
}

static void *dlvsym_hooked(void *handle, const char *name, const char *version)
{
	dlvsym_fn next = (dlvsym_fn)elf_next_of(&next_dlvsym);
	void *real = next(handle, name, version);
	void *ours = replacement_for(name, real);

	if (real != NULL)
		ours == NULL ? next(RTLD_NEXT, name, version) : next(handle, name, version);
	return ours;
}

static void *find_nothing(void)
{
	return NULL;
}

/* The first bytes rule out most names without a call. */
static bool is_hooked(const char *name)
{
	bool likely = name != NULL && ((name[0] == 'S' && name[1] == 'S' && name[2] == 'L') ||
				       (name[0] == 'B' && name[1] == 'I' && name[2] == 'O'));

	return likely && wrapper_of(name) != NULL;
}

/*
 * RTLD_NEXT means the first definition after the caller.  That is our wrapper if the caller was
 * loaded before this library and no object between them defines the name.  Returns true if that is
 * so, but no libssl has the function: then the caller must get NULL.
 */
static bool next_is_ours_alone(const char *name, const void *caller)
{
	return elf_comes_before_us(caller) && !elf_defined_before_us(caller, name) &&
	       !exists_without_us(name);
}

/*
 * Whether the look-up is to be made by dlsym_hooked, from here.  If not, libc makes it for the
 * caller: from here RTLD_DEFAULT would find our wrapper (this library is linked -Bsymbolic) before
 * a function that the program itself or a library preloaded earlier defines.
 */
static bool is_ours_to_answer(void *handle, const char *name, const void *caller)
{
	if (!is_hooked(name))
		return false;
	if (handle == RTLD_NEXT)
		return next_is_ours_alone(name, caller);
	return handle != RTLD_DEFAULT || !elf_defined_before_us(NULL, name);
}

/* Called by dlsym.S: return the function to jump to. */
void *dlsym_target(void *handle, const char *name, const void *caller);
void *dlvsym_target(void *handle, const char *name, const void *caller);

void *dlsym_target(void *handle, const char *name, const void *caller)
{
	void *next = elf_next_of(&next_dlsym);

	if (next == NULL)
		return (void *)find_nothing;
	if (!is_ours_to_answer(handle, name, caller))
		return next;
	return (void *)dlsym_hooked;
}

void *dlvsym_target(void *handle, const char *name, const void *caller)
{
	void *next = elf_next_of(&next_dlvsym);

	if (next == NULL) /* musl has no dlvsym */
		return (void *)find_nothing;
	if (!is_ours_to_answer(handle, name, caller))
		return next;
	return (void *)dlvsym_hooked;
}

/*
 * What was resolved in a library must not outlive it, and its addresses may be another library's as
 * soon as they are free.  So it is forgotten before the unload, and after it, for what other
 * threads looked up meanwhile.
 */
__attribute__((visibility("default"))) int dlclose(void *handle)
{
	dlclose_fn next = (dlclose_fn)elf_next_of(&next_dlclose);
	int ret;

	if (next == NULL)
		return -1;
	loader_unload_begins();
	resolve_forget();
	ret = next(handle);
	resolve_forget();
	loader_unload_ended();
	return ret;
}
