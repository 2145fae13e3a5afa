/* SPDX-License-Identifier: MIT */
#include "memory/decision.h"

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

/* Of the word: the address, without the bits that malloc leaves zero, above the rest. */
enum {
	PLACES_BITS = 9,
	ADDRESS_SHIFT = 4, /* malloc's alignment */
	SET_BITS = 6,
	HELD_SHIFT = SET_BITS,
	BARRED_SHIFT = 2 * SET_BITS,
	OPENED = 1 << (3 * SET_BITS),
	LISTED = 1 << (3 * SET_BITS + 1),
	FLAG_BITS = 3 * SET_BITS + 2, /* an address has 48 bits at most: Linux maps no higher */
};

static _Atomic uint64_t words[1 << PLACES_BITS];

static uint64_t key_of(const void *ssl)
{
	return (uint64_t)(uintptr_t)ssl >> ADDRESS_SHIFT << FLAG_BITS;
}

static _Atomic uint64_t *place_of(uint64_t key)
{
	/* Fibonacci hashing: heap addresses share their low bits. */
	return &words[(key >> FLAG_BITS) * UINT64_C(0x9e3779b97f4a7c15) >> (64 - PLACES_BITS)];
}

void decision_note(const void *ssl, const struct decision *decision)
{
	uint64_t key = key_of(ssl);

	atomic_store_explicit(place_of(key),
			      key | decision->bare | (uint64_t)decision->held << HELD_SHIFT |
				      (uint64_t)decision->barred << BARRED_SHIFT |
				      (decision->opened ? OPENED : 0) |
				      (decision->listed ? LISTED : 0),
			      memory_order_relaxed);
}

bool decision_of(const void *ssl, struct decision *decision)
{
	uint64_t key = key_of(ssl);
	uint64_t word = atomic_load_explicit(place_of(key), memory_order_relaxed);

	if (word >> FLAG_BITS != key >> FLAG_BITS)
		return false;
	*decision = (struct decision){
		.bare = (versions)word & VERSIONS_ALL,
		.held = (versions)(word >> HELD_SHIFT) & VERSIONS_ALL,
		.barred = (versions)(word >> BARRED_SHIFT) & VERSIONS_ALL,
		.opened = (word & OPENED) != 0,
		.listed = (word & LISTED) != 0,
	};
	return true;
}
