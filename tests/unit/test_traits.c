/* SPDX-License-Identifier: MIT
 *
 * policy/traits.c against what this libssl itself says of each of its suites; and that the command
 * knows the suite's name.
 */
#include "policy/traits.h"

#include <openssl/ssl.h>
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "cli/cipher_names.h"
#include "sslharden/config.h"

#if OPENSSL_VERSION_NUMBER < 0x10001000L
#define SSL_CIPHER_get_id(cipher) ((cipher)->id) /* a function from 1.0.1 on */
#endif

static const struct word {
	const char *text;
	unsigned int traits;
} encryptions[] = {
	{"Enc=AESGCM", TRAIT_AEAD},   {"Enc=AESCCM", TRAIT_AEAD}, {"Enc=ARIAGCM", TRAIT_AEAD},
	{"Enc=CHACHA20", TRAIT_AEAD}, {"Enc=AES(", TRAIT_CBC},    {"Enc=Camellia(", TRAIT_CBC},
	{"Enc=SEED(", TRAIT_CBC},     {"Enc=IDEA(", TRAIT_CBC},   {"Enc=3DES(", TRAIT_3DES},
	{"Enc=RC4(128)", TRAIT_RC4},  {"Enc=None", TRAIT_WEAK},   {"Enc=DES(", TRAIT_WEAK},
	{"Enc=RC4(", TRAIT_WEAK},     {"Enc=RC2(", TRAIT_WEAK},   {"", TRAIT_OTHER},
};

/* Of a description the first that it has. */
static unsigned int found(const struct word *words, const char *text)
{
	while (strstr(text, words->text) == NULL)
		words++;
	return words->traits;
}

static unsigned int expected(const char *text)
{
	static const struct word proofs[] = {
		{"Kx=SRP", TRAIT_BY_KEY},     {"Kx=RSAPSK", TRAIT_BY_KEY},
		{"Au=None", TRAIT_BY_NOBODY}, {"Kx=ECDH/", TRAIT_BY_ECDSA},
		{"Au=ECDSA", TRAIT_BY_ECDSA}, {"Kx=DH/", TRAIT_BY_KEY},
		{"Au=RSA", TRAIT_BY_RSA},     {"", TRAIT_BY_KEY},
	};
	static const struct word exchanges[] = {
		{"Kx=ECDH/", 0},          {"Kx=DH/", 0}, {"Kx=ECDH", TRAIT_FORWARD},
		{"Kx=DH", TRAIT_FORWARD}, {"", 0},
	};

	return found(encryptions, text) | found(exchanges, text) | found(proofs, text);
}

/* NULL: it has nothing of the list. */
static SSL *with_list(const char *list)
{
	SSL_CTX *ctx = SSL_CTX_new(SSLv23_server_method());
	SSL *ssl = SSL_CTX_set_cipher_list(ctx, list) == 1 ? SSL_new(ctx) : NULL;

	SSL_CTX_free(ctx); /* the connection keeps it */
	return ssl;
}

static int has(SSL *ssl, const SSL_CIPHER *cipher)
{
	STACK_OF(SSL_CIPHER) *list = ssl != NULL ? SSL_get_ciphers(ssl) : NULL;

	for (int i = 0; i < sk_SSL_CIPHER_num(list); i++) {
		if (sk_SSL_CIPHER_value(list, i) == cipher)
			return 1;
	}
	return 0;
}

static void one(const SSL_CIPHER *cipher, SSL *restricted, SSL *intermediate)
{
	uint32_t id = (uint32_t)SSL_CIPHER_get_id(cipher);
	const char *name = SSL_CIPHER_get_name(cipher), *rest = name;
	unsigned int traits = suite_traits(id), should;
	char text[256] = "";
	size_t len;

	if (cipher_names_unknown(&rest, &len) != NULL) {
		fprintf(stderr, "%s is not in cli/cipher_names.c\n", name);
		CHECK(0);
	}
	SSL_CIPHER_description(cipher, text, sizeof(text));
	if ((id & 0xff00) == 0x1300) {
		/* Debian's libssl has three suites of TLS 1.3, which are those of the profiles. */
		CHECK(traits == (TRAIT_AEAD | TRAIT_FORWARD | TRAIT_RESTRICTED |
				 (id <= 0x03001303 ? TRAIT_INTERMEDIATE : 0)));
		return;
	}
	if (strstr(text, "SSLv2") != NULL || strstr(name, "GOST") != NULL ||
	    strstr(name, "KRB5") != NULL || strstr(name, "EXP1024") != NULL ||
	    strncmp(name, "DHE-DSS-RC4", 11) == 0 || (id & 0xffff) > 0xccaf)
		return;
	should = expected(text) | (has(restricted, cipher) ? TRAIT_RESTRICTED : 0) |
		 (has(intermediate, cipher) ? TRAIT_INTERMEDIATE : 0);
	if (traits != should)
		fprintf(stderr, "%08x %#x, not %#x: %s", (unsigned int)id, traits, should, text);
	CHECK(traits == should);
}

int main(void)
{
	static char *variables[] = {"SSLHARDEN_CIPHERS=restricted", NULL};
	static struct config config;
	SSL *all, *restricted, *intermediate;
	STACK_OF(SSL_CIPHER) *list;

	SSL_library_init();
	config_parse(&config, NULL, variables);
	restricted = with_list(config.ciphers);
#if OPENSSL_VERSION_NUMBER >= 0x10100000L
	all = with_list("ALL:COMPLEMENTOFALL:@SECLEVEL=0");
#else
	all = with_list("ALL:COMPLEMENTOFALL");
#endif
	variables[0] = "SSLHARDEN_PROFILE=intermediate";
	config_parse(&config, NULL, variables);
	intermediate = with_list(config.ciphers); /* of TLS 1.2 */
#ifdef OPENSSL_NO_EC
	CHECK(intermediate == NULL);
#else
	CHECK((intermediate != NULL) == (OPENSSL_VERSION_NUMBER >= 0x10001000L));
#endif
	CHECK(restricted != NULL);
	list = SSL_get_ciphers(all);
	CHECK(sk_SSL_CIPHER_num(list) > 20);
	for (int i = 0; i < sk_SSL_CIPHER_num(list); i++)
		one(sk_SSL_CIPHER_value(list, i), restricted, intermediate);
	CHECK(suite_traits(0x030013ff) == TRAIT_OTHER && suite_traits(0x02010080) == TRAIT_OTHER);
	CHECK(suite_traits(0x0300c0ff) == TRAIT_OTHER && suite_traits(0xffffffff) == TRAIT_OTHER);
	SSL_free(all);
	SSL_free(restricted);
	SSL_free(intermediate);
	return check_failures != 0;
}
