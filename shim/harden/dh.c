/* SPDX-License-Identifier: MIT */
#include "harden/dh.h"

#include <stdatomic.h>

#include "harden/context_program.h"
#include "harden/credentials.h"
#include "harden/keep.h"
#include "harden/demands.h"
#include "harden/note.h"
#include "loader/audit.h"
#include "messages/log.h"
#include "policy/ffdhe.h"
#include "sslharden/config.h"

_Thread_local struct dh_lent dh_lent __attribute__((tls_model("initial-exec")));

enum {
	DH_AUTO_1024 = 2, /* SSL_CTX_set_dh_auto's: of 1024 bits, whatever the certificate */
	AUTO_LEAST = 1024,
	AUTO_KEYLESS = 3072, /* the most without a certificate, by the suite (t1_lib.c) */
};

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

static bool is_asked(const struct image *image)
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

/* --- in words --------------------------------------------------------------------------- */

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

static void tell_they_stay(const struct image *image, const struct dh_object *object,
			   unsigned int bits)
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

/* --- ours ------------------------------------------------------------------------------- */

static DH *make(const struct image *image, unsigned int size)
{
	uint8_t der[FFDHE_DER_MAX];
	const unsigned char *bytes = der;
	DH *made = NULL;

	if (has_libcrypto(image))
		image->d2i_DHparams(&made, &bytes, (long)ffdhe_encode(size, der));
	/* cppcheck-suppress returnDanglingLifetime ; what libcrypto made is its own memory */
	return made;
}

