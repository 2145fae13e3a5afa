/* SPDX-License-Identifier: MIT */
#include "harden/suite_list.h"

/* From 1.1.0 on these functions have another name. */
int suite_stack_size(const struct image *image, const void *stack)
{
	OPENSSL_sk_num_fn num =
		image->OPENSSL_sk_num != NULL ? image->OPENSSL_sk_num : image->sk_num;

	return stack == NULL || num == NULL ? 0 : num(stack);
}

const void *suite_stack_at(const struct image *image, const void *stack, int i)
{
	return (image->OPENSSL_sk_value != NULL ? image->OPENSSL_sk_value : image->sk_value)(stack,
											     i);
}

/* Before 1.1.0 a context's list can only be read from a connection of it. */
const void *suite_stack_of_context(const struct image *image, const SSL_CTX *ctx)
{
	SSL_CTX *mutable_ctx = (SSL_CTX *)(uintptr_t)ctx;
	const void *list;
	SSL *ssl;

	if (image->SSL_CTX_get_ciphers != NULL)
		return image->SSL_CTX_get_ciphers(ctx);
	ssl = image->SSL_new == NULL || image->SSL_free == NULL ? NULL
								: image->SSL_new(mutable_ctx);
	if (ssl == NULL)
		return NULL;
	list = image->SSL_get_ciphers(ssl); /* the context's own */
	image->SSL_free(ssl);
	return list;
}

struct suite_list suite_list_of(const struct image *image, const SSL *ssl, const SSL_CTX *ctx)
{
	struct suite_list list = {.image = image, .ssl = ssl};

	if (image->SSL_get_ciphers == NULL || image->SSL_CIPHER_get_name == NULL ||
	    image->SSL_CIPHER_get_bits == NULL)
		return list;
	list.stack = ctx == NULL ? image->SSL_get_ciphers(ssl) : suite_stack_of_context(image, ctx);
	list.size = suite_stack_size(image, list.stack);
	return list;
}

/*
 * The bits of a cipher's key, but for triple DES its strength (112 of 168).  The strength is not
 * taken for all, because from 3.2 on that of AES-CCM-8 is 64, for its short tag.
 */
static int key_bits(const struct image *image, const void *cipher)
{
	int key = 0, strength = image->SSL_CIPHER_get_bits(cipher, &key);

	return key % 128 == 0 ? key : strength;
}

const char *suite_list_at(const struct suite_list *list, int i, int *bits)
{
	const struct image *image = list->image;
	const void *cipher;

	*bits = 0;
	if (list->stack == NULL)
		return image->SSL_get_cipher_list == NULL
			       ? NULL
			       : image->SSL_get_cipher_list(list->ssl, i);
	if (i >= list->size)
		return NULL;
	cipher = suite_stack_at(image, list->stack, i);
	*bits = key_bits(image, cipher);
	return image->SSL_CIPHER_get_name(cipher);
}

bool suite_list_is_own(const struct image *image, const SSL *ssl)
{
	return image->SSL_get_ciphers != NULL &&
	       image->SSL_get_ciphers(ssl) !=
		       suite_stack_of_context(image, image->SSL_get_SSL_CTX(ssl));
}

/*
 * FNV-1a of its names, and of where it lies: a list that the program sets has its place before the one
 * that it replaces is freed (ssl_create_cipher_list, 0.9.8 to 4.0), so the same names are told apart.
 */
uint32_t suite_list_hash(const struct image *image, const SSL *ssl)
{
	struct suite_list list = suite_list_of(image, ssl, NULL);
	uint32_t hash = 0x811c9dc5 ^ (uint32_t)((uintptr_t)list.stack >> 4);
	const char *name;
	int bits;

	for (int i = 0; (name = suite_list_at(&list, i, &bits)) != NULL; i++) {
		/* The end of each name counts, too. */
		for (size_t at = 0; at == 0 || name[at - 1] != '\0'; at++)
			hash = (hash ^ (unsigned char)name[at]) * 0x01000193;
	}
	return hash | 1;
}
