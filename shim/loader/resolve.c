/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "loader/resolve.h"

#include <errno.h>
#include <limits.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>

#include "loader/elf_find.h"
#include "loader/elf_list.h"
#include "loader/learn.h"
#include "loader/loader_lock.h"
#include "memory/kernel.h"
#include "memory/late.h"
#include "sslharden/config.h"

_Thread_local bool inside_ssl_ctx_new __attribute__((tls_model("initial-exec")));

enum {
	SLOTS = 8, /* libssls that are remembered; others are resolved anew at each call */

	/*
	 * How many words of an SSL or an SSL_CTX are searched for the pointer to its method.
	 * From OpenSSL 0.9.8 to 4.0 it is word 0 or 1 of an SSL_CTX and word 1, 2 or 3 of an SSL
	 * (ssl_locl.h, ssl_local.h).  All of tests/wire fails on a libssl where it is elsewhere.
	 */
	OBJECT_WORDS = 4,
};

/*
 * A seqlock: the slot is stable while the sequence is even.  A slot is written again only when its
 * libssl is gone, so a reader that has found its own libssl in it can go on using it.
 */
struct slot {
	_Atomic unsigned int sequence;
	_Atomic unsigned int generation; /* 0: empty */
	_Atomic bool permanent;
	_Atomic uintptr_t low, high;
	struct image image;
};

static WRITTEN_LATE struct slot slots[SLOTS];
const struct image *_Atomic image_permanent;

static _Atomic unsigned int generation = 1;
static _Atomic pid_t publisher; /* who writes a slot now; 0: nobody */

void resolve_forget(void)
{
	/* 0 means an empty slot, and 2^31 unloads come round to it. */
	if (atomic_fetch_add(&generation, 1) + 1 == 0)
		atomic_fetch_add(&generation, 1);
}

enum { NEEDED_MAX = 8 }; /* libraries that a libssl is linked with: libcrypto, libc, ... */

/* A libssl and the libraries that it is linked with, in the order in which a name is looked for. */
struct libraries {
	struct elf_object members[1 + NEEDED_MAX];
	int count;
};

bool is_libssl(const struct elf_object *object)
{
	/* libgnutls-openssl has the first, and nothing else of use. */
	return elf_symbol(object, "SSL_CTX_new") != NULL &&
	       elf_symbol(object, "SSL_get_SSL_CTX") != NULL;
}

/* Another library may wrap some of its functions, but hardly the one that returns its version. */
static bool is_libcrypto(const struct elf_object *object)
{
	return elf_symbol(object, "ERR_set_mark") != NULL &&
	       (elf_symbol(object, "OpenSSL_version_num") != NULL ||
		elf_symbol(object, "SSLeay") != NULL);
}

struct cover {
	uintptr_t address;
	struct elf_object *object;
};

/* Called while the loader's list is locked, so that the object cannot be unloaded meanwhile. */
static bool libssl_covers(const struct elf_object *object, void *data)
{
	const struct cover *cover = data;

	if (cover->address < object->low || cover->address >= object->high || !is_libssl(object))
		return false;
	*cover->object = *object;
	return true;
}

static struct libraries libraries_of(const struct elf_object *libssl)
{
	struct libraries libraries = {.members = {*libssl}, .count = 1};
	const char *soname;

	/* Only libcrypto is needed of them, and it may be in libssl's own file. */
	if (is_libcrypto(libssl))
		return libraries;
	if (elf_can_find() && elf_find_linked(libssl, is_libcrypto, &libraries.members[1])) {
		libraries.count = 2;
		return libraries;
	}

	for (int i = 0; libraries.count <= NEEDED_MAX && (soname = elf_needed(libssl, i)) != NULL;
	     i++) {
		if (elf_object_named(soname, &libraries.members[libraries.count]))
			libraries.count++;
	}
	return libraries;
}