static bool put(const struct image *image, const struct dh_object *object, unsigned int size)
{
	DH *dh = make(image, size);
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

/* 0 for parameters that are not filled in, of which DH_size may crash. */
static unsigned int bits_of(const struct image *image, const DH *dh)
{
	enum { SEQUENCE_OF_NOTHING = 8 };

	if (!has_libcrypto(image) || image->i2d_DHparams(dh, NULL) <= SEQUENCE_OF_NOTHING)
		return 0;
	return (unsigned int)image->DH_size(dh) * 8;
}

/* Replaces parameters of @bits by those of @size; 0: they stay.  Returns whether it did. */
static bool put_for(const struct image *image, const struct dh_object *object, const char *whose,
		    unsigned int bits, unsigned int size)
{
	if (size == 0 || is_clients(image, object))
		return false;
	if (config_get()->mode == MODE_ON && !put(image, object, size)) {
		tell_they_stay(image, object, bits);
		return false;
	}
	dh_tell(object, whose, bits, size);
	return config_get()->mode == MODE_ON;
}

/* The program sets parameters of @bits; 0: the size is not known. */
static bool replaces(const struct image *image, const struct dh_object *object, unsigned int bits)
{
	unsigned int size = bits == 0 ? 0 : policy_dh_bits(config_get(), bits);

	return put_for(image, object, "its program's", bits, size);
}

bool dh_replaces(const struct image *image, const struct dh_object *object, const DH *own)
{
	struct bracket bracket;
	bool replaced;

	if (!is_asked(image) || own == NULL)
		return false;
	bracket = bracket_open(image);
	replaced = replaces(image, object, bits_of(image, own));
	bracket_close(image, bracket);
	return replaced;
}

bool dh_replaces_key(const struct image *image, const struct dh_object *object, EVP_PKEY *own)
{
	struct bracket bracket;
	bool replaced;
	int bits;

	if (!is_asked(image) || own == NULL || image->EVP_PKEY_get_bits == NULL ||
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

/* --- a callback's ------------------------------------------------------------------------ */

DH *dh_lend(const struct image *image, SSL *ssl, DH *own)
{
	static atomic_flag is_logged = ATOMIC_FLAG_INIT;
	struct dh_object object = {.ssl = ssl};
	unsigned int bits, size;
	struct bracket bracket;
	DH *lent = NULL;

	if (!is_asked(image) || own == NULL)
		return own;
	bracket = bracket_open(image);
	bits = bits_of(image, own);
	size = bits == 0 ? 0 : policy_dh_bits(config_get(), bits);
	if (size != 0 && config_get()->mode == MODE_ON) {
		dh_take_back(); /* of one whose events nobody told us of */
		dh_lent = (struct dh_lent){make(image, size), image->DH_free};
		lent = dh_lent.dh;
	}
	bracket_close(image, bracket);
	if (size == 0)
		return own;
	if (lent == NULL && config_get()->mode == MODE_ON)
		tell_they_stay(image, &object, bits);
	else if (!atomic_flag_test_and_set(&is_logged)) /* it answers at each handshake */
		dh_tell(&object, "its program's callback's", bits, size);
	return lent != NULL ? lent : own;
}

void dh_take_back(void)
{
	if (dh_lent.dh != NULL)
		dh_lent.free(dh_lent.dh);
	dh_lent.dh = NULL;
}

/* --- libssl's choice ------------------------------------------------------------------- */

/* As ssl_get_auto_dh of t1_lib.c has it: 4096 bits came with 3.0. */
static unsigned int chosen_for(const struct image *image, int strength)
{
	if (strength >= 192)
		return 8192;
	if (strength >= 152 && image->SSL_CTX_new_ex != NULL)
		return 4096;
	if (strength >= 128)
		return AUTO_KEYLESS;
	return strength >= 112 ? 2048 : AUTO_LEAST;
}

void dh_chosen(const struct image *image, SSL *ssl, unsigned int *weakest, unsigned int *strongest)
{
	struct strengths strengths = certificates_strengths(image, ssl);

	*weakest = *strongest = 0;
	if (!strengths.known)
		return;
	if (strengths.none) { /* a callback of the program's may bring one, as lighttpd's does */
		if (!demands_read(image, ssl, NULL, false).keys_only)
			return;
		*weakest = AUTO_LEAST;
		*strongest = AUTO_KEYLESS;
	} else if (strengths.weakest != 0) {
		*weakest = chosen_for(image, strengths.weakest);
		*strongest = chosen_for(image, strengths.strongest);
	}
}

void dh_choose(const struct image *image, SSL *ssl, unsigned int weakest, unsigned int size)
{
	struct dh_object object = {.ssl = ssl};

	if (put(image, &object, size)) /* which its own choice goes before */
		image->SSL_ctrl(ssl, CTRL_SET_DH_AUTO, 0, NULL);
	else
		tell_they_stay(image, &object, weakest);
}

/* The program leaves the choice for a connection to libssl: its certificates must be set by now. */
static bool replaces_choice(const struct image *image, const struct dh_object *object)
{
	unsigned int weakest, strongest, size;
	struct bracket bracket = bracket_open(image);
	bool replaced;

	dh_chosen(image, object->ssl, &weakest, &strongest);
	size = weakest == 0 ? 0 : policy_dh_choice(config_get(), weakest, strongest);
	replaced = put_for(image, object, "libssl's for its certificate", weakest, size);
	bracket_close(image, bracket);
	return replaced;
}

/* Notes that the program has chosen for the connection, whatever it chose for the context. */
static void note_choice(const struct image *image, SSL *ssl, bool auto_off)
{
	struct decision decision = {.dh_auto_off = false};

	note_get(image, ssl, &decision);
	if (decision.dh_auto_off == auto_off)
		return;
	decision.dh_auto_off = auto_off;
	note_set(image, ssl, &decision);
}

long dh_auto(const struct image *image, const struct dh_object *object, long on)
{
	if (!is_asked(image))
		return on;
	if (on == DH_AUTO_1024 && config_get()->mode == MODE_ON &&
	    policy_dh_bits(config_get(), AUTO_LEAST) != 0)
		on = 1;
	if (object->ssl == NULL)
		context_dh_auto_set(object->ctx, on != 0);
	else
		note_choice(image, object->ssl, on == 0);
	return object->ssl != NULL && on != 0 && replaces_choice(image, object) ? 0 : on;
}
