/* SPDX-License-Identifier: MIT
 *
 * A plugin linked with a stand-in libssl: makes a context and prints its options, and one more
 * for each connection that STANDIN_FAILS; and makes one when it is unloaded.
 */
#include <stdio.h>
#include <stdlib.h>

#include "peer.h"

typedef struct method SSL_METHOD;
typedef struct context SSL_CTX;

const SSL_METHOD *TLSv1_server_method(void);
SSL_CTX *SSL_CTX_new(const SSL_METHOD *method);
void SSL_CTX_free(SSL_CTX *ctx);
unsigned long SSL_CTX_get_options(const SSL_CTX *ctx);
long SSL_CTX_ctrl(SSL_CTX *ctx, int cmd, long larg, void *parg);

__attribute__((destructor)) static void unload(void)
{
	SSL_CTX_free(SSL_CTX_new(TLSv1_server_method()));
}

static void print_options(void)
{
	SSL_CTX *ctx = SSL_CTX_new(TLSv1_server_method());

#if STANDIN == 4
	printf("options 0x%lx\n", (unsigned long)SSL_CTX_ctrl(ctx, 32, 0, NULL));
#else
	printf("options 0x%lx\n", SSL_CTX_get_options(ctx));
#endif
	SSL_CTX_free(ctx);
}

int peer_main(int argc, char **argv)
{
	const char *fails = getenv("STANDIN_FAILS");

	(void)argc, (void)argv;
	for (int i = fails == NULL ? 0 : atoi(fails); i >= 0; i--)
		print_options();
	return 0;
}
