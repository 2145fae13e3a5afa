/* SPDX-License-Identifier: MIT
 *
 * suites: what a cipher suite is, by OpenSSL's name for it, which has been the same in every
 * release and family that has the suite (SSL_CIPHER_get_name; "openssl ciphers -V" lists them).
 * Pure, and safe from any thread; nothing is allocated, and no pointer that is given is kept.
 */
#ifndef SSLHARDEN_SUITES_H
#define SSLHARDEN_SUITES_H

#include <stddef.h>

enum {
	SUITE_ANULL = 1 << 0, /* nobody is authenticated */
	SUITE_ENULL = 1 << 1, /* nothing is encrypted */
	SUITE_EXPORT = 1 << 2,
	SUITE_RC4 = 1 << 3,
	SUITE_DES = 1 << 4,
	SUITE_3DES = 1 << 5,
	SUITE_MD5 = 1 << 6,
	SUITE_CBC = 1 << 7,
	SUITE_KRSA = 1 << 8, /* keys are exchanged by RSA */
	SUITE_NEWER = 1 << 9, /* it came with TLS 1.2, and is not to be had before */
	SUITE_PARAMETERS = 1 << 10, /* it takes DH parameters of the server's */
	SUITE_STATIC = 1 << 11, /* it takes a certificate for DH or ECDH, of one kind of issuer */

	SUITE_WORDS = 9,
};

/* The words for the first of them, as OpenSSL's cipher strings have them. */
struct suite_word {
	char text[8];
	unsigned int is;
};
extern const struct suite_word suite_words[SUITE_WORDS];

/*
 * Those of a set, with a comma between; "" of none.  Answers @text, of @size bytes: SUITE_WORDS_MAX
 * are enough.
 */
enum { SUITE_WORDS_MAX = SUITE_WORDS * sizeof(suite_words[0].text) };
const char *suite_words_text(unsigned int is, char *text, size_t size);

/*
 * What the suite of a name (NUL-terminated, not NULL) is: a set of SUITE_*; 0 of one of TLS 1.3,
 * which is none of it.  A name that nobody knows is judged by the words in it.
 */
unsigned int suite_is(const char *name);

#endif
