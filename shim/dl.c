/* SPDX-License-Identifier: MIT
 *
 * dl: the dynamic linker's own calls, wrapped.  A program that fetches libssl's
 * functions with dlsym gets the wrappers, and one that unloads a libssl makes
 * us forget it.
 *
 * dlsym and dlvsym are entered in dlsym.S, which asks one of the *_target
 * functions here where to go on and jumps there with the caller's arguments
 * and return address: RTLD_NEXT and RTLD_DEFAULT mean what the return address
 * says that they mean.
 *
 * Built without sanitizers: a sanitizer's runtime calls dlsym before it can
 * bear being called itself.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>

#include "hooks.h"
#include "resolve.h"
#include "sslharden/config.h"

typedef int (*dlclose_fn)(void *handle);
typedef void *(*dlsym_fn)(void *handle, const char *name);
typedef void *(*dlvsym_fn)(void *handle, const char *name, const char *version);

/* The next definition after ours: libc's, or another preloaded library's. */
struct next {
	const char *name;
	_Atomic(void *) address;
};

static struct next next_dlclose = {.name = "dlclose"};
static struct next next_dlsym = {.name = "dlsym"};
static struct next next_dlvsym = {.name = "dlvsym"};

static void *next_of(struct next *next)
{
	void *address = atomic_load_explicit(&next->address, memory_order_relaxed);

	if (address == NULL) {
		address = elf_next(next->name);
		atomic_store_explicit(&next->address, address, memory_order_relaxed);
	}
	return address;
}

/*
 * What the program is to get where the real look-up of a wrapped name found
 * @real.  Our own address is an answer only if there is a real function too:
 * a program asks in order to know what its libssl can do.
 */
static void *answer(const char *name, void *real)
{
	struct elf_object object;
	const char *soname;

	if (real == NULL || config_get()->off)
		return real;
	if (elf_is_ours(real))
		return resolve_libssl(name) == NULL ? NULL : hook_find(name);
	if (!elf_object_at(real, &object))
		return real;
	soname = elf_soname(&object);
	if (is_libssl(&object) || (soname != NULL && strcmp(soname, OUR_SONAME) == 0))
		return hook_find(name);
	return real;
}

static void *dlsym_hooked(void *handle, const char *name)
{
	dlsym_fn next = (dlsym_fn)next_of(&next_dlsym);
	void *real = next(handle, name);
	void *ours = answer(name, real);

	/* The failing call sets what dlerror answers. */
	return real != NULL && ours == NULL ? next(RTLD_NEXT, name) : ours;
}

static void *dlvsym_hooked(void *handle, const char *name, const char *version)
{
	dlvsym_fn next = (dlvsym_fn)next_of(&next_dlvsym);
	void *real = next(handle, name, version);
	void *ours = answer(name, real);

	return real != NULL && ours == NULL ? next(RTLD_NEXT, name, version) : ours;
}

static void *nothing(void)
{
	return NULL;
}

/* Where to go on; dlsym.S calls these. */
void *dlsym_target(void *handle, const char *name);
void *dlvsym_target(void *handle, const char *name);

/*
 * RTLD_NEXT asks for what comes after the caller, who then is a wrapper like
 * us.  Most names are told by their first bytes, without a call.
 */
static bool is_hooked(const void *handle, const char *name)
{
	bool likely = name != NULL && ((name[0] == 'S' && name[1] == 'S' && name[2] == 'L') ||
				       (name[0] == 'B' && name[1] == 'I' && name[2] == 'O'));

	return likely && handle != RTLD_NEXT && hook_find(name) != NULL;
}

void *dlsym_target(void *handle, const char *name)
{
	void *next = next_of(&next_dlsym);

	if (next == NULL)
		return (void *)nothing;
	return is_hooked(handle, name) ? (void *)dlsym_hooked : next;
}

void *dlvsym_target(void *handle, const char *name)
{
	void *next = next_of(&next_dlvsym);

	if (next == NULL) /* musl has no dlvsym */
		return (void *)nothing;
	return is_hooked(handle, name) ? (void *)dlvsym_hooked : next;
}

/*
 * What was resolved in a library must not outlive it, and an address may be
 * another library's as soon as it is free: forgotten before, for what other
 * threads look up meanwhile, and after.
 */
__attribute__((visibility("default"))) int dlclose(void *handle)
{
	dlclose_fn next = (dlclose_fn)next_of(&next_dlclose);
	int ret;

	if (next == NULL)
		return -1;
	resolve_forget();
	ret = next(handle);
	resolve_forget();
	return ret;
}
