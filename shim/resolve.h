/* SPDX-License-Identifier: MIT
 *
 * resolve: the real functions of the libssl that an object belongs to.  The
 * only file that knows the dynamic linker.
 */
#ifndef SSLHARDEN_RESOLVE_H
#define SSLHARDEN_RESOLVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sslharden/policy.h"
#include "sslharden/role.h"

typedef struct ssl_ctx_st SSL_CTX;
typedef struct ssl_method_st SSL_METHOD;
typedef struct ssl_st SSL;
typedef struct ssl_conf_ctx_st SSL_CONF_CTX;
typedef struct bio_st BIO;
typedef struct ec_key_st EC_KEY;

#define HOOK(ret, name, params) typedef ret(*name##_fn) params;
#define REAL HOOK
#include "hooks.def"
#undef HOOK
#undef REAL

/*
 * One loaded libssl.  Immutable once published; valid while that libssl stays
 * loaded, so a wrapper may use it until it returns and must not keep it.
 */
struct image {
	uintptr_t low, high; /* the addresses that it covers */
	const struct dialect *dialect; /* NULL: not an OpenSSL that we know */
	const void *methods[METHOD_COUNT];
#define HOOK(ret, name, params) name##_fn name;
#define REAL HOOK
#include "hooks.def"
#undef HOOK
#undef REAL
};

/*
 * The libssl that @object belongs to: an SSL_METHOD, an SSL_CTX or an SSL.
 *
 * @scratch  room for an answer that could not be published
 *
 * Answers NULL for an object that no libssl claims (NULL, or one made by
 * libgnutls-openssl).  Takes no lock once an image is known.
 */
const struct image *image_of_method(const void *method, struct image *scratch);
const struct image *image_of_object(const void *object, struct image *scratch);

/*
 * The next definition of @name after ours, for a call whose object no libssl
 * claims; NULL if there is none.
 */
void *resolve_next(const char *name);

/*
 * To be called before and after a library may have been unloaded: what was
 * resolved before is looked up again.
 */
void resolve_forget(void);

/* libc's dlclose: our own wraps it, and "dlclose" in our code means that one. */
typedef int (*dlclose_fn)(void *handle);
int real_dlclose(void *handle);

#endif
