/* SPDX-License-Identifier: MIT
 *
 * The player's words on contexts, and on what contexts and connections share.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/dh.h>
#include <openssl/objects.h>
#include <openssl/pem.h>
#ifndef OPENSSL_NO_EC
#include <openssl/ec.h>
#endif

#include "player.h"

#ifndef SSL_CTRL_SET_GROUPS_LIST
#define SSL_CTRL_SET_GROUPS_LIST 92
#endif

/* --- making them --------------------------------------------------------------------- */

static void keep(struct call *call, SSL_CTX *ctx)
{
	struct context *slot = call->other;

	if (slot->ssl != NULL)
		SSL_CTX_free(slot->ssl);
	memset(slot, 0, sizeof(*slot));
	slot->ssl = ctx;
	answer(call, "%s", ctx != NULL ? "made" : "null");
}

static void word_new(struct call *call)
{
	keep(call, SSL_CTX_new(call->method));
}

static void word_newex(struct call *call)
{
	SSL_CTX *(*new_ex)(void *, const char *, const SSL_METHOD *);

	/* By name: Debian's own programs of 3.x are compiled to call it, 1.1.1's cannot be. */
	*(void **)&new_ex =
		OPENSSL_VERSION_NUMBER < 0x30000000L ? NULL : dlsym(RTLD_DEFAULT, "SSL_CTX_new_ex");
	if (new_ex == NULL)
		absent("SSL_CTX_new_ex");
	else
		keep(call, new_ex(NULL, NULL, call->method));
}

/* In a library context of its own, as a program that is a library's guest makes one. */
static void word_newlib(struct call *call)
{
#if OPENSSL_VERSION_NUMBER >= 0x30000000L
	static OSSL_LIB_CTX *libctx;

	if (libctx == NULL)
		libctx = OSSL_LIB_CTX_new();
	keep(call, SSL_CTX_new_ex(libctx, NULL, call->method));
#else
	(void)call;
	absent("OSSL_LIB_CTX_new");
#endif
}

/* As a program whose libssl lacks the method that it asks for. */
static void word_newnull(struct call *call)
{
	keep(call, SSL_CTX_new(NULL));
}

/* What nginx and haproxy do to make another of the kind. */
static void word_like(struct call *call)
{
#ifdef SSL_CONF_FLAG_FILE
	keep(call, SSL_CTX_new(SSL_CTX_get_ssl_method(call->context->ssl)));
#else
	(void)call;
	absent("SSL_CTX_get_ssl_method");
#endif
}

static void word_freectx(struct call *call)
{
	SSL_CTX_free(call->context->ssl);
	call->context->ssl = NULL;
}

/* One more owner, and one fewer. */
static void word_upctx(struct call *call)
{
	int (*up)(SSL_CTX *) = (int (*)(SSL_CTX *))optional("SSL_CTX_up_ref");

	if (up == NULL)
		return;
	answer(call, "%d", up(call->context->ssl));
	SSL_CTX_free(call->context->ssl);
}

static void word_version(struct call *call)
{
	answer(call, "%d", SSL_CTX_set_ssl_version(call->context->ssl, call->method));
}

static void word_methodof(struct call *call)
{
#ifdef SSL_CONF_FLAG_FILE
	if (call->context != NULL) {
		answer(call, "%s", method_name(SSL_CTX_get_ssl_method(call->context->ssl)));
		return;
	}
#else
	if (call->context != NULL) {
		absent("SSL_CTX_get_ssl_method");
		return;
	}
#endif
	answer(call, "%s", method_name(SSL_get_ssl_method(call->connection->ssl)));
}

/* --- options ------------------------------------------------------------------------- */

static void mask(struct call *call, unsigned long long bits)
{
	answer(call, "mask 0x%llx", bits);
}

static void word_set(struct call *call)
{
	option_bits bits = (option_bits)options_of(call->text[1]);

	mask(call, (unsigned long long)(call->context != NULL
						? SSL_CTX_set_options(call->context->ssl, bits)
						: SSL_set_options(call->connection->ssl, bits)));
}