static void *lookup(const struct libraries *libraries, const char *name)
{
	void *address = NULL;

	for (int i = 0; i < libraries->count && address == NULL; i++)
		address = elf_symbol(&libraries->members[i], name);
	return address;
}

static const void *method_of(const struct libraries *libraries, const char *name)
{
	union {
		void *address;
		const void *(*constructor)(void);
	} found = {.address = elf_symbol(&libraries->members[0], name)};

	return found.address == NULL ? NULL : found.constructor();
}

const struct function_names function_names = {
#define HOOK(ret, name, params) #name,
#define REAL HOOK
#include "loader/functions.def"
#undef HOOK
#undef REAL
};

static enum family maker_of(const struct libraries *libraries, unsigned long version)
{
	if (lookup(libraries, "BORINGSSL_self_test") != NULL)
		return FAMILY_BORINGSSL; /* AWS-LC has it too */
	return version == 0x20000000UL ? FAMILY_LIBRESSL : FAMILY_OPENSSL;
}

/* See option_mask in struct image. */
static uint64_t option_mask_of(const struct image *image, enum family maker)
{
	if (maker == FAMILY_BORINGSSL)
		return UINT32_MAX;
	return image->SSL_CTX_new_ex != NULL ? UINT64_MAX : ULONG_MAX;
}

/* Whether this libssl has the functions without which nothing can be done. */
static bool is_complete(const struct image *image)
{
	bool controls = image->SSL_CTX_ctrl != NULL && image->SSL_ctrl != NULL;
	bool ranges = image->SSL_set_min_proto_version != NULL &&
		      image->SSL_set_max_proto_version != NULL &&
		      image->SSL_get_min_proto_version != NULL &&
		      image->SSL_get_max_proto_version != NULL;
	bool callbacks = image->SSL_CTX_get_info_callback != NULL &&
			 image->SSL_CTX_set_info_callback != NULL &&
			 image->SSL_get_info_callback != NULL &&
			 image->SSL_set_info_callback != NULL;
	bool options = image->SSL_CTX_set_options != NULL && image->SSL_CTX_get_options != NULL &&
		       image->SSL_CTX_clear_options != NULL && image->SSL_set_options != NULL &&
		       image->SSL_get_options != NULL && image->SSL_clear_options != NULL;

	return image->SSL_get_SSL_CTX != NULL && image->ERR_set_mark != NULL &&
	       image->ERR_pop_to_mark != NULL && callbacks && (controls || ranges) &&
	       (controls || options);
}

static void image_settle(struct image *image)
{
	image->safe_options = policy_options(config_get(), &image->dialect);
	for (enum transport each = TRANSPORT_TLS; each < TRANSPORT_QUIC; each++) {
		image->flexible_versions[each] = versions_spoken(&image->dialect, each);
		image->version_options[each] = version_options(&image->dialect, each, VERSIONS_ALL);
	}
}

static void image_fill(struct image *image, const struct elf_object *libssl)
{
	struct libraries libraries = libraries_of(libssl);
	const struct dialect *dialect;
	unsigned long version = 0;
	enum family maker;
	const char *name = (const char *)&function_names;
	void **slot;

	memset(image, 0, sizeof(*image));
	image->low = libssl->low;
	image->high = libssl->high;
	image->permanent = elf_is_permanent(libssl);
	/* The members of the image from SSL_CTX_new on are in the order of the names. */
	slot = (void *)&image->SSL_CTX_new;
	for (; name < (const char *)(&function_names + 1); name += strlen(name) + 1)
		*slot++ = lookup(&libraries, name);
	for (int id = 0; id < METHOD_COUNT; id++)
		image->methods[id] = method_of(&libraries, method_kinds[id].name);
	/* OpenSSL exports one of the two, LibreSSL and BoringSSL both. */
	if (image->OpenSSL_version_num != NULL)
		version = image->OpenSSL_version_num();
	else if (image->SSLeay != NULL)
		version = image->SSLeay();
	maker = maker_of(&libraries, version);
	image->option_mask = option_mask_of(image, maker);
	dialect = dialect_find(maker, version, image->SSL_CTX_set_options != NULL);
	if (dialect == NULL || !is_complete(image))
		return;
	image->known = !dialect->options_by_name;
	image->dialect = *dialect;
	image_settle(image);
}

