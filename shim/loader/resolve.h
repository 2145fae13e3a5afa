/* SPDX-License-Identifier: MIT
 *
 * resolve: finds the libssl that an SSL_CTX, SSL or SSL_METHOD belongs to.
 *
 * Every function may be called from any thread and in a forked child.  None allocates; those that
 * answer with a struct image leave errno as found.
 */
#ifndef SSLHARDEN_RESOLVE_H
#define SSLHARDEN_RESOLVE_H

#include <stdatomic.h>

#include "loader/image_slots.h"

/*
 * The libssl that a method, or an SSL_CTX or SSL, belongs to.
 *
 * @scratch  the caller's room for the answer if that cannot be published
 *
 * Returns NULL for NULL and for an object that is no libssl's (one of libgnutls-openssl, say).
 * Takes no lock once the libssl is known.
 */
const struct image *image_of_method(const void *method, struct image *scratch);
static inline const struct image *image_of_object(const void *object, struct image *scratch);

/* For an object that one look does not tell of. */
const struct image *image_search(const void *object, struct image *scratch);

/*
 * One word of the object shows that it belongs to image_permanent, the pointer to its method: the
 * second word of a context and of a connection before 3.2, the third of a connection from then on.
 */
static inline const struct image *image_of_object(const void *object, struct image *scratch)
{
	const struct image *image = atomic_load_explicit(&image_permanent, memory_order_acquire);
	const void *const *words = object;

	if (object != NULL && image != NULL &&
	    (image_covers(image, words[1]) || image_covers(image, words[2])))
		return image;
	return image_search(object, scratch);
}

/*
 * If the option values of this libssl have to be learned (options_by_name) and were not yet, learns
 * them with the help of @ctx and returns the completed image; otherwise, or if that fails, @image.
 */
const struct image *image_learn_options(const struct image *image, SSL_CTX *ctx,
					struct image *scratch);

/*
 * Whether this thread is inside libssl's own SSL_CTX_new.  A libssl that calls SSL_CTX_new_ex
 * through its PLT gets the wrapper again, and only the outermost call decides.
 *
 * It is not enough alone: a callback of the program's may be called there, and may leave by a
 * longjmp or an exception, after which this stays true.
 */
extern _Thread_local bool inside_ssl_ctx_new __attribute__((tls_model("initial-exec")));

#endif
