/* SPDX-License-Identifier: MIT
 *
 * suites: the properties of a cipher suite, by OpenSSL's name for it.  A suite has the same name in
 * every release and family that has it (SSL_CIPHER_get_name; "openssl ciphers -V" lists them).
 * Pure, and safe from any thread; nothing is allocated, and no pointer that is given is kept.
 */
#ifndef SSLHARDEN_SUITES_H
#define SSLHARDEN_SUITES_H

#include <stdbool.h>
#include <stddef.h>

enum {
	SUITE_ANULL = 1 << 0, /* the server is not authenticated */
	SUITE_ENULL = 1 << 1, /* data is not encrypted */
	SUITE_EXPORT = 1 << 2,
	SUITE_RC4 = 1 << 3,
	SUITE_DES = 1 << 4,
	SUITE_3DES = 1 << 5,
	SUITE_MD5 = 1 << 6,
	SUITE_CBC = 1 << 7,
	SUITE_KRSA = 1 << 8, /* the client encrypts the secret with the server's RSA key */
	SUITE_TLS1_2 = 1 << 9, /* TLS 1.2 has it, and no older version */
	SUITE_DH_PARAMETERS = 1 << 10, /* the server needs DH parameters for it */
	SUITE_STATIC_DH = 1 << 11, /* the server needs a certificate for static DH or ECDH */

	SUITE_WORDS = 9,
};

/* The words of SSLHARDEN_FORBID, which are those of OpenSSL's cipher strings, and their bits. */
struct suite_word {
	char text[8];
	unsigned int bit;
};
extern const struct suite_word suite_words[SUITE_WORDS];

/* The bit of the word that the first @len bytes of @text are; 0: they are none. */
unsigned int suite_word_bit(const char *text, size_t len);

/* Moves @at to the next word of a list, "3DES, RC4", and returns its length. */
size_t suite_word_next(const char **at);

/*
 * Writes the words of a set of bits to @text, separated by commas; "" for none.  @size is in bytes,
 * of which SUITE_WORDS_MAX are always enough.  Returns @text.
 */
enum { SUITE_WORDS_MAX = SUITE_WORDS * sizeof(suite_words[0].text) };
const char *suite_words_text(unsigned int set, char *text, size_t size);

/*
 * The SUITE_* bits of the suite called @name (not NULL); 0 for a suite of TLS 1.3, which has none of
 * these properties.  A name that is not in the tables is judged by the words in it.
 */
unsigned int suite_properties(const char *name);

/* Whether a suite needs a curve, and authenticates nobody or encrypts nothing. */
bool suite_is_unsafe_ecdhe(const char *name);

#endif
