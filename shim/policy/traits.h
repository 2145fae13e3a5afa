/* SPDX-License-Identifier: MIT
 *
 * traits: the properties of a cipher suite that counts and verdicts need, by its number.  Pure, and
 * safe from any thread.
 */
#ifndef SSLHARDEN_TRAITS_H
#define SSLHARDEN_TRAITS_H

#include <stdint.h>

/* What the suite encrypts with. */
enum trait_class {
	TRAIT_OTHER, /* not in the tables, as the suites of SSL 2.0 */
	TRAIT_AEAD,
	TRAIT_CBC,
	TRAIT_RC4,
	TRAIT_3DES,
	TRAIT_WEAK, /* export, single DES, or nothing at all */
	TRAIT_CLASSES,
};

/* The parts of the byte that suite_traits returns. */
enum {
	TRAIT_CLASS = 7, /* mask: enum trait_class */
	TRAIT_FORWARD = 1 << 3, /* forward secrecy */
	TRAIT_PROOF = 3 << 4, /* mask: how the server is authenticated, one of the next four */
	TRAIT_BY_KEY = 0 << 4, /* by a shared secret (PSK, SRP), or a DSS, DH or GOST certificate */
	TRAIT_BY_RSA = 1 << 4,
	TRAIT_BY_ECDSA = 2 << 4,
	TRAIT_BY_NOBODY = 3 << 4,
	/* The lists that have the suite.  TLS 1.3's are marked for both, though restricted names none. */
	TRAIT_RESTRICTED = 1 << 6, /* SSLHARDEN_CIPHERS=restricted */
	TRAIT_INTERMEDIATE = 1 << 7, /* SSLHARDEN_PROFILE=intermediate; and modern, of TLS 1.3 */
};

/* @id  as SSL_CIPHER_get_id returns it: 0x0300 and the two bytes that are on the wire. */
unsigned int suite_traits(uint32_t id);

#endif
