/* SPDX-License-Identifier: MIT */
#include "hooks/dh_callback.h"

#include "harden/dh_lend.h"
#include "hooks/slots.h"
#include "hooks/wrap.h"

static struct slots dhs = {.word = TABLE_DH_CALLBACK};

static DH *lend(SSL *ssl, int is_export, int length, int slot)
{
	struct image scratch;
	const struct image *image = image_of_object(ssl, &scratch);
	const void *object = image != NULL && slot == SLOT_CONTEXTS
				     ? (const void *)image->SSL_get_SSL_CTX(ssl)
				     : ssl;
	dh_callback program =
		(dh_callback)slot_callback(&dhs, object == ssl ? slot : SLOT_TABLE, object);
	DH *own = program == NULL ? NULL : program(ssl, is_export, length);

	return image == NULL ? own : dh_lend(image, ssl, own);
}

#define ROW(n)                                                 \
	static DH *dh_##n(SSL *ssl, int is_export, int length) \
	{                                                      \
		return lend(ssl, is_export, length, n);        \
	}
EACH_SLOT(ROW)
#undef ROW

static dh_callback dh_trampoline(int slot)
{
	switch (slot) {
#define ROW(n)    \
	case (n): \
		return dh_##n;
		EACH_SLOT(ROW)
#undef ROW
	default:
		return NULL;
	}
}

/*
 * The callback to set for the program's.  libssl's own call for it may come by here again.
 *
 * @crowded  what stands for SLOT_TABLE, by which it is not told whose address is meant
 */
static dh_callback dh_callback_for(const struct image *image, dh_callback callback,
				   const void *object, int crowded)
{
	int slot;

	if (callback == NULL || config_get()->min_dh_bits == 0 || !is_watched(image))
		return callback;
	for (int i = 0; i < SLOTS; i++) {
		if (dh_trampoline(i) == callback)
			return callback;
	}
	slot = slot_of(&dhs, (any_callback)callback, object);
	return slot == SLOTS ? callback : dh_trampoline(slot == SLOT_TABLE ? crowded : slot);
}

dh_callback dh_callback_of_context(const struct image *image, dh_callback callback, SSL_CTX *ctx)
{
	return dh_callback_for(image, callback, ctx, SLOT_CONTEXTS);
}

void SSL_CTX_set_tmp_dh_callback(SSL_CTX *ctx, dh_callback callback)
{
	WRAP_VOID(SSL_CTX_set_tmp_dh_callback, ctx, ctx, callback)

	image->SSL_CTX_set_tmp_dh_callback(ctx, dh_callback_of_context(image, callback, ctx));
}

void SSL_set_tmp_dh_callback(SSL *ssl, dh_callback callback)
{
	WRAP_VOID(SSL_set_tmp_dh_callback, ssl, ssl, callback)

	image->SSL_set_tmp_dh_callback(ssl, dh_callback_for(image, callback, ssl, SLOT_TABLE));
}
