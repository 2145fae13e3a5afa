/* SPDX-License-Identifier: MIT
 *
 * wrap: what every wrapper begins with.
 */
#ifndef SSLHARDEN_WRAP_H
#define SSLHARDEN_WRAP_H

#include "loader/definitions.h"
#include "loader/resolve.h"
#include "sslharden/config.h"

#define EXPORT __attribute__((visibility("default")))

/* Every wrapper is declared before it is defined, with the type of its row. */
#define HOOK(ret, name, params) EXPORT ret name params;
#define REAL(ret, name, params)
#include "loader/functions.def"
#undef HOOK
#undef REAL

/* The function that another library defines under a name, or else libssl's; with its type. */
#define NEXT(name) ((name##_fn)resolve_foreign(function_names.name))

/*
 * Finds @image, the libssl of @object, with @find.  An object that no libssl claims goes to the
 * next definition of the name, untouched; for a libssl that has no such function (it was called
 * through a weak reference that we made non-null) the wrapper answers @failure.
 */
#define WRAP_BY(find, name, object, failure, ...)                    \
	struct image scratch;                                        \
	const struct image *image = find(object, &scratch);          \
	if (image == NULL || image->name == NULL) {                  \
		name##_fn next = image == NULL ? NEXT(name) : NULL;  \
		return next == NULL ? (failure) : next(__VA_ARGS__); \
	}
#define WRAP(...) WRAP_BY(image_of_object, __VA_ARGS__)
#define WRAP_BY_METHOD(...) WRAP_BY(image_of_method, __VA_ARGS__)

/*
 * The same where a libssl without the function is served, too: by another of its calls (before 1.1.0 a
 * control).
 */
#define WRAP_ALWAYS_BY(find, name, object, failure, ...)             \
	struct image scratch;                                        \
	const struct image *image = find(object, &scratch);          \
	if (image == NULL) {                                         \
		name##_fn next = NEXT(name);                         \
		return next == NULL ? (failure) : next(__VA_ARGS__); \
	}
#define WRAP_ALWAYS(...) WRAP_ALWAYS_BY(image_of_object, __VA_ARGS__)

/* The same for one that answers nothing. */
#define WRAP_VOID(name, object, ...)                                   \
	struct image scratch;                                          \
	const struct image *image = image_of_object(object, &scratch); \
	if (image == NULL || image->name == NULL) {                    \
		name##_fn next = image == NULL ? NEXT(name) : NULL;    \
		if (next != NULL)                                      \
			next(__VA_ARGS__);                             \
		return;                                                \
	}

/* Whether objects of this libssl are changed; and whether they are at least looked at (audit). */
static inline bool is_hardened(const struct image *image)
{
	return image->known && config_get()->mode == MODE_ON;
}

static inline bool is_watched(const struct image *image)
{
	return image->known && config_get()->mode != MODE_OFF;
}

/*
 * To be called before something is decided about an object of @ctx: if the option values of this
 * libssl have to be learned, that is done now.  Returns the image to use.
 */
static inline const struct image *image_to_decide(const struct image *image, SSL_CTX *ctx,
						  struct image *scratch)
{
	return image->known || config_get()->mode == MODE_OFF
		       ? image
		       : image_learn_options(image, ctx, scratch);
}

#endif
