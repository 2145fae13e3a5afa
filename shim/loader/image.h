/* SPDX-License-Identifier: MIT
 *
 * image: one loaded libssl, its functions and its option values, and how they are read from it.
 *
 * Every function may be called from any thread and in a forked child.  None allocates.
 */
#ifndef SSLHARDEN_IMAGE_H
#define SSLHARDEN_IMAGE_H

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

static inline bool image_covers(const struct image *image, const void *word)
{
	return (uintptr_t)word - image->low < image->high - image->low;
}

/* Whether @object is a libssl, by the names that it defines. */
bool is_libssl(const struct elf_object *object);

/* Finds the libssl that covers @address; false: none does. */
bool libssl_at(uintptr_t address, struct elf_object *object);

/* Fills @image from a libssl that stays loaded meanwhile. */
void image_read(struct image *image, const struct elf_object *libssl);

/* Fills in what follows from its dialect and the settings. */
void image_settle(struct image *image);

#endif
