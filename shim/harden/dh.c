/* SPDX-License-Identifier: MIT */
#include "harden/dh.h"

#include "harden/keep.h"
#include "sslharden/config.h"

/* The program sets parameters of @bits; 0: the size is not known. */
static bool replaces(const struct image *image, const struct dh_object *object, unsigned int bits)
{
	unsigned int size = bits == 0 ? 0 : policy_dh_bits(config_get(), bits);

	return dh_put_for(image, object, "its program's", bits, size);
}

bool dh_replaces(const struct image *image, const struct dh_object *object, const DH *own)
{
	struct bracket bracket;
	bool replaced;

	if (!dh_is_asked(image) || own == NULL)
		return false;
	bracket = bracket_open(image);
	replaced = replaces(image, object, dh_bits(image, own));
	bracket_close(image, bracket);
	return replaced;
}

bool dh_replaces_key(const struct image *image, const struct dh_object *object, EVP_PKEY *own)
{
	struct bracket bracket;
	bool replaced;
	int bits;

	if (!dh_is_asked(image) || own == NULL || image->EVP_PKEY_get_bits == NULL ||
	    image->EVP_PKEY_free == NULL)
		return false;
	bracket = bracket_open(image);
	bits = image->EVP_PKEY_get_bits(own);
	replaced = bits > 0 && replaces(image, object, (unsigned int)bits);
	if (replaced) /* One that cannot be kept is not freed either: its program may use it yet. */
		keep_key(image, object->ctx, object->ssl, own);
	bracket_close(image, bracket);
	return replaced;
}
