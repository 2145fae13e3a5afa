/* SPDX-License-Identifier: MIT */
#include "loader/resolve.h"

#include <errno.h>

#include "loader/elf_find.h"
#include "loader/learn.h"

_Thread_local bool inside_ssl_ctx_new __attribute__((tls_model("initial-exec")));

enum {
	/*
	 * How many words of an SSL or an SSL_CTX are searched for the pointer to its method.
	 * From OpenSSL 0.9.8 to 4.0 it is word 0 or 1 of an SSL_CTX and word 1, 2 or 3 of an SSL
	 * (ssl_locl.h, ssl_local.h).  All of tests/wire fails on a libssl where it is elsewhere.
	 */
	OBJECT_WORDS = 4,
};

/* Fills @image with the libssl that covers @address. */
static bool image_resolve(struct image *image, const void *address)
{
	struct elf_object object;

	/* The caller has an object of this libssl, which therefore stays loaded. */
	if (elf_can_find() ? !elf_find(address, &object) || !is_libssl(&object)
			   : !libssl_at((uintptr_t)address, &object))
		return false;
	image_read(image, &object);
	return true;
}

const struct image *image_of_method(const void *method, struct image *scratch)
{
	const struct image *image = image_cached((uintptr_t)method);
	unsigned int current = image_generation();
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
	unsigned int current = image_generation();
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
