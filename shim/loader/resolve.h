/* SPDX-License-Identifier: MIT
 *
 * resolve: finds the libssl that an SSL_CTX, SSL or SSL_METHOD belongs to, and its real functions.
 *
 * Every function may be called from any thread and in a forked child.  None allocates; those that
 * answer with a struct image leave errno as found.
 */
#ifndef SSLHARDEN_RESOLVE_H
#define SSLHARDEN_RESOLVE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "loader/elf_object.h"
#include "sslharden/policy.h"
#include "sslharden/role.h"

typedef struct ssl_ctx_st SSL_CTX;
typedef struct ssl_method_st SSL_METHOD;
typedef struct ssl_st SSL;
typedef struct ssl_conf_ctx_st SSL_CONF_CTX;
typedef struct bio_st BIO;
typedef struct ec_key_st EC_KEY;
typedef struct dh_st DH;
typedef struct evp_pkey_st EVP_PKEY;
typedef struct x509_st X509;
typedef void (*info_callback)(const SSL *ssl, int where, int ret);
typedef DH *(*dh_callback)(SSL *ssl, int is_export, int length);
/* The callback of SSL_CTX_set_client_hello_cb and of SSL_CTX_set_tlsext_servername_callback. */
typedef int (*hello_callback)(SSL *ssl, int *alert, void *arg);
/* Callbacks that are passed on to libssl and never called here. */
typedef void (*any_callback)(void);
typedef void (*psk_callback)(void);
typedef void (*psk_find_callback)(void);
typedef int (*security_callback)(const SSL *ssl, const SSL_CTX *ctx, int operation, int bits,
				 int number, void *other, void *data);
typedef long (*bio_callback)(BIO *bio, int oper, const char *argp, int argi, long argl, long ret);

#define HOOK(ret, name, params) typedef ret(*name##_fn) params;
#define REAL HOOK
#include "loader/functions.def"
#undef HOOK
#undef REAL

/*
 * The names of the rows of functions.def, in their order and without a gap, so that they can be
 * walked as one string after the other.  The HOOK rows are the first.
 */
struct function_names {
#define HOOK(ret, name, params) char name[sizeof(#name)];
#define REAL HOOK
#include "loader/functions.def"
#undef HOOK
#undef REAL
};

extern const struct function_names function_names;

/*
 * One loaded libssl.  It does not change once it is published, and is valid while that libssl stays
 * loaded: a wrapper may use it until it returns, and must not keep it.
 */
struct image {
	uintptr_t low, high; /* the addresses that it covers: low included, high not */
	bool permanent; /* it is never unloaded (-z nodelete) */
	/*
	 * The bits that an option word of this libssl has: 64 in 3.0 and later, those of an
	 * unsigned long before.  On i386 a caller with an unsigned long leaves the upper half of
	 * our uint64_t undefined: it is the next word on the stack.
	 */
	uint64_t option_mask;
	const void *methods[METHOD_COUNT];
#define HOOK(ret, name, params) name##_fn name;
#define REAL HOOK
#include "loader/functions.def"
#undef HOOK
#undef REAL
	/* From here on: what may be filled in later, when the options are learned (learn.c). */
	bool known; /* the dialect is known; if not, nothing may be set on this libssl's objects */
	struct dialect dialect;
	/* These follow from the dialect and the settings; two are by transport. */
	uint64_t safe_options; /* policy_options */
	versions flexible_versions[TRANSPORT_QUIC]; /* versions_spoken */
	uint64_t version_options[TRANSPORT_QUIC]; /* all that forbid a version */
};

/* Whether an address is this libssl's own: of a call that it makes itself. */
static inline bool image_has(const struct image *image, const void *address)
{
	return (uintptr_t)address >= image->low && (uintptr_t)address < image->high;
}

/* This libssl's method of a kind; NULL if it has none. */
static inline const SSL_METHOD *image_method(const struct image *image,
					     const struct method_kind *kind)
{
	return image->methods[kind - method_kinds];
}

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

/*
 * The first libssl that was found and is never unloaded; NULL: there is none.  Nearly every object
 * belongs to it, which one word of the object shows, the pointer to its method: the second word of
 * a context and of a connection before 3.2, the third of a connection from then on.
 */
extern const struct image *_Atomic image_permanent;
const struct image *image_search(const void *object, struct image *scratch);

static inline bool image_covers(const struct image *image, const void *word)
{
	return (uintptr_t)word - image->low < image->high - image->low;
}

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

/* Whether @object is a libssl, by the names that it defines. */
bool is_libssl(const struct elf_object *object);

/*
 * The function to call for an object that is no libssl's: the one that another library
 * (libgnutls-openssl) defines under that name, or else any libssl's; NULL if there is none.
 */
void *resolve_foreign(const char *name) __attribute__((cold));

/* The first definition of @name in a loaded libssl; NULL if there is none. */
void *resolve_libssl(const char *name);

/*
 * Must be called before and after a library may be unloaded: what was resolved until then is looked
 * up again.
 */
void resolve_forget(void);

/* Our wrapper of the libssl function @name; NULL if it is not wrapped. */
void *wrapper_of(const char *name);

#endif
