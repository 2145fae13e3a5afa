/* SPDX-License-Identifier: MIT */
#include "memory/decision.h"

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "memory/cache.h"
#include "memory/late.h"

/*
 * The lower half of a word is the decision; of the upper half the lowest bit tells whether it is in
 * hand, and the others are low bits of the address.
 */
#define IN_HAND (UINT64_C(1) << 32)

enum { KEY_SHIFT = 33 };

static WRITTEN_LATE _Atomic uint64_t words[CACHE_SIZE];

static bool is_of(uint64_t word, uint64_t key)
{
	return ((word ^ key << KEY_SHIFT) >> KEY_SHIFT) == 0;
}

void decision_store(const void *ssl, const struct decision *decision, bool in_hand)
{
	uint64_t key = cache_key(ssl);

	atomic_store_explicit(cache_place(words, key),
			      key << KEY_SHIFT | (in_hand ? IN_HAND : 0) | decision_pack(*decision),
			      memory_order_relaxed);
}

bool decision_load(const void *ssl, struct decision *decision)
{
	uint64_t key = cache_key(ssl);
	uint64_t word = atomic_load_explicit(cache_place(words, key), memory_order_relaxed);

	if (!is_of(word, key))
		return false;
	*decision = decision_unpack((uint32_t)word);
	return true;
}

void decision_leaves_hand(const void *ssl)
{
	uint64_t key = cache_key(ssl);
	_Atomic uint64_t *place = cache_place(words, key);
	uint64_t word = atomic_load_explicit(place, memory_order_relaxed);

	if (is_of(word, key))
		atomic_store_explicit(place, word & ~IN_HAND, memory_order_relaxed);
}

bool decision_is_in_hand(const void *ssl)
{
	uint64_t key = cache_key(ssl);
	uint64_t word = atomic_load_explicit(cache_place(words, key), memory_order_relaxed);

	return is_of(word, key) && (word & IN_HAND) != 0;
}

struct decision decision_mark_counted(const void *ssl)
{
	const uint64_t mark = decision_pack((struct decision){.counted = true});
	uint64_t key = cache_key(ssl);
	_Atomic uint64_t *place = cache_place(words, key);
	uint64_t word = atomic_load_explicit(place, memory_order_relaxed);

	if (!is_of(word, key))
		return decision_unpack(0);
	atomic_store_explicit(place, word | mark, memory_order_relaxed);
	return decision_unpack((uint32_t)word);
}
