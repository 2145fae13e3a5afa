/* SPDX-License-Identifier: MIT */
#include "harden/note.h"

#include <stdatomic.h>

#include "harden/ex_index.h"
#include "harden/object.h"
#include "sslharden/config.h"

/* Whether anything was ever kept in ex_data; most servers need none. */
static atomic_bool kept;

static int index_new(const struct image *image)
{
	if (image->SSL_get_ex_new_index != NULL) /* LibreSSL, BoringSSL */
		return image->SSL_get_ex_new_index(0, NULL, NULL, NULL, NULL);
	if (image->CRYPTO_get_ex_new_index != NULL)
		return image->CRYPTO_get_ex_new_index(EX_SSL, 0, NULL, NULL, NULL, NULL);
	return -1;
}

/* @wanted  make one: it is the first time that something has to be kept */
static int index_find(const struct image *image, bool wanted)
{
	static const struct ex_use notes = {TABLE_EX_INDEX_NOTES, index_new};

	if (image->SSL_set_ex_data == NULL || image->SSL_get_ex_data == NULL)
		return -1;
	if (wanted)
		atomic_store_explicit(&kept, true, memory_order_relaxed);
	return ex_index(image, &notes, wanted);
}

static inline int index_of(const struct image *image, bool wanted)
{
	bool any = atomic_load_explicit(&kept, memory_order_relaxed);

	return any || wanted ? index_find(image, wanted) : -1;
}

/* In an audit nothing is opened or listed, and the program's own indexes are to stay what they are. */
static bool is_to_last(const struct decision *decision)
{
	static const struct decision lasting = {.barred = VERSIONS_ALL,
						.dh_auto_off = true,
						.pin_opened = true,
						.list_is_ours = true,
						.needs_certificate = true};

	return (decision_pack(*decision) & decision_pack(lasting)) != 0 &&
	       config_get()->mode == MODE_ON;
}

void note_set_in_hand(const struct image *image, SSL *ssl, const struct decision *decision,
		      bool in_hand)
{
	bool keep = is_to_last(decision);
	int index = index_of(image, keep);
	void *noted = keep ? (void *)(uintptr_t)decision_pack(*decision) : NULL;

	decision_store(ssl, decision, in_hand);
	if (index >= 0 && image->SSL_get_ex_data(ssl, index) != noted)
		image->SSL_set_ex_data(ssl, index, noted);
}

/*
 * A word of the cache may be of a freed connection at the same address, so only a part is believed.
 */
bool note_get(const struct image *image, const SSL *ssl, struct decision *decision)
{
	int index = index_of(image, false);
	uintptr_t noted = index < 0 ? 0 : (uintptr_t)image->SSL_get_ex_data(ssl, index);
	bool known;

	if (noted != 0) {
		*decision = decision_unpack((uint32_t)noted);
		return true;
	}
	known = decision_load(ssl, decision);
	if (known && image->dialect.pinning != PIN_BEFORE_HANDSHAKE) {
		decision->pin_opened = decision->list_is_ours = decision->dh_auto_off = false;
		decision->needs_certificate = false;
		decision->barred = 0;
	}
	return known;
}

struct decision note_before_decision(const struct image *image, const SSL *ssl)
{
	struct decision decision = {.barred = 0};

	if (image->dialect.pinning == PIN_BEFORE_HANDSHAKE || index_of(image, false) >= 0)
		note_get(image, ssl, &decision);
	return decision;
}