static void word_clear(struct call *call)
{
	option_bits bits = (option_bits)options_of(call->text[1]);

	mask(call, (unsigned long long)(call->context != NULL
						? SSL_CTX_clear_options(call->context->ssl, bits)
						: SSL_clear_options(call->connection->ssl, bits)));
}

static void word_options(struct call *call)
{
	mask(call,
	     (unsigned long long)(call->context != NULL ? SSL_CTX_get_options(call->context->ssl)
							: SSL_get_options(call->connection->ssl)));
}

static long control(struct call *call, int cmd, long larg, void *parg)
{
	return call->context != NULL ? SSL_CTX_ctrl(call->context->ssl, cmd, larg, parg)
				     : SSL_ctrl(call->connection->ssl, cmd, larg, parg);
}

/* The controls behind the macros of 1.0.x: later releases answer 0 and do nothing. */
static void word_rawset(struct call *call)
{
	mask(call, (unsigned long long)control(call, 32, (long)options_of(call->text[1]), NULL));
}

static void word_rawclear(struct call *call)
{
	mask(call, (unsigned long long)control(call, 77, (long)options_of(call->text[1]), NULL));
}

/* What nginx does in its callbacks, once the connection has moved. */
static void word_copyoptions(struct call *call)
{
	SSL *ssl = call->connection->ssl;
	SSL_CTX *ctx = SSL_get_SSL_CTX(ssl);

	SSL_clear_options(ssl, SSL_get_options(ssl) & ~SSL_CTX_get_options(ctx));
	mask(call, (unsigned long long)SSL_set_options(ssl, SSL_CTX_get_options(ctx)));
}

/* --- bounds -------------------------------------------------------------------------- */

static void word_min(struct call *call)
{
	answer(call, "%ld", control(call, 123, version_of(call->text[1]), NULL));
}

static void word_max(struct call *call)
{
	answer(call, "%ld", control(call, 124, version_of(call->text[1]), NULL));
}

static void word_getmin(struct call *call)
{
	answer(call, "bound 0x%lx", control(call, 130, 0, NULL));
}

static void word_getmax(struct call *call)
{
	answer(call, "bound 0x%lx", control(call, 131, 0, NULL));
}

static void word_timeout(struct call *call)
{
	answer(call, "seconds %ld", SSL_CTX_get_timeout(call->context->ssl));
}

/* --- lists --------------------------------------------------------------------------- */

static void word_ciphers(struct call *call)
{
	char buffer[LINE];
	const char *list = ciphers_of(call->text[1], buffer, sizeof(buffer));

	answer(call, "%d",
	       call->context != NULL ? SSL_CTX_set_cipher_list(call->context->ssl, list)
				     : SSL_set_cipher_list(call->connection->ssl, list));
}

static void word_suites(struct call *call)
{
#ifdef TLS1_3_VERSION
	answer(call, "%d",
	       call->context != NULL ? SSL_CTX_set_ciphersuites(call->context->ssl, call->text[1])
				     : SSL_set_ciphersuites(call->connection->ssl, call->text[1]));
#else
	(void)call;
	absent("SSL_CTX_set_ciphersuites");
#endif
}

static void word_groups(struct call *call)
{
	answer(call, "%ld", control(call, SSL_CTRL_SET_GROUPS_LIST, 0, (void *)call->text[1]));
}

/* The same as numbers. */
static void word_curves(struct call *call)
{
	int both[] = {NID_secp384r1, NID_X9_62_prime256v1};
	int one = strcmp(call->text[1], "one") == 0;

	answer(call, "%ld",
	       control(call, SSL_CTRL_SET_GROUPS_LIST - 1, one ? 1 : 2, one ? both + 1 : both));
}

static void word_sigalgs(struct call *call)
{
	answer(call, "%ld", control(call, 98, 0, (void *)call->text[1]));
}

/* Of the certificates that clients may have. */
static void word_clientsigalgs(struct call *call)
{
	answer(call, "%ld", control(call, 102, 0, (void *)call->text[1]));
}

