/* SPDX-License-Identifier: MIT
 *
 * A library whose constructor uses libssl, before the program's main and
 * before the preloaded library's own constructor.  PEER_WORDS holds the words.
 * With PEER_KEEP it also keeps a context, and its destructor, after main, makes
 * another connection of it, says its options and frees it.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/ssl.h>

#include "peer.h"

#if OPENSSL_VERSION_NUMBER >= 0x40000000L /* it has no pins */
#define METHOD TLS_server_method
#else
#define METHOD TLSv1_server_method
#endif

static SSL_CTX *kept;

__attribute__((constructor)) static void early(void)
{
	char *words = getenv("PEER_WORDS");
	char *argv[32];
	int argc = 0;

	if (getenv("PEER_KEEP") != NULL) {
		SSL_library_init();
		kept = SSL_CTX_new(METHOD());
	}
	if (words == NULL)
		return;
	for (char *w = strtok(strdup(words), " "); w != NULL && argc < 32; w = strtok(NULL, " "))
		argv[argc++] = w;
	peer_main(argc, argv);
}

__attribute__((destructor)) static void late(void)
{
	SSL *ssl;

	if (kept == NULL)
		return;
	ssl = SSL_new(kept);
	SSL_set_accept_state(ssl);
	printf("late 0x%llx\n", (unsigned long long)SSL_get_options(ssl));
	SSL_free(ssl);
	SSL_CTX_free(kept);
	fflush(stdout);
}
