/* SPDX-License-Identifier: MIT
 *
 * cache: where the word of a connection lies in a table of CACHE_SIZE words that has no room for two
 * with one place: the later overwrites the earlier, so a word has to tell whose it is.
 */
#ifndef SSLHARDEN_CACHE_H
#define SSLHARDEN_CACHE_H

#include <stdint.h>

enum {
	CACHE_BITS = 9,
	CACHE_SIZE = 1 << CACHE_BITS, /* words */
	CACHE_ADDRESS_SHIFT = 4, /* malloc's alignment */
};

/* The number that a connection is known by: its address without the bits that are always 0. */
static inline uint64_t cache_key(const void *ssl)
{
	return (uint64_t)(uintptr_t)ssl >> CACHE_ADDRESS_SHIFT;
}

static inline _Atomic uint64_t *cache_place(_Atomic uint64_t words[CACHE_SIZE], uint64_t key)
{
	/* Fibonacci hashing: heap addresses share their low bits. */
	return &words[key * UINT64_C(0x9e3779b97f4a7c15) >> (64 - CACHE_BITS)];
}

#endif