static void word_setmode(struct call *call)
{
	answer(call, "mode 0x%lx", control(call, 33, strtol(call->text[1], NULL, 16), NULL));
}

long use_p256(SSL_CTX *ctx)
{
#ifdef OPENSSL_NO_EC
	(void)ctx;
	return 0;
#else
	EC_KEY *key = EC_KEY_new_by_curve_name(NID_X9_62_prime256v1);
	long ret = SSL_CTX_ctrl(ctx, 4, 0, key); /* SSL_CTRL_SET_TMP_ECDH */

	EC_KEY_free(key);
	return ret;
#endif
}

static void word_tmpecdh(struct call *call)
{
	answer(call, "%ld", use_p256(call->context->ssl));
}

/* Finite-field parameters, of 1024 bits or 3072. */
static DH *parameters(int large)
{
	DH *dh = DH_new();
	BIGNUM *g = BN_new();
#ifdef TLS_LEGACY
	BIGNUM *p = large ? get_rfc3526_prime_3072(NULL) : get_rfc2409_prime_1024(NULL);

	dh->p = p;
	dh->g = g;
#else
	BIGNUM *p = large ? BN_get_rfc3526_prime_3072(NULL) : BN_get_rfc2409_prime_1024(NULL);

	DH_set0_pqg(dh, p, NULL, g);
#endif
	BN_set_word(g, 2);
	return dh;
}

static DH *give_parameters(SSL *ssl, int is_export, int length)
{
	static DH *small;

	(void)ssl, (void)is_export, (void)length;
	if (small == NULL)
		small = parameters(0);
	return small;
}

static long set_parameters(SSL_CTX *ctx, SSL *ssl, int large)
{
	DH *dh = parameters(large);
	long ret = ssl != NULL ? SSL_set_tmp_dh(ssl, dh) : SSL_CTX_set_tmp_dh(ctx, dh);

	DH_free(dh);
	return ret;
}

/* libssl's own where it has them. */
void use_dh(SSL_CTX *ctx)
{
#ifdef TLS_LEGACY
	set_parameters(ctx, NULL, 0);
#else
	SSL_CTX_set_dh_auto(ctx, 1);
#endif
}

/* small or large ones, by a callback, or auto and weak: those that libssl chooses. */
static void word_parameters(struct call *call)
{
	SSL_CTX *ctx = call->context != NULL ? call->context->ssl : NULL;
	SSL *ssl = call->context != NULL ? NULL : call->connection->ssl;
	const char *how = call->text[1];

	if (strcmp(how, "small") == 0 || strcmp(how, "large") == 0)
		answer(call, "%ld", set_parameters(ctx, ssl, how[0] == 'l'));
	else if (strcmp(how, "callback") != 0)
		answer(call, "%ld", control(call, 118, how[0] == 'w' ? 2 : how[0] == 'a', NULL));
	else if (ssl != NULL)
		SSL_set_tmp_dh_callback(ssl, give_parameters);
	else
		SSL_CTX_set_tmp_dh_callback(ctx, give_parameters);
}

static void word_dh(struct call *call)
{
	use_dh(call->context->ssl);
}

/* The names of the list in force, of a connection that is made and freed for it. */
static void word_list(struct call *call)
{
	SSL *ssl = call->context != NULL ? SSL_new(call->context->ssl) : call->connection->ssl;
	size_t used = 0;
	const char *name;

	call->answer[0] = '\0';
	for (int i = 0; ssl != NULL && (name = SSL_get_cipher_list(ssl, i)) != NULL; i++)
		if (used + strlen(name) + 2 < sizeof(call->answer))
			used += (size_t)sprintf(call->answer + used, ":%s", name);
	if (call->context != NULL && ssl != NULL)
		SSL_free(ssl);
}

/* --- certificates -------------------------------------------------------------------- */

struct credentials {
	X509 *certificate;
	EVP_PKEY *key;
};

/* The key is NULL where this libssl does not know its kind. */
static struct credentials load(const char *name)
{
	struct credentials made = {NULL, NULL};
	char path[1024];
	BIO *bio;

