/* SPDX-License-Identifier: MIT */
#include "harden/dh_auto.h"

#include "harden/context_program.h"
#include "harden/credentials.h"
#include "harden/demands.h"
#include "harden/note.h"
#include "sslharden/config.h"

enum {
	DH_AUTO_1024 = 2, /* SSL_CTX_set_dh_auto's: of 1024 bits, whatever the certificate */
	AUTO_LEAST = 1024,
	AUTO_KEYLESS = 3072, /* the most without a certificate, by the suite (t1_lib.c) */
};

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

	if (dh_put(image, &object, size)) /* which its own choice goes before */
		image->SSL_ctrl(ssl, CTRL_SET_DH_AUTO, 0, NULL);
	else
		dh_tell_they_stay(image, &object, weakest);
}

/* The program leaves the choice for a connection to libssl: its certificates must be set by now. */
static bool replaces_choice(const struct image *image, const struct dh_object *object)
{
	unsigned int weakest, strongest, size;
	struct bracket bracket = bracket_open(image);
	bool replaced;

	dh_chosen(image, object->ssl, &weakest, &strongest);
	size = weakest == 0 ? 0 : policy_dh_choice(config_get(), weakest, strongest);
	replaced = dh_put_for(image, object, "libssl's for its certificate", weakest, size);
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
	if (!dh_is_asked(image))
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
