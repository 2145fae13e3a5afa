/* SPDX-License-Identifier: MIT
 *
 * Preloaded: from OpenSSL 3.0 on libssl finds no ChaCha20 with libcrypto, as where FIPS's is the only
 * provider.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

void *EVP_CIPHER_fetch(void *context, const char *name, const char *properties);
void *EVP_CIPHER_fetch(void *context, const char *name, const char *properties)
{
	union {
		void *address;
		void *(*function)(void *context, const char *name, const char *properties);
	} next = {.address = dlsym(RTLD_NEXT, "EVP_CIPHER_fetch")};

	return strcmp(name, "ChaCha20-Poly1305") == 0 || next.address == NULL
		       ? NULL
		       : next.function(context, name, properties);
}
