/* SPDX-License-Identifier: MIT
 *
 * A stand-in for libssl that can be unloaded, which Debian's cannot (NODELETE).
 * It is built twice: the second comes to lie where the first was, with its
 * functions elsewhere.  It does what a context's creation asks of a
 * libssl of 1.1.0, and no more.
 */
#include <stdlib.h>

typedef struct method {
	int version;
} SSL_METHOD;

typedef struct context {
	const SSL_METHOD *method;
	unsigned long options;
	long padding[4];
} SSL_CTX;

#define EXPORT __attribute__((visibility("default")))

static const SSL_METHOD flexible = {0x10000};
static const SSL_METHOD pinned = {0x0301};

EXPORT const SSL_METHOD *TLS_server_method(void);
EXPORT const SSL_METHOD *TLSv1_server_method(void);
EXPORT SSL_CTX *SSL_CTX_new(const SSL_METHOD *method);
EXPORT void SSL_CTX_free(SSL_CTX *ctx);
EXPORT unsigned long SSL_CTX_get_options(const SSL_CTX *ctx);
EXPORT unsigned long SSL_CTX_set_options(SSL_CTX *ctx, unsigned long options);
EXPORT long SSL_CTX_ctrl(SSL_CTX *ctx, int cmd, long larg, void *parg);
EXPORT long SSL_ctrl(void *ssl, int cmd, long larg, void *parg);
EXPORT SSL_CTX *SSL_get_SSL_CTX(const void *ssl);
EXPORT const SSL_METHOD *SSL_CTX_get_ssl_method(const SSL_CTX *ctx);
EXPORT int ERR_set_mark(void);
EXPORT int ERR_pop_to_mark(void);
EXPORT unsigned long OpenSSL_version_num(void);

const SSL_METHOD *TLS_server_method(void)
{
	return &flexible;
}

const SSL_METHOD *TLSv1_server_method(void)
{
	return &pinned;
}

SSL_CTX *SSL_CTX_new(const SSL_METHOD *method)
{
	SSL_CTX *ctx = calloc(1, sizeof(*ctx));

	if (ctx != NULL)
		ctx->method = method;
	return ctx;
}

void SSL_CTX_free(SSL_CTX *ctx)
{
	free(ctx);
}

unsigned long SSL_CTX_get_options(const SSL_CTX *ctx)
{
	return ctx->options;
}

unsigned long SSL_CTX_set_options(SSL_CTX *ctx, unsigned long options)
{
	return ctx->options |= options;
}

long SSL_CTX_ctrl(SSL_CTX *ctx, int cmd, long larg, void *parg)
{
	(void)ctx, (void)cmd, (void)larg, (void)parg;
	return 0;
}

long SSL_ctrl(void *ssl, int cmd, long larg, void *parg)
{
	(void)ssl, (void)cmd, (void)larg, (void)parg;
	return 0;
}

SSL_CTX *SSL_get_SSL_CTX(const void *ssl)
{
	(void)ssl;
	return NULL;
}

const SSL_METHOD *SSL_CTX_get_ssl_method(const SSL_CTX *ctx)
{
	return ctx->method;
}

int ERR_set_mark(void)
{
	return 1;
}

int ERR_pop_to_mark(void)
{
	return 1;
}

unsigned long OpenSSL_version_num(void)
{
	return 0x101000cfUL;
}

/*
 * Both libraries are of one size, and too large for any hole, so that one is
 * mapped where the other was.  In the second, breakpoints lie where the first
 * one's functions were: ld puts .text.unlikely before .text.  Never called.
 */
#define PADDING(size) __asm__ volatile(".skip " #size ", 0xcc")

EXPORT __attribute__((section(".text.unlikely.padding"))) void standin_before(void);
EXPORT __attribute__((section(".text.zz_padding"))) void standin_after(void);

void standin_before(void)
{
#if STANDIN > 0
	PADDING(12288);
#endif
}

void standin_after(void)
{
	PADDING(4194304);
#if STANDIN == 0
	PADDING(12288);
#endif
}
