/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "loader/audit.h"

#include <errno.h>
#include <link.h>
#include <stdatomic.h>
#include <string.h>

#include "loader/definitions.h"
#include "loader/elf_list.h"
#include "memory/late.h"
#include "messages/log.h"
#include "loader/resolve.h"

#define EXPORT __attribute__((visibility("default")))

#if UINTPTR_MAX > UINT32_MAX
#define LA_SYMBIND la_symbind64
#else
#define LA_SYMBIND la_symbind32
#endif

enum {
	PLACES = 32, /* a libssl comes with a libcrypto: 16 of each */
	LAV_DLSYM = 2, /* the version of the interface that came with glibc 2.35 */
};

/*
 * A loaded libssl, libcrypto, or other copy of this library.  It is written under the loader's lock
 * and read by any thread: a seqlock, stable while the sequence is even.
 */
struct place {
	_Atomic unsigned int sequence;
	bool in_use;
	bool libssl;
	struct elf_object object;
};

static WRITTEN_LATE struct place places[PLACES];
static struct place *preloaded; /* the copy of this library in the program's namespace */
static int *(*program_errno)(void); /* the program's __errno_location */
static struct place program; /* its address is the cookie of the executable */
static bool exiting;

int *audit_errno(void)
{
	return program_errno == NULL ? &errno : program_errno();
}

static bool each_place(elf_visit visit, void *data)
{
	for (int i = 0; i < PLACES; i++) {
		struct place *place = &places[i];
		unsigned int before = atomic_load_explicit(&place->sequence, memory_order_acquire);
		bool in_use = place->in_use;
		struct elf_object object = place->object;

		atomic_thread_fence(memory_order_acquire);
		if (!in_use || before % 2 != 0 ||
		    atomic_load_explicit(&place->sequence, memory_order_relaxed) != before)
			continue;
		if (visit(&object, data))
			return true;
	}
	return false;
}

static void place_write(struct place *place, const struct place *value)
{
	atomic_fetch_add(&place->sequence, 1);
	atomic_thread_fence(memory_order_release);
	place->in_use = value->in_use;
	place->libssl = value->libssl;
	place->object = value->object;
	atomic_fetch_add(&place->sequence, 1);
}

static struct place *place_take(const struct elf_object *object)
{
	struct place value = {.in_use = true, .libssl = is_libssl(object), .object = *object};

	for (int i = 0; i < PLACES; i++) {
		if (!places[i].in_use) {
			place_write(&places[i], &value);
			return &places[i];
		}
	}
	log_message(LOG_LEVEL_WARNING,
		    "more than %d libraries of OpenSSL at once: the last is passed through",
		    PLACES);
	return NULL;
}

/* --- the interface of rtld-audit(7) -------------------------------------- */

EXPORT unsigned int la_version(unsigned int version);
EXPORT unsigned int la_objopen(struct link_map *map, Lmid_t lmid, uintptr_t *cookie);
EXPORT unsigned int la_objclose(uintptr_t *cookie);
EXPORT uintptr_t LA_SYMBIND(ElfW(Sym) * symbol, unsigned int index, uintptr_t *refcook,
			    uintptr_t *defcook, unsigned int *flags, const char *name);

unsigned int la_version(unsigned int version)
{
	if (version < LAV_DLSYM) {
		log_message(LOG_LEVEL_ERROR, "LD_AUDIT needs glibc 2.35 or newer; use LD_PRELOAD");
		return 0; /* the loader then goes on without this library */
	}
	elf_set_source(each_place);
	return LAV_DLSYM;
}

static bool is_copy(const struct elf_object *object)
{
	const char *soname = elf_soname(object);

	return soname != NULL && strcmp(soname, OUR_SONAME) == 0;
}

/* The loader is to ask only about bindings to a libssl, so that no other binding costs anything. */
unsigned int la_objopen(struct link_map *map, Lmid_t lmid, uintptr_t *cookie)
{
	struct elf_object object;
	struct place *place;
	void *location;

	*cookie = 0;
	if (lmid != LM_ID_BASE)
		return 0;
	if (map->l_prev == NULL)
		*cookie = (uintptr_t)&program;
	if (!elf_of_map(map, &object))
		return LA_FLG_BINDFROM;
	location = program_errno == NULL ? elf_symbol(&object, "__errno_location") : NULL;
	if (location != NULL)
		*(void **)&program_errno = location;
	if (!is_libssl(&object) && !is_copy(&object) &&
	    elf_symbol(&object, "ERR_clear_error") == NULL)
		return LA_FLG_BINDFROM;
	place = place_take(&object);
	if (*cookie == 0)
		*cookie = (uintptr_t)place;
	if (place != NULL && is_copy(&object))
		preloaded = place;
	return place == NULL || !place->libssl ? LA_FLG_BINDFROM : LA_FLG_BINDFROM | LA_FLG_BINDTO;
}

unsigned int la_objclose(uintptr_t *cookie)
{
	struct place empty = {.in_use = false};

	/* At exit the executable is closed first, while threads of the program still run. */
	if (*cookie == (uintptr_t)&program)
		exiting = true;
	if (*cookie != 0 && !exiting) {
		resolve_forget();
		place_write((struct place *)*cookie, &empty);
		resolve_forget();
	}
	return 0;
}

/*
 * If this library is preloaded into the program as well, that copy does the work: it also sees
 * calls that the loader does not ask about (those without a PLT), and two copies must not remember
 * half of the contexts each.
 */
uintptr_t LA_SYMBIND(ElfW(Sym) * symbol, unsigned int index, uintptr_t *refcook, uintptr_t *defcook,
		     unsigned int *flags, const char *name)
{
	const struct place *from = (const struct place *)*refcook;
	const struct place *to = (const struct place *)*defcook;
	void *wrapper = NULL;

	(void)index, (void)flags;
	if (to != NULL && to->libssl && wrapper_of(name) != NULL) {
		if (preloaded == NULL)
			wrapper = wrapper_of(name);
		else if (from != preloaded) /* that copy itself is bound to the real function */
			wrapper = elf_symbol(&preloaded->object, name);
	}
	return wrapper == NULL ? symbol->st_value : (uintptr_t)wrapper;
}