	snprintf(path, sizeof(path), "%s/%s.pem", getenv("PLAYER_CERTIFICATES"), name);
	bio = BIO_new_file(path, "r");
	if (bio != NULL) {
		made.certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL);
		made.key = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);
		BIO_free(bio);
	}
	if (made.certificate == NULL) {
		fprintf(stderr, "player: cannot read %s\n", path);
		exit(3);
	}
	return made;
}

/* Each file is read once a process: thousands of sequences use it. */
void use_certificate(SSL_CTX *ctx, SSL *ssl, const char *key)
{
	static const char *const names[] = {"rsa",  "ec",  "k256",    "enc",
					    "p521", "pss", "ed25519", "ed448"};
	static struct credentials all[sizeof(names) / sizeof(names[0])];
	struct credentials *one = all;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(key, names[i]) == 0)
			one = &all[i];
	if (one->certificate == NULL)
		*one = load(names[one - all]);
	if (one->key == NULL) {
		absent(key);
	} else if (ctx != NULL) {
		SSL_CTX_use_certificate(ctx, one->certificate);
		SSL_CTX_use_PrivateKey(ctx, one->key);
	} else {
		SSL_use_certificate(ssl, one->certificate);
		SSL_use_PrivateKey(ssl, one->key);
	}
}

/*
 * cert A KIND: rsa, pss (RSA for RSA-PSS alone), enc (RSA that may only decrypt), ec, p521, k256 (on a
 * curve that TLS 1.3 does not sign with), ed25519, ed448.
 */
static void word_cert(struct call *call)
{
#ifdef OPENSSL_NO_EC
	if (strcmp(call->text[1], "rsa") != 0) {
		absent("EC_KEY_new");
		return;
	}
#endif
	if (call->context != NULL) {
		use_certificate(call->context->ssl, NULL, call->text[1]);
		answer(call, "%d", SSL_CTX_check_private_key(call->context->ssl));
	} else {
		use_certificate(NULL, call->connection->ssl, call->text[1]);
		answer(call, "%d", SSL_check_private_key(call->connection->ssl));
	}
}

static int accept_any(int ok, X509_STORE_CTX *store)
{
	(void)ok, (void)store;
	return 1;
}

/* peer asks for a certificate, must insists, lax takes any; none is libssl's default. */
static void word_verify(struct call *call)
{
	const char *mode = call->text[1];
	int must = strcmp(mode, "must") == 0 ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0;
	int (*check)(int, X509_STORE_CTX *) = strcmp(mode, "lax") == 0 ? accept_any : NULL;
	int asks = strcmp(mode, "none") == 0 ? SSL_VERIFY_NONE : SSL_VERIFY_PEER;

	if (call->context != NULL)
		SSL_CTX_set_verify(call->context->ssl, asks | must, check);
	else
		SSL_set_verify(call->connection->ssl, asks | must, check);
}

/* --- configuration ------------------------------------------------------------------- */

#ifdef SSL_CONF_FLAG_FILE
static SSL_CONF_CTX *conf_for(struct call *call, const char *form)
{
	SSL_CONF_CTX *conf = SSL_CONF_CTX_new();
	unsigned int flags = SSL_CONF_FLAG_SERVER | SSL_CONF_FLAG_CLIENT;

	flags |= strcmp(form, "file") == 0 ? SSL_CONF_FLAG_FILE : SSL_CONF_FLAG_CMDLINE;
	SSL_CONF_CTX_set_flags(conf, flags);
	if (call->context != NULL)
		SSL_CONF_CTX_set_ssl_ctx(conf, call->context->ssl);
	else
		SSL_CONF_CTX_set_ssl(conf, call->connection->ssl);
	return conf;
}

static void word_conf(struct call *call)
{
	SSL_CONF_CTX *conf = conf_for(call, call->text[1]);
	char value[LINE];
	int ret;

	ret = SSL_CONF_cmd(conf, call->text[2], ciphers_of(call->text[3], value, sizeof(value)));
	answer(call, "%d finish %d", ret, SSL_CONF_CTX_finish(conf));
	SSL_CONF_CTX_free(conf);
}

