/* SPDX-License-Identifier: MIT */
#include "harden/dh_lend.h"

#include <stdatomic.h>

#include "harden/dh_parameters.h"
#include "sslharden/config.h"

_Thread_local struct dh_lent dh_lent __attribute__((tls_model("initial-exec")));

DH *dh_lend(const struct image *image, SSL *ssl, DH *own)
{
	static atomic_flag is_logged = ATOMIC_FLAG_INIT;
	struct dh_object object = {.ssl = ssl};
	unsigned int bits, size;
	struct bracket bracket;
	DH *lent = NULL;

	if (!dh_is_asked(image) || own == NULL)
		return own;
	bracket = bracket_open(image);
	bits = dh_bits(image, own);
	size = bits == 0 ? 0 : policy_dh_bits(config_get(), bits);
	if (size != 0 && config_get()->mode == MODE_ON) {
		dh_take_back(); /* of one whose events nobody told us of */
		dh_lent = (struct dh_lent){dh_make(image, size), image->DH_free};
		lent = dh_lent.dh;
	}
	bracket_close(image, bracket);
	if (size == 0)
		return own;
	if (lent == NULL && config_get()->mode == MODE_ON)
		dh_tell_they_stay(image, &object, bits);
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
