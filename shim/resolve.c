/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "resolve.h"

#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

enum {
	SLOTS = 8, /* libssl images that are remembered; more are resolved anew at each call */

	/*
	 * How many words of an SSL or an SSL_CTX are looked at for the pointer to
	 * its method.  It is word 0 or 1 of an SSL_CTX and word 1, 2 or 3 of an
	 * SSL, from 0.9.8 to 3.6; tests/unit/test_object.c asks each libssl.
	 */
	OBJECT_WORDS = 4,
};

/*
 * A seqlock: even means settled.  A slot is written only when its libssl is
 * gone, so a reader that has matched an address in it cannot be overtaken.
 */
struct slot {
	_Atomic unsigned int sequence;
	_Atomic unsigned int generation; /* 0: empty */
	_Atomic uintptr_t low, high;
	struct image image;
};

static struct slot slots[SLOTS];
static _Atomic unsigned int generation = 1;
static _Atomic pid_t publisher; /* who writes a slot now; 0: nobody */

void resolve_forget(void)
{
	/* 0 means an empty slot, and 2^31 unloads come round to it. */
	if (atomic_fetch_add(&generation, 1) + 1 == 0)
		atomic_fetch_add(&generation, 1);
}

int real_dlclose(void *handle)
{
	static _Atomic(dlclose_fn) next;
	dlclose_fn f = atomic_load_explicit(&next, memory_order_relaxed);

	if (f == NULL) {
		*(void **)&f = dlsym(RTLD_NEXT, "dlclose");
		atomic_store_explicit(&next, f, memory_order_relaxed);
	}
	return f == NULL ? -1 : f(handle);
}

struct object {
	uintptr_t address; /* in: an address */
	uintptr_t low, high; /* out: the object that covers it */
	const char *name;
};

static int object_match(struct dl_phdr_info *info, size_t size, void *data)
{
	struct object *object = data;
	uintptr_t low = UINTPTR_MAX, high = 0;

	(void)size;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *ph = &info->dlpi_phdr[i];
		uintptr_t start = info->dlpi_addr + ph->p_vaddr;

		if (ph->p_type != PT_LOAD)
			continue;
		if (start < low)
			low = start;
		if (start + ph->p_memsz > high)
			high = start + ph->p_memsz;
	}
	if (object->address < low || object->address >= high)
		return 0;
	object->low = low;
	object->high = high;
	object->name = info->dlpi_name;
	return 1;
}

static bool object_find(struct object *object, const void *address)
{
	object->address = (uintptr_t)address;
	return dl_iterate_phdr(object_match, object) != 0;
}

/* The linker's own names for where our image starts and ends. */
extern const char __ehdr_start[] __attribute__((visibility("hidden")));
extern const char _end[] __attribute__((visibility("hidden")));

static bool is_ours(const void *address)
{
	return (uintptr_t)address >= (uintptr_t)__ehdr_start &&
	       (uintptr_t)address < (uintptr_t)_end;
}

/*
 * Looks @name up in @handle.  A handle's search goes on to its dependencies
 * (where ERR_* are), and the main program's is the global scope, where we
 * come first: an answer in our own image is none.
 */
static void *lookup(void *handle, const char *name)
{
	void *address = dlsym(handle, name);

	return address == NULL || is_ours(address) ? NULL : address;
}

static const void *method_of(void *handle, const struct object *object, const char *name)
{
	union {
		void *address;
		const void *(*constructor)(void);
	} found = {.address = lookup(handle, name)};
	uintptr_t at = (uintptr_t)found.address;

	return at < object->low || at >= object->high ? NULL : found.constructor();
}

