/* SPDX-License-Identifier: MIT */
#include "harden/keep.h"

#include "harden/ex_index.h"

/* CRYPTO_EX_free of openssl/crypto.h: the object goes.  @free_key is its libcrypto's EVP_PKEY_free. */
static void let_go(void *object, void *key, void *data, int index, long argl, void *free_key)
{
	(void)object, (void)data, (void)index, (void)argl;
	if (key != NULL)
		((EVP_PKEY_free_fn)(uintptr_t)free_key)(key);
}

/* CRYPTO_EX_dup of OpenSSL 3.0: the copy that SSL_dup makes has no key of its program's. */
static int have_none(void *to, const void *from, void **key, int index, long argl, void *argp)
{
	(void)to, (void)from, (void)index, (void)argl, (void)argp;
	*key = NULL;
	return 1;
}

static int make(const struct image *image, enum ex_class of)
{
	return image->CRYPTO_get_ex_new_index(of, 0, (void *)(uintptr_t)image->EVP_PKEY_free, NULL,
					      (void *)(uintptr_t)have_none,
					      (void *)(uintptr_t)let_go);
}

static int make_of_contexts(const struct image *image)
{
	return make(image, EX_SSL_CTX);
}

static int make_of_connections(const struct image *image)
{
	return make(image, EX_SSL);
}

bool keep_key(const struct image *image, SSL_CTX *ctx, SSL *ssl, EVP_PKEY *key)
{
	static const struct ex_use contexts = {TABLE_EX_INDEX_CONTEXT_KEYS, make_of_contexts};
	static const struct ex_use connections = {TABLE_EX_INDEX_CONNECTION_KEYS,
						  make_of_connections};
	void *before;
	int index;

	if (image->CRYPTO_get_ex_new_index == NULL || image->SSL_CTX_set_ex_data == NULL ||
	    image->SSL_CTX_get_ex_data == NULL || image->SSL_set_ex_data == NULL ||
	    image->SSL_get_ex_data == NULL)
		return false;
	index = ex_index(image, ssl != NULL ? &connections : &contexts, true);
	if (index < 0)
		return false;
	before = ssl != NULL ? image->SSL_get_ex_data(ssl, index)
			     : image->SSL_CTX_get_ex_data(ctx, index);
	if ((ssl != NULL ? image->SSL_set_ex_data(ssl, index, key)
			 : image->SSL_CTX_set_ex_data(ctx, index, key)) != 1)
		return false;
	image->EVP_PKEY_free(before);
	return true;
}
