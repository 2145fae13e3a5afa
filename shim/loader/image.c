/* SPDX-License-Identifier: MIT */
#include "loader/image.h"

#include <limits.h>
#include <string.h>

#include "loader/elf_find.h"
#include "loader/elf_list.h"
#include "sslharden/config.h"

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

bool libssl_at(uintptr_t address, struct elf_object *object)
{
	return elf_each(libssl_covers, &(struct cover){address, object});
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

void image_settle(struct image *image)
{
	image->safe_options = policy_options(config_get(), &image->dialect);
	for (enum transport each = TRANSPORT_TLS; each < TRANSPORT_QUIC; each++) {
		image->flexible_versions[each] = versions_spoken(&image->dialect, each);
		image->version_options[each] = version_options(&image->dialect, each, VERSIONS_ALL);
	}
}

void image_read(struct image *image, const struct elf_object *libssl)
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