static void image_fill(struct image *image, void *handle, const struct object *object)
{
	unsigned long version = 0;

	memset(image, 0, sizeof(*image));
	image->low = object->low;
	image->high = object->high;
	/* POSIX lets dlsym's answer be stored through a void **: dlsym(3). */
#define HOOK(ret, name, params) *(void **)&image->name = lookup(handle, #name);
#define REAL HOOK
#include "hooks.def"
#undef HOOK
#undef REAL
#define METHOD(name, transport, role, pin) \
	image->methods[METHOD_##name] = method_of(handle, object, #name);
#include "methods.def"
#undef METHOD
	/* BoringSSL and its kin export both, OpenSSL one of them. */
	if (image->SSLeay != NULL && image->OpenSSL_version_num == NULL)
		version = image->SSLeay();
	else if (image->SSLeay == NULL && image->OpenSSL_version_num != NULL)
		version = image->OpenSSL_version_num();
	image->dialect = dialect_find(version, image->SSL_CTX_set_options != NULL);
	if (image->SSL_CTX_ctrl == NULL || image->SSL_ctrl == NULL ||
	    image->SSL_get_SSL_CTX == NULL || image->ERR_set_mark == NULL ||
	    image->ERR_pop_to_mark == NULL)
		image->dialect = NULL;
}

/* Fills @image with the libssl that covers @address. */
static bool image_resolve(struct image *image, const void *address)
{
	struct object object;
	void *handle;
	void *creator;
	bool found;

	if (!object_find(&object, address))
		return false;
	/* An empty name is the program itself, which may export its own OpenSSL. */
	handle = dlopen(object.name[0] == '\0' ? NULL : object.name, RTLD_LAZY | RTLD_NOLOAD);
	if (handle == NULL)
		return false;
	creator = lookup(handle, "SSL_CTX_new");
	found = (uintptr_t)creator >= object.low && (uintptr_t)creator < object.high;
	if (found)
		image_fill(image, handle, &object);
	/* The caller holds an object of this libssl: it stays without our help. */
	real_dlclose(handle);
	return found;
}

/* Whether what a slot describes is still there, at any rate as described. */
static bool slot_is_dead(const struct slot *slot)
{
	struct image now;

	return !image_resolve(&now, (const void *)slot->image.low) ||
	       memcmp(&now, &slot->image, sizeof(now)) != 0;
}

static struct slot *slot_choose(const struct image *image, unsigned int current)
{
	struct slot *dead = NULL;

	for (int i = 0; i < SLOTS; i++) {
		struct slot *slot = &slots[i];

		if (atomic_load(&slot->low) == image->low && atomic_load(&slot->generation) != 0)
			return slot;
	}
	for (int i = 0; i < SLOTS && dead == NULL; i++) {
		struct slot *slot = &slots[i];
		unsigned int made = atomic_load(&slot->generation);

		if (made == 0 || (made != current && slot_is_dead(slot)))
			dead = slot;
	}
	return dead;
}

/*
 * Remembers @image.  One thread at a time; another does not wait but goes on
 * with its own copy, and so does a forked child whose parent was just here.
 */
static void image_publish(const struct image *image, unsigned int current)
{
	pid_t self = getpid();
	pid_t writer = 0;
	struct slot *slot;

	if (!atomic_compare_exchange_strong(&publisher, &writer, self) &&
	    (writer == self || !atomic_compare_exchange_strong(&publisher, &writer, self)))
		return;
	slot = slot_choose(image, current);
	if (slot != NULL && memcmp(&slot->image, image, sizeof(*image)) == 0) {
		atomic_store(&slot->generation, current); /* it was there all along */
	} else if (slot != NULL) {
		atomic_fetch_or(&slot->sequence, 1);
		atomic_thread_fence(memory_order_release);
		slot->image = *image;
		atomic_store(&slot->low, image->low);
		atomic_store(&slot->high, image->high);
		atomic_store(&slot->generation, current);
		atomic_fetch_add(&slot->sequence, 1);
	}
	atomic_store(&publisher, 0);
}

static const struct image *image_cached(uintptr_t address)
{
	unsigned int current = atomic_load_explicit(&generation, memory_order_acquire);

	for (int i = 0; i < SLOTS; i++) {
		const struct slot *slot = &slots[i];
		unsigned int before = atomic_load_explicit(&slot->sequence, memory_order_acquire);
		bool match =
			atomic_load_explicit(&slot->generation, memory_order_acquire) == current &&
			address >= atomic_load_explicit(&slot->low, memory_order_relaxed) &&
			address < atomic_load_explicit(&slot->high, memory_order_relaxed);

		atomic_thread_fence(memory_order_acquire);
		if (match && before % 2 == 0 &&
		    atomic_load_explicit(&slot->sequence, memory_order_relaxed) == before)
			return &slot->image;
	}
	return NULL;
}

const struct image *image_of_method(const void *method, struct image *scratch)
{
	const struct image *image = image_cached((uintptr_t)method);
	unsigned int current = atomic_load(&generation);
	int saved_errno = errno;
	bool found;

	if (image != NULL || method == NULL)
		return image;
	found = image_resolve(scratch, method);
	if (found)
		image_publish(scratch, current);
	errno = saved_errno;
	return found ? scratch : NULL;
}

const struct image *image_of_object(const void *object, struct image *scratch)
{
	const void *const *words = object;

	if (object == NULL)
		return NULL;
	for (int i = 0; i < OBJECT_WORDS; i++) {
		const struct image *image = image_cached((uintptr_t)words[i]);

		if (image != NULL)
			return image;
	}
	/* Not seen before: made by a call that passed us by, or after an unload. */
	for (int i = 0; i < OBJECT_WORDS; i++) {
		const struct image *image =
			(uintptr_t)words[i] < 4096 ? NULL : image_of_method(words[i], scratch);

		if (image != NULL)
			return image;
	}
	return NULL;
}

struct scan {
	const char *name;
	void *found;
};

static int scan_object(struct dl_phdr_info *info, size_t size, void *data)
{
	struct scan *scan = data;
	void *handle = dlopen(info->dlpi_name, RTLD_LAZY | RTLD_NOLOAD);

	(void)size;
	if (handle == NULL)
		return 0;
	scan->found = lookup(handle, scan->name);
	real_dlclose(handle);
	return scan->found != NULL;
}

void *resolve_next(const char *name)
{
	struct scan scan = {name, dlsym(RTLD_NEXT, name)};

	/* A plugin's RTLD_LOCAL libraries are not in our search order. */
	if (scan.found == NULL)
		dl_iterate_phdr(scan_object, &scan);
	return scan.found;
}
