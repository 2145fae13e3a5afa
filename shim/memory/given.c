/* SPDX-License-Identifier: MIT */
#include "memory/given.h"

#include <stdatomic.h>
#include <stdbool.h>

#include "memory/cache.h"
#include "memory/late.h"

enum { KEY_SHIFT = 32 /* the hash lies below */ };

static WRITTEN_LATE _Atomic uint64_t words[CACHE_SIZE];
static atomic_bool any; /* most servers' connections are given none */

void given_set(const void *ssl, uint32_t hash)
{
	uint64_t key = cache_key(ssl);

	if (hash != 0)
		atomic_store_explicit(&any, true, memory_order_relaxed);
	atomic_store_explicit(cache_place(words, key), key << KEY_SHIFT | hash,
			      memory_order_relaxed);
}

uint32_t given_of(const void *ssl)
{
	uint64_t key = cache_key(ssl), word;

	if (!atomic_load_explicit(&any, memory_order_relaxed))
		return 0;
	word = atomic_load_explicit(cache_place(words, key), memory_order_relaxed);
	return ((word ^ key << KEY_SHIFT) >> KEY_SHIFT) == 0 ? (uint32_t)word : 0;
}
