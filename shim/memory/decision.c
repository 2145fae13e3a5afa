/* SPDX-License-Identifier: MIT */
#include "memory/decision.h"

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

/* Of a word: the members below, and the address, without the bits that malloc leaves zero, above. */
enum {
	PLACES_BITS = 9,
	ADDRESS_SHIFT = 4, /* malloc's alignment */
	OPENED = 1 << DECISION_FLAGS,
	LISTED = OPENED << 1,
	CIPHERS = LISTED << 1,
	FORBIDS = CIPHERS << 1,
	COUNTED = FORBIDS << 1,
};

_Static_assert(COUNTED < 1 << DECISION_BITS, "the members have to fit");

static _Atomic uint64_t words[1 << PLACES_BITS];

uint32_t decision_pack(const struct decision *decision)
{
	return decision->bare | decision->held << DECISION_HELD |
	       decision->barred << DECISION_BARRED | (decision->opened ? OPENED : 0) |
	       (decision->listed ? LISTED : 0) | (decision->ciphers ? CIPHERS : 0) |
	       (decision->forbids ? FORBIDS : 0) | (decision->counted ? COUNTED : 0);
}

struct decision decision_unpack(uint32_t word)
{
	return (struct decision){
		.bare = word & VERSIONS_ALL,
		.held = word >> DECISION_HELD & VERSIONS_ALL,
		.barred = word >> DECISION_BARRED & VERSIONS_ALL,
		.opened = (word & OPENED) != 0,
		.listed = (word & LISTED) != 0,
		.ciphers = (word & CIPHERS) != 0,
		.forbids = (word & FORBIDS) != 0,
		.counted = (word & COUNTED) != 0,
	};
}

static uint64_t key_of(const void *ssl)
{
	return (uint64_t)(uintptr_t)ssl >> ADDRESS_SHIFT << DECISION_BITS;
}

static _Atomic uint64_t *place_of(uint64_t key)
{
	/* Fibonacci hashing: heap addresses share their low bits. */
	return &words[(key >> DECISION_BITS) * UINT64_C(0x9e3779b97f4a7c15) >> (64 - PLACES_BITS)];
}

void decision_note(const void *ssl, const struct decision *decision)
{
	uint64_t key = key_of(ssl);

	atomic_store_explicit(place_of(key), key | decision_pack(decision), memory_order_relaxed);
}

bool decision_of(const void *ssl, struct decision *decision)
{
	uint64_t key = key_of(ssl);
	uint64_t word = atomic_load_explicit(place_of(key), memory_order_relaxed);

	if (word >> DECISION_BITS != key >> DECISION_BITS)
		return false;
	*decision = decision_unpack((uint32_t)word & ((1 << DECISION_BITS) - 1));
	return true;
}

bool decision_count(const void *ssl, uint32_t *word)
{
	uint64_t key = key_of(ssl);
	_Atomic uint64_t *place = place_of(key);
	uint64_t there = atomic_load_explicit(place, memory_order_relaxed);

	*word = 0;
	if ((there ^ key) >> DECISION_BITS != 0)
		return true;
	*word = (uint32_t)there & ((1 << DECISION_BITS) - 1);
	if ((there & COUNTED) != 0)
		return false;
	atomic_store_explicit(place, there | COUNTED, memory_order_relaxed);
	return true;
}