/* Fills @image with the libssl that covers @address. */
static bool image_resolve(struct image *image, const void *address)
{
	struct elf_object object;

	/* The caller has an object of this libssl, which therefore stays loaded. */
	if (elf_can_find() ? !elf_find(address, &object) || !is_libssl(&object)
			   : !elf_each(libssl_covers, &(struct cover){(uintptr_t)address, &object}))
		return false;
	image_fill(image, &object);
	return true;
}

/* The dialect is not compared: it follows from the rest, but may have been learned since. */
static bool is_same(const struct image *a, const struct image *b)
{
	return memcmp(a, b, offsetof(struct image, known)) == 0;
}

/*
 * Whether there is no libssl any more where the slot's was.  None of its functions may be called
 * here: the caller holds no object of it, and another thread may be unloading it.
 */
static bool slot_is_dead(const struct slot *slot)
{
	struct elf_object object;

	return !elf_each(libssl_covers, &(struct cover){(uintptr_t)slot->image.low, &object});
}

static struct slot *slot_choose(const struct image *image, unsigned int current)
{
	struct slot *dead = NULL;

	for (int i = 0; i < SLOTS; i++) {
		struct slot *slot = &slots[i];

		if (atomic_load(&slot->low) != image->low || atomic_load(&slot->generation) == 0)
			continue;
		if (!is_same(&slot->image, image) || slot->image.known || !image->known)
			return slot;
		/*
		 * Its options were learned since.  Present readers go on; nobody finds the slot
		 * again.
		 */
		atomic_store(&slot->low, 0);
		atomic_store(&slot->high, 0);
	}
	for (int i = 0; i < SLOTS; i++) {
		if (atomic_load(&slots[i].generation) == 0)
			return &slots[i];
	}
	for (int i = 0; i < SLOTS && dead == NULL; i++) {
		struct slot *slot = &slots[i];

		if (atomic_load(&slot->generation) != current && slot_is_dead(slot))
			dead = slot;
	}
	return dead;
}

/*
 * Remembers @image.  One thread at a time does so; another does not wait but goes on with its own
 * copy, as does a forked child whose parent was just here.  Nothing is remembered while a library
 * is being unloaded (a destructor may call libssl): @image may be that library, and another one may
 * lie at its addresses before dlclose returns.
 */
static void image_publish(const struct image *image, unsigned int current)
{
	pid_t self = kernel_getpid();
	pid_t writer = 0;
	struct slot *slot;

	if (!image->permanent && loader_is_unloading())
		return;
	if (!atomic_compare_exchange_strong(&publisher, &writer, self) &&
	    (writer == self || !atomic_compare_exchange_strong(&publisher, &writer, self)))
		return;
	slot = slot_choose(image, current);
	if (slot != NULL && is_same(&slot->image, image)) {
		atomic_store(&slot->generation, current); /* it was loaded all the time */
	} else if (slot != NULL) {
		atomic_fetch_or(&slot->sequence, 1);
		atomic_thread_fence(memory_order_release);
		slot->image = *image;
		atomic_store(&slot->low, image->low);
		atomic_store(&slot->high, image->high);
		atomic_store(&slot->permanent, image->permanent);
		atomic_store(&slot->generation, current);
		atomic_fetch_add(&slot->sequence, 1);
		/* One whose options are still to be learned gets another slot then. */
		if (image->permanent && image->known && atomic_load(&image_permanent) == NULL)
			atomic_store(&image_permanent, &slot->image);
	}
	atomic_store(&publisher, 0);
}

