/* SPDX-License-Identifier: MIT */
#include "harden/dh_parameters.h"

#include <stdatomic.h>

#include "messages/log.h"
#include "policy/ffdhe.h"
#include "sslharden/config.h"

static bool has_libcrypto(const struct image *image)
{
	return image->d2i_DHparams != NULL && image->i2d_DHparams != NULL &&
	       image->DH_size != NULL && image->DH_free != NULL;
}

bool dh_is_possible(const struct image *image)
{
	/*
	 * Nothing to replace: BoringSSL has no such suites, nor has a libssl without this function.
	 */
	return image->SSL_CTX_ctrl == NULL || image->SSL_CTX_set_tmp_dh_callback == NULL ||
	       has_libcrypto(image);
}

bool dh_is_asked(const struct image *image)
{
	const struct config *config = config_get();

	return config->min_dh_bits != 0 && config->mode != MODE_OFF && image->known;
}

/* The parameters of a client are never used. */
static bool is_clients(const struct image *image, const struct dh_object *object)
{
	const struct method_kind *kind =
		object->ssl != NULL ? ssl_kind(image, object->ssl) : ctx_kind(image, object->ctx);

	return kind != NULL && kind->role == ROLE_CLIENT;
}

static const char *object_name(const struct dh_object *object)
{
	return object->ssl != NULL ? "connection" : "context";
}

static const void *object_address(const struct dh_object *object)
{
	return object->ssl != NULL ? (const void *)object->ssl : (const void *)object->ctx;
}

void dh_tell(const struct dh_object *object, const char *whose, unsigned int bits,
	     unsigned int size)
{
	static const void *_Atomic last;
	bool audit = config_get()->mode == MODE_AUDIT;

	/*
	 * In an audit the call goes on to libssl, which may call another wrapper for the same
	 * object.
	 */
	if (atomic_exchange(&last, object_address(object)) == object_address(object) && audit)
		return;
	log_message(LOG_LEVEL_INFO, "%s%s %p: DH parameters of %u bits, %s, %s by those of ffdhe%u",
		    audit ? "audit: " : "", object_name(object), object_address(object), bits,
		    whose, audit ? "would be replaced" : "replaced", size);
}

void dh_tell_they_stay(const struct image *image, const struct dh_object *object, unsigned int bits)
{
	static atomic_flag is_logged = ATOMIC_FLAG_INIT;

	if (atomic_flag_test_and_set(&is_logged))
		return;
	log_message(LOG_LEVEL_WARNING,
		    "%s %p: its DH parameters of %u bits stay, and so do others like it: %s",
		    object_name(object), object_address(object), bits,
		    has_libcrypto(image) ? "libssl does not take those of SSLHARDEN_MIN_DH_BITS"
					 : "a libcrypto of which others cannot be made");
}

DH *dh_make(const struct image *image, unsigned int size)
{
	uint8_t der[FFDHE_DER_MAX];
	const unsigned char *bytes = der;
	DH *made = NULL;

	if (has_libcrypto(image))
		image->d2i_DHparams(&made, &bytes, (long)ffdhe_encode(size, der));
	/* cppcheck-suppress returnDanglingLifetime ; what libcrypto made is its own memory */
	return made;
}

bool dh_put(const struct image *image, const struct dh_object *object, unsigned int size)
{
	DH *dh = dh_make(image, size);
	long ret = 0;

	if (dh == NULL)
		return false;
	if (object->ssl != NULL)
		ret = image->SSL_ctrl(object->ssl, CTRL_SET_TMP_DH, 0, dh);
	else
		ret = image->SSL_CTX_ctrl(object->ctx, CTRL_SET_TMP_DH, 0, dh);
	image->DH_free(dh);
	return ret > 0;
}

unsigned int dh_bits(const struct image *image, const DH *dh)
{
	enum { SEQUENCE_OF_NOTHING = 8 };

	if (!has_libcrypto(image) || image->i2d_DHparams(dh, NULL) <= SEQUENCE_OF_NOTHING)
		return 0;
	return (unsigned int)image->DH_size(dh) * 8;
}

bool dh_put_for(const struct image *image, const struct dh_object *object, const char *whose,
		unsigned int bits, unsigned int size)
{
	if (size == 0 || is_clients(image, object))
		return false;
	if (config_get()->mode == MODE_ON && !dh_put(image, object, size)) {
		dh_tell_they_stay(image, object, bits);
		return false;
	}
	dh_tell(object, whose, bits, size);
	return config_get()->mode == MODE_ON;
}
