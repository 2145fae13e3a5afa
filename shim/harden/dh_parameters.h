/* SPDX-License-Identifier: MIT
 *
 * dh_parameters: makes DH parameters of RFC 7919's primes, and sets them in place of smaller ones.
 *
 * The caller brackets OpenSSL's error queue and errno.  Safe from any thread that may use the object
 * itself.
 */
#ifndef SSLHARDEN_DH_PARAMETERS_H
#define SSLHARDEN_DH_PARAMETERS_H

#include "harden/object.h"

/* What parameters are set on: one of the two. */
struct dh_object {
	SSL_CTX *ctx;
	SSL *ssl;
};

/* Whether this libssl exchanges keys by DH and its libcrypto has what it takes to replace them. */
bool dh_is_possible(const struct image *image);

/* Whether SSLHARDEN_MIN_DH_BITS is set and in force, or audited, for this libssl. */
bool dh_is_asked(const struct image *image);

/* Parameters of @size bits, for the caller to free; NULL: none can be made. */
DH *dh_make(const struct image *image, unsigned int size);

/* Sets such on an object.  Returns whether libssl took them. */
bool dh_put(const struct image *image, const struct dh_object *object, unsigned int size);

/* 0 for parameters that are not filled in, of which DH_size may crash. */
unsigned int dh_bits(const struct image *image, const DH *dh);

/* Replaces parameters of @bits by those of @size; 0: they stay.  Returns whether it did. */
bool dh_put_for(const struct image *image, const struct dh_object *object, const char *whose,
		unsigned int bits, unsigned int size);

/* A line that says so, or in an audit what would be. */
void dh_tell(const struct dh_object *object, const char *whose, unsigned int bits,
	     unsigned int size);

/* The contrary, once a process. */
void dh_tell_they_stay(const struct image *image, const struct dh_object *object,
		       unsigned int bits);

#endif
