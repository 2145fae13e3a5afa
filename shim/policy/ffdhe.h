/* SPDX-License-Identifier: MIT
 *
 * ffdhe: the finite-field DH groups of RFC 7919 (appendix A).  Pure, and safe from any thread.
 */
#ifndef SSLHARDEN_FFDHE_H
#define SSLHARDEN_FFDHE_H

#include <stddef.h>
#include <stdint.h>

/* The size in bits of the smallest group with at least @bits; 8192 if none is large enough. */
unsigned int ffdhe_size(unsigned int bits);

/*
 * Writes the group of @size bits to @der as a DHParameter (PKCS #3, 9), which d2i_DHparams of every
 * release reads.  Returns the length in bytes.
 */
enum { FFDHE_DER_MAX = 1040 };
size_t ffdhe_encode(unsigned int size, uint8_t der[FFDHE_DER_MAX]);

#endif
