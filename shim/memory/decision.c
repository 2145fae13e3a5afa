/* SPDX-License-Identifier: MIT */
#include "memory/decision.h"

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "memory/late.h"

/* The lower half of a word is the decision, the upper half the low bits of the address. */
enum {
	PLACES_BITS = 9,
	ADDRESS_SHIFT = 4, /* malloc's alignment */
};

static WRITTEN_LATE _Atomic uint64_t words[1 << PLACES_BITS];

static uint64_t key_of(const void *ssl)
{
	return (uint64_t)(uintptr_t)ssl >> ADDRESS_SHIFT;
}

static _Atomic uint64_t *place_of(uint64_t key)
{
	/* Fibonacci hashing: heap addresses share their low bits. */
	return &words[key * UINT64_C(0x9e3779b97f4a7c15) >> (64 - PLACES_BITS)];
}

static bool is_of(uint64_t word, uint64_t key)
{
	return word >> 32 == (uint32_t)key;
}

void decision_store(const void *ssl, const struct decision *decision)
{
	uint64_t key = key_of(ssl);

	atomic_store_explicit(place_of(key), key << 32 | decision_pack(*decision),
			      memory_order_relaxed);
}

bool decision_load(const void *ssl, struct decision *decision)
{
	uint64_t key = key_of(ssl);
	uint64_t word = atomic_load_explicit(place_of(key), memory_order_relaxed);

	if (!is_of(word, key))
		return false;
	*decision = decision_unpack((uint32_t)word);
	return true;
}

struct decision decision_mark_counted(const void *ssl)
{
	const uint64_t mark = decision_pack((struct decision){.counted = true});
	uint64_t key = key_of(ssl);
	_Atomic uint64_t *place = place_of(key);
	uint64_t word = atomic_load_explicit(place, memory_order_relaxed);

	if (!is_of(word, key))
		return decision_unpack(0);
	atomic_store_explicit(place, word | mark, memory_order_relaxed);
	return decision_unpack((uint32_t)word);
}
