/* SPDX-License-Identifier: MIT
 *
 * The peer's DH parameters, by every call that sets them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/bio.h>
#include <openssl/dh.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include "callbacks.h"

static DH *callbacks; /* what it answers; it stays the program's */

static DH *callback(SSL *ssl, int is_export, int length)
{
	(void)ssl, (void)is_export, (void)length;
	return callbacks;
}

static DH *read_parameters(const char *file)
{
	BIO *in = BIO_new_file(file, "r");
	DH *dh = PEM_read_bio_DHparams(in, NULL, NULL, NULL);

	BIO_free(in);
	return dh;
}

static long by_control(SSL_CTX *ctx, SSL *ssl, DH *dh)
{
	long ret = ssl != NULL ? SSL_set_tmp_dh(ssl, dh) : SSL_CTX_set_tmp_dh(ctx, dh);

	DH_free(dh);
	return ret;
}

static long by_callback(SSL_CTX *ctx, SSL *ssl, DH *dh)
{
	DH_free(callbacks);
	callbacks = dh;
	if (ssl != NULL)
		SSL_set_tmp_dh_callback(ssl, callback);
	else
		SSL_CTX_set_tmp_dh_callback(ctx, callback);
	return 1;
}

static long by_callback_control(SSL_CTX *ctx, SSL *ssl, DH *dh)
{
	DH_free(callbacks);
	callbacks = dh;
	/* SSL_CTRL_SET_TMP_DH_CB, as who has no header for it calls it. */
	return ssl != NULL ? SSL_callback_ctrl(ssl, 6, (void (*)(void))callback)
			   : SSL_CTX_callback_ctrl(ctx, 6, (void (*)(void))callback);
}

/* What it gives away is the object's, which keeps it: it is used until the end. */
static long by_key(SSL_CTX *ctx, SSL *ssl, const char *file)
{
#if OPENSSL_VERSION_NUMBER >= 0x30000000L
	BIO *in = BIO_new_file(file, "r");
	EVP_PKEY *key = PEM_read_bio_Parameters(in, NULL);
	int ret = ssl != NULL ? SSL_set0_tmp_dh_pkey(ssl, key) : SSL_CTX_set0_tmp_dh_pkey(ctx, key);

	BIO_free(in);
	if (ret != 1)
		EVP_PKEY_free(key);
	else
		printf("key of %d bits\n", EVP_PKEY_get_bits(key));
	return ret;
#else
	(void)ctx, (void)ssl, (void)file;
	printf("absent SSL_CTX_set0_tmp_dh_pkey\n");
	exit(77);
#endif
}

/* SSL_CTRL_SET_DH_AUTO, which has no name before 1.1.0. */
static long by_libssl(SSL_CTX *ctx, SSL *ssl, long on)
{
	return ssl != NULL ? SSL_ctrl(ssl, 118, on, NULL) : SSL_CTX_ctrl(ctx, 118, on, NULL);
}

int peer_parameters(SSL_CTX *ctx, SSL *ssl, const char *word)
{
	long ret;

	if (strncmp(word, "dh:", 3) == 0)
		ret = by_control(ctx, ssl, read_parameters(word + 3));
	else if (strncmp(word, "dhcb:", 5) == 0)
		ret = by_callback(ctx, ssl, read_parameters(word + 5));
	else if (strncmp(word, "dhcontrol:", 10) == 0)
		ret = by_callback_control(ctx, ssl, read_parameters(word + 10));
	else if (strncmp(word, "dhkey:", 6) == 0)
		ret = by_key(ctx, ssl, word + 6);
	else if (strncmp(word, "dhauto:", 7) == 0)
		ret = by_libssl(ctx, ssl, atol(word + 7));
	else if (strcmp(word, "dhempty") == 0)
		ret = by_control(ctx, ssl, DH_new());
	else
		return 0;
	printf("parameters %ld\n", ret);
	return 1;
}
