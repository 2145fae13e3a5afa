/* SPDX-License-Identifier: MIT
 *
 * A program of libgnutls-openssl, which exports OpenSSL's names and makes its
 * methods with malloc: nothing of it is ours.  Its development files are not
 * needed for three calls.
 */
#include <stdio.h>

typedef struct method SSL_METHOD;
typedef struct context SSL_CTX;
typedef struct connection SSL;

SSL_METHOD *TLSv1_server_method(void);
SSL_CTX *SSL_CTX_new(SSL_METHOD *);
SSL *SSL_new(SSL_CTX *);
unsigned long SSL_CTX_set_options(SSL_CTX *, unsigned long);
void SSL_free(SSL *);
void SSL_CTX_free(SSL_CTX *);

int main(void)
{
	SSL_CTX *ctx = SSL_CTX_new(TLSv1_server_method());
	SSL *ssl = SSL_new(ctx);

	printf("options 0x%lx\n", SSL_CTX_set_options(ctx, 5));
	printf("made %d %d\n", ctx != NULL, ssl != NULL);
	SSL_free(ssl);
	SSL_CTX_free(ctx);
	return 0;
}
