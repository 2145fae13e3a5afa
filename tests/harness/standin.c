/* SPDX-License-Identifier: MIT
 *
 * A stand-in for libssl that can be unloaded, which Debian's cannot (NODELETE).
 * It is built as number 0 and 1: the second comes to lie where the first was,
 * with its functions elsewhere.  It does what a context's creation asks of a
 * libssl of 1.1.0, and no more.  STANDIN_FAILS: so many connections have no memory first.
 *
 * Number 2 is a libssl of the future: its options have other numbers, and
 * SSL_CONF_cmd knows their names.  Number 3 has not even that.
 *
 * Number 4 is shaped like LibreSSL: options by controls, not functions.
 */
#include <stdlib.h>
#include <string.h>

typedef struct method {
	int version;
} SSL_METHOD;

typedef struct context {
	const SSL_METHOD *method;
	unsigned long options;
	long padding[4];
} SSL_CTX;

typedef struct connection {
	const SSL_METHOD *method;
	SSL_CTX *ctx;
	unsigned long options;
	long padding[4];
} SSL;

#define EXPORT __attribute__((visibility("default")))

static const SSL_METHOD flexible = {0x10000};
static const SSL_METHOD client = {0x10000};
static const SSL_METHOD pinned = {0x0301};

EXPORT const SSL_METHOD *TLS_server_method(void);
EXPORT const SSL_METHOD *TLS_client_method(void);
EXPORT const SSL_METHOD *TLSv1_server_method(void);
EXPORT SSL_CTX *SSL_CTX_new(const SSL_METHOD *method);
EXPORT void SSL_CTX_free(SSL_CTX *ctx);
#if STANDIN != 4
EXPORT unsigned long SSL_CTX_get_options(const SSL_CTX *ctx);
EXPORT unsigned long SSL_CTX_set_options(SSL_CTX *ctx, unsigned long options);
#endif
EXPORT SSL *SSL_new(SSL_CTX *ctx);
EXPORT void SSL_free(SSL *ssl);
EXPORT int SSL_set_cipher_list(SSL *ssl, const char *list);
EXPORT long SSL_CTX_ctrl(SSL_CTX *ctx, int cmd, long larg, void *parg);
EXPORT long SSL_ctrl(SSL *ssl, int cmd, long larg, void *parg);
EXPORT SSL_CTX *SSL_get_SSL_CTX(const SSL *ssl);
EXPORT const SSL_METHOD *SSL_CTX_get_ssl_method(const SSL_CTX *ctx);
EXPORT void SSL_CTX_set_info_callback(SSL_CTX *ctx, void (*callback)(void));
EXPORT void (*SSL_CTX_get_info_callback(SSL_CTX *ctx))(void);
EXPORT void SSL_set_info_callback(SSL *ssl, void (*callback)(void));
EXPORT void (*SSL_get_info_callback(const SSL *ssl))(void);
EXPORT int ERR_set_mark(void);
EXPORT int ERR_pop_to_mark(void);
EXPORT unsigned long OpenSSL_version_num(void);

const SSL_METHOD *TLS_server_method(void)
{
	return &flexible;
}