static const struct image *image_cached(uintptr_t address)
{
	unsigned int current = atomic_load_explicit(&generation, memory_order_acquire);

	for (int i = 0; i < SLOTS; i++) {
		const struct slot *slot = &slots[i];
		unsigned int before = atomic_load_explicit(&slot->sequence, memory_order_acquire);
		unsigned int filled = atomic_load_explicit(&slot->generation, memory_order_acquire);
		bool holds = filled == current ||
			     atomic_load_explicit(&slot->permanent, memory_order_relaxed);
		bool match = holds &&
			     address >= atomic_load_explicit(&slot->low, memory_order_relaxed) &&
			     address < atomic_load_explicit(&slot->high, memory_order_relaxed);

		atomic_thread_fence(memory_order_acquire);
		if (match && before % 2 == 0 &&
		    atomic_load_explicit(&slot->sequence, memory_order_relaxed) == before)
			return &slot->image;
		if (filled == 0) /* the slots are filled in order, and never emptied */
			break;
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

const struct image *image_search(const void *object, struct image *scratch)
{
	const void *const *words = object;

	if (object == NULL)
		return NULL;
	for (int i = 0; i < OBJECT_WORDS; i++) {
		/* A small number is no pointer: an SSL begins with a version. */
		const struct image *image =
			(uintptr_t)words[i] < 4096 ? NULL : image_cached((uintptr_t)words[i]);

		if (image != NULL)
			return image;
	}
	/*
	 * Its libssl is not remembered: the object was made past the wrappers, or before an unload.
	 */
	for (int i = 0; i < OBJECT_WORDS; i++) {
		const struct image *image =
			(uintptr_t)words[i] < 4096 ? NULL : image_of_method(words[i], scratch);

		if (image != NULL)
			return image;
	}
	return NULL;
}

const struct image *image_learn_options(const struct image *image, SSL_CTX *ctx,
					struct image *scratch)
{
	unsigned int current = atomic_load(&generation);
	const struct method_kind *kind;

	if (!image->dialect.options_by_name || image->SSL_CTX_get_ssl_method == NULL)
		return image;
	kind = method_kind_of(image->methods, image->SSL_CTX_get_ssl_method(ctx));
	if (kind == NULL ||
	    kind->transport == TRANSPORT_QUIC) /* SSL_new may fail or start a thread */
		return image;
	*scratch = *image;
	if (!learn_dialect(scratch, ctx))
		return image;
	scratch->known = true;
	image_settle(scratch);
	image_publish(scratch, current);
	return scratch;
}

struct definition {
	const char *name;
	bool of_libssl;
	void *found;
};

static bool defined_in(const struct elf_object *object, void *data)
{
	struct definition *definition = data;

	if (is_libssl(object) == definition->of_libssl)
		definition->found = elf_symbol(object, definition->name);
	/*
	 * A library without methods only wraps these functions, as this one does, and may call
	 * back.
	 */
	if (definition->found != NULL && elf_symbol(object, "TLSv1_server_method") == NULL &&
	    elf_symbol(object, "TLS_server_method") == NULL)
		definition->found = NULL;
	return definition->found != NULL;
}

void *resolve_foreign(const char *name)
{
	struct definition definition = {name, false, NULL};

	if (elf_each(defined_in, &definition))
		return definition.found;
	return resolve_libssl(name);
}

void *resolve_libssl(const char *name)
{
	struct definition definition = {name, true, NULL};

	elf_each(defined_in, &definition);
	return definition.found;
}

void *wrapper_of(const char *name)
{
	/* The HOOK rows are the first.  (An array of pointers would be relocations.) */
	enum {
		WRAPPED = 0
#define HOOK(ret, name, params) +1 /* a sum. NOLINT(bugprone-macro-parentheses) */
#define REAL(ret, name, params)
#include "loader/functions.def"
#undef HOOK
#undef REAL
	};
	const char *row = (const char *)&function_names;

	for (int i = 0; i < WRAPPED; i++) {
		if (strcmp(row, name) == 0)
			return elf_own_symbol(name);
		row += strlen(row) + 1;
	}
	return NULL;
}
