/* SPDX-License-Identifier: MIT
 *
 * traits: what a cipher suite is, by its number.  Pure, and safe from any thread.
 */
#ifndef SSLHARDEN_TRAITS_H
#define SSLHARDEN_TRAITS_H

#include <stdint.h>

/* Of what it encrypts with. */
enum trait_class {
	TRAIT_OTHER, /* one that is not known, SSL 2.0's among them */
	TRAIT_AEAD,
	TRAIT_CBC,
	TRAIT_RC4,
	TRAIT_3DES,
	TRAIT_WEAK, /* export, single DES, or nothing at all */
	TRAIT_CLASSES,
};

/* A word of the table. */
enum {
	TRAIT_CLASS = 7,
	TRAIT_FORWARD = 1 << 3, /* forward secrecy */
	TRAIT_PROOF = 3 << 4, /* how the server proves who it is: */
	TRAIT_BY_KEY = 0 << 4, /* by a secret that both know, or by a certificate that is rare */
	TRAIT_BY_RSA = 1 << 4,
	TRAIT_BY_ECDSA = 2 << 4,
	TRAIT_BY_NOBODY = 3 << 4,
	/* Lists that have it; a suite of TLS 1.3 is of both, though the first says nothing of those. */
	TRAIT_RESTRICTED = 1 << 6, /* SSLHARDEN_CIPHERS=restricted */
	TRAIT_INTERMEDIATE = 1 << 7, /* SSLHARDEN_PROFILE=intermediate; and modern, of TLS 1.3 */
};

/* @id  as SSL_CIPHER_get_id answers it: 0x0300 before the two bytes that are on the wire. */
unsigned int suite_traits(uint32_t id);

#endif