const SSL_METHOD *TLS_client_method(void)
{
	return &client;
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

#if STANDIN != 4

unsigned long SSL_CTX_get_options(const SSL_CTX *ctx)
{
	return ctx->options;
}

unsigned long SSL_CTX_set_options(SSL_CTX *ctx, unsigned long options)
{
	return ctx->options |= options;
}

#endif

SSL *SSL_new(SSL_CTX *ctx)
{
	static int calls;
	const char *fails = getenv("STANDIN_FAILS");
	SSL *ssl = fails != NULL && calls++ < atoi(fails) ? NULL : calloc(1, sizeof(*ssl));

	if (ssl == NULL)
		return NULL;
	ssl->method = ctx->method;
	ssl->ctx = ctx;
	ssl->options = ctx->options;
	return ssl;
}

void SSL_free(SSL *ssl)
{
	free(ssl);
}

/* Number 1 takes any list; the others take none. */
int SSL_set_cipher_list(SSL *ssl, const char *list)
{
	(void)ssl, (void)list;
	return STANDIN == 1;
}

long SSL_CTX_ctrl(SSL_CTX *ctx, int cmd, long larg, void *parg)
{
	(void)parg;
	if (STANDIN == 4 && cmd == 32) /* SSL_CTRL_OPTIONS */
		return (long)(ctx->options |= (unsigned long)larg);
	return 0;
}

long SSL_ctrl(SSL *ssl, int cmd, long larg, void *parg)
{
	(void)ssl, (void)cmd, (void)larg, (void)parg;
	return 0;
}

SSL_CTX *SSL_get_SSL_CTX(const SSL *ssl)
{
	return ssl->ctx;
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

/* There is no handshake that anybody could be told of. */
void SSL_CTX_set_info_callback(SSL_CTX *ctx, void (*callback)(void))
{
	(void)ctx, (void)callback;
}

void (*SSL_CTX_get_info_callback(SSL_CTX *ctx))(void)
{
	(void)ctx;
	return NULL;
}

void SSL_set_info_callback(SSL *ssl, void (*callback)(void))
{
	(void)ssl, (void)callback;
}

void (*SSL_get_info_callback(const SSL *ssl))(void)
{
	(void)ssl;
	return NULL;
}

unsigned long OpenSSL_version_num(void)
{
	static const unsigned long versions[] = {0x101000cfUL, 0x101000cfUL, 0x50000000UL,
						 0x50000000UL, 0x20000000UL};

	return versions[STANDIN];
}

#if STANDIN == 2

typedef struct conf {
	SSL *ssl;
} SSL_CONF_CTX;

EXPORT unsigned long SSL_get_options(const SSL *ssl);
EXPORT SSL_CONF_CTX *SSL_CONF_CTX_new(void);
EXPORT void SSL_CONF_CTX_free(SSL_CONF_CTX *conf);
EXPORT unsigned int SSL_CONF_CTX_set_flags(SSL_CONF_CTX *conf, unsigned int flags);
EXPORT void SSL_CONF_CTX_set_ssl(SSL_CONF_CTX *conf, SSL *ssl);
EXPORT int SSL_CONF_cmd(SSL_CONF_CTX *conf, const char *command, const char *value);

SSL_CONF_CTX *SSL_CONF_CTX_new(void)
{
	return calloc(1, sizeof(SSL_CONF_CTX));
}

void SSL_CONF_CTX_free(SSL_CONF_CTX *conf)
{
	free(conf);
}

unsigned int SSL_CONF_CTX_set_flags(SSL_CONF_CTX *conf, unsigned int flags)
{
	(void)conf;
	return flags;
}

void SSL_CONF_CTX_set_ssl(SSL_CONF_CTX *conf, SSL *ssl)
{
	conf->ssl = ssl;
}

unsigned long SSL_get_options(const SSL *ssl)
{
	return ssl->options;
}

int SSL_CONF_cmd(SSL_CONF_CTX *conf, const char *command, const char *value)
{
	/* "-Compression" sets NO_COMPRESSION, "ServerPreference" its own option. */
	static const struct {
		const char *command, *value;
		int negative;
		unsigned long option;
	} rows[] = {
		{"Options", "ServerPreference", 0, 1}, {"Options", "Compression", 1, 2},
		{"Protocol", "SSLv3", 1, 4},           {"Protocol", "TLSv1", 1, 8},
		{"Protocol", "TLSv1.1", 1, 16},        {"Options", "ECDHSingle", 0, 0},
	};
	int minus = value[0] == '-';

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (strcmp(rows[i].command, command) != 0 ||
		    strcmp(rows[i].value, value + minus) != 0)
			continue;
		if (minus == rows[i].negative)
			conf->ssl->options |= rows[i].option;
		else
			conf->ssl->options &= ~rows[i].option;
		return 2;
	}
	return -2;
}

#endif

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
