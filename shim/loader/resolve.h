/* SPDX-License-Identifier: MIT
 *
 * resolve: the real functions of the libssl that an object belongs to.
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
/* Of SSL_CTX_set_client_hello_cb and SSL_CTX_set_tlsext_servername_callback. */
typedef void (*any_callback)(void); /* one that is handed on */
typedef int (*hello_callback)(SSL *ssl, int *alert, void *arg);
/* Those that find a client's key; none is ever called here. */
typedef void (*psk_callback)(void);
typedef void (*psk_find_callback)(void);
typedef long (*bio_callback)(BIO *bio, int oper, const char *argp, int argi, long argl, long ret);

#define HOOK(ret, name, params) typedef ret(*name##_fn) params;
#define REAL HOOK
#include "hooks/hooks.def"
#undef HOOK
#undef REAL

/* The names of the rows, in their order and without a gap: first those of the wrapped functions. */
struct function_names {
#define HOOK(ret, name, params) char name[sizeof(#name)];
#define REAL HOOK
#include "hooks/hooks.def"
#undef HOOK
#undef REAL
};

extern const struct function_names function_names;

/*
 * One loaded libssl.  Immutable once published; valid while that libssl stays
 * loaded, so a wrapper may use it until it returns and must not keep it.
 */
struct image {
	uintptr_t low, high; /* the addresses that it covers */
	bool stays; /* it is never unloaded: what was found holds for ever */
	/*
	 * The bits that an option word of this libssl has: 64 in 3.0 and later, those
	 * of an unsigned long before.  A caller of the latter leaves the rest of our
	 * uint64_t undefined on i386, where it is the next word on the stack.
	 */
	uint64_t option_mask;
	const void *methods[METHOD_COUNT];
#define HOOK(ret, name, params) name##_fn name;
#define REAL HOOK
#include "hooks/hooks.def"
#undef HOOK
#undef REAL
	/* Last: what may be learned after the rest is there. */
	bool known; /* false: not a libssl that we can place, or not asked yet; nothing is set there */
	struct dialect dialect;
	/* What follows from these and the settings, for every object of it. */
	uint64_t wanted; /* the safe options */
	versions spoken[TRANSPORT_QUIC]; /* what its flexible methods can serve, by transport */
};

/* The method of a kind; NULL where this libssl has none. */
static inline const SSL_METHOD *image_method(const struct image *image,
					     const struct method_kind *kind)
{
	return image->methods[kind - method_kinds];
}

/*
 * The libssl that @object belongs to: an SSL_METHOD, an SSL_CTX or an SSL.
 *
 * @scratch  room for an answer that could not be published
 *
 * Answers NULL for an object that no libssl claims (NULL, or one made by
 * libgnutls-openssl).  Takes no lock once an image is known.
 */
const struct image *image_of_method(const void *method, struct image *scratch);
static inline const struct image *image_of_object(const void *object, struct image *scratch);

/*
 * The first libssl that was found and is never unloaded; NULL: none was.  Nearly every object is
 * of it, and needs no more than a look at the address of its method: the second word of a context
 * and, before 3.2, of a connection; there the third from then on.
 */
extern const struct image *_Atomic image_lasting;
const struct image *image_search(const void *object, struct image *scratch);

static inline bool image_covers(const struct image *image, const void *word)
{
	return (uintptr_t)word - image->low < image->high - image->low;
}

static inline const struct image *image_of_object(const void *object, struct image *scratch)
{
	const struct image *image = atomic_load_explicit(&image_lasting, memory_order_acquire);
	const void *const *words = object;

	if (object != NULL && image != NULL &&
	    (image_covers(image, words[1]) || image_covers(image, words[2])))
		return image;
	return image_search(object, scratch);
}

/*
 * The same libssl once its options are known, where they are to be asked for by name: of @ctx,
 * if that has not been done.  Answers @image where there is nothing to ask, or no answer.
 */
const struct image *image_asked(const struct image *image, SSL_CTX *ctx, struct image *scratch);

/*
 * Whether this thread is in libssl's own SSL_CTX_new.  Where libssl calls SSL_CTX_new_ex through
 * its PLT that comes back to the wrapper, and only the outermost call decides.
 *
 * Not enough alone: a callback of the program's may make a context in there, and
 * leave it by a jump or an exception, after which this stays true.
 */
extern _Thread_local bool inside_new __attribute__((tls_model("initial-exec")));

/* Whether @object is a libssl, ours to wrap; told by what it defines. */
bool is_libssl(const struct elf_object *object);

/*
 * The function to call for an object that no libssl claims: another library's
 * of that name (libgnutls-openssl's), if there is one, or any libssl's.
 */
void *resolve_foreign(const char *name) __attribute__((cold));

/* The first definition of @name in a libssl, NULL if none that is loaded has it. */
void *resolve_libssl(const char *name);

/*
 * To be called before and after a library may have been unloaded: what was
 * resolved before is looked up again.
 */
void resolve_forget(void);

#endif
