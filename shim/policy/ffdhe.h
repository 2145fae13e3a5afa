/* SPDX-License-Identifier: MIT
 *
 * ffdhe: the finite fields for a key exchange that RFC 7919 names.  Pure.
 */
#ifndef SSLHARDEN_FFDHE_H
#define SSLHARDEN_FFDHE_H

#include <stddef.h>
#include <stdint.h>

/* The smallest of their sizes that has @bits; 8192 at the most. */
unsigned int ffdhe_size(unsigned int bits);

/*
 * Writes the parameters of a size to @der, as PKCS #3 has them (DHParameter), which d2i_DHparams
 * of every release reads.  Answers their length.
 */
enum { FFDHE_DER_MAX = 1040 };
size_t ffdhe_encode(unsigned int size, uint8_t der[FFDHE_DER_MAX]);

#endif