/* One that stays open while other things happen: confopen, confcmd ..., confend. */
static SSL_CONF_CTX *kept_open;

static void word_confopen(struct call *call)
{
	if (kept_open != NULL)
		SSL_CONF_CTX_free(kept_open);
	kept_open = conf_for(call, "file");
}

static void word_confcmd(struct call *call)
{
	char value[LINE];

	if (kept_open != NULL)
		answer(call, "%d",
		       SSL_CONF_cmd(kept_open, call->text[0],
				    ciphers_of(call->text[1], value, sizeof(value))));
}

void close_conf(void)
{
	SSL_CONF_CTX_free(kept_open);
	kept_open = NULL;
}

static void word_confend(struct call *call)
{
	if (kept_open != NULL)
		answer(call, "%d", SSL_CONF_CTX_finish(kept_open));
	close_conf();
}

static void word_confargv(struct call *call)
{
	SSL_CONF_CTX *conf = conf_for(call, "cmdline");
	char *argv[] = {(char *)call->text[1], (char *)call->text[2], NULL}, **rest = argv;
	int argc = 2, ret = SSL_CONF_cmd_argv(conf, &argc, &rest);

	answer(call, "%d left %d finish %d", ret, argc, SSL_CONF_CTX_finish(conf));
	SSL_CONF_CTX_free(conf);
}
#else
static void word_conf(struct call *call)
{
	(void)call;
	absent("SSL_CONF_cmd");
}

static void word_confargv(struct call *call)
{
	word_conf(call);
}

static void word_confopen(struct call *call)
{
	word_conf(call);
}

static void word_confcmd(struct call *call)
{
	word_conf(call);
}

static void word_confend(struct call *call)
{
	word_conf(call);
}

void close_conf(void)
{
}
#endif

/* A section of the configuration file. */
static void word_config(struct call *call)
{
#if defined(TLS_LEGACY) || defined(LIBRESSL_VERSION_NUMBER)
	(void)call;
	absent("SSL_config");
#else
	answer(call, "%d",
	       call->context != NULL ? SSL_CTX_config(call->context->ssl, call->text[1])
				     : SSL_config(call->connection->ssl, call->text[1]));
#endif
}

/* clang-format off */ /* a table */
const struct word context_words[] = {
	{"new", "DM", word_new},
	{"newex", "DM", word_newex},
	{"newlib", "DM", word_newlib},
	{"newnull", "D", word_newnull},
	{"like", "DC", word_like},
	{"upctx", "C", word_upctx},
	{"freectx", "C", word_freectx},
	{"version", "CM", word_version},
	{"methodof", "E", word_methodof},
	{"set", "Ew", word_set},
	{"clear", "Ew", word_clear},
	{"options", "E", word_options},
	{"rawset", "Ew", word_rawset},
	{"rawclear", "Ew", word_rawclear},
	{"copyoptions", "S", word_copyoptions},
	{"min", "Ew", word_min},
	{"max", "Ew", word_max},
	{"getmin", "E", word_getmin},
	{"getmax", "E", word_getmax},
	{"timeout", "C", word_timeout},
	{"ciphers", "Ew", word_ciphers},
	{"suites", "Ew", word_suites},
	{"groups", "Ew", word_groups},
	{"curves", "Ew", word_curves},
	{"sigalgs", "Ew", word_sigalgs},
	{"clientsigalgs", "Ew", word_clientsigalgs},
	{"setmode", "Ew", word_setmode},
	{"tmpecdh", "C", word_tmpecdh},
	{"dh", "C", word_dh},
	{"parameters", "Ew", word_parameters},
	{"list", "E", word_list},
	{"cert", "Ew", word_cert},
	{"verify", "Ew", word_verify},
	{"conf", "Ewww", word_conf},
	{"confopen", "E", word_confopen},
	{"confcmd", "ww", word_confcmd},
	{"confend", "", word_confend},
	{"confargv", "Eww", word_confargv},
	{"config", "Ew", word_config},
	{NULL, NULL, NULL},
};
/* clang-format on */
