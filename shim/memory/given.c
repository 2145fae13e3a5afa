/* SPDX-License-Identifier: MIT */
#include "memory/given.h"

#include <stdatomic.h>
#include <stdbool.h>

#include "memory/late.h"

enum {
	PLACES_BITS = 9,
	ADDRESS_SHIFT = 4, /* malloc's alignment */
	KEY_SHIFT = 32, /* the print lies below */
};

static WRITTEN_LATE _Atomic uint64_t words[1 << PLACES_BITS];
static atomic_bool any; /* most servers' connections are given none */

static uint64_t key_of(const void *ssl)
{
	return (uint64_t)(uintptr_t)ssl >> ADDRESS_SHIFT;
}

/* As memory/decision has it. */
static _Atomic uint64_t *place_of(uint64_t key)
{
	return &words[key * UINT64_C(0x9e3779b97f4a7c15) >> (64 - PLACES_BITS)];
}

void given_set(const void *ssl, uint32_t print)
{
	uint64_t key = key_of(ssl);

	if (print != 0)
		atomic_store_explicit(&any, true, memory_order_relaxed);
	atomic_store_explicit(place_of(key), key << KEY_SHIFT | print, memory_order_relaxed);
}

uint32_t given_of(const void *ssl)
{
	uint64_t key = key_of(ssl), word;

	if (!atomic_load_explicit(&any, memory_order_relaxed))
		return 0;
	word = atomic_load_explicit(place_of(key), memory_order_relaxed);
	return ((word ^ key << KEY_SHIFT) >> KEY_SHIFT) == 0 ? (uint32_t)word : 0;
}
