/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "memory/connection.h"

#include <errno.h>
#include <stdalign.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>

/*
 * A word: above FLAG_BITS the address, without the bits that are zero in every
 * malloc's answer (Linux maps nothing above 2^48 unasked); below, flags.
 */
enum {
	KIND_BITS = 6,
	KNOWN = 1 << KIND_BITS,
	SERVES = 2 << KIND_BITS,
	SHARED = 4 << KIND_BITS,
	PINNED = 8 << KIND_BITS,
	OWN_SHIFT = KIND_BITS + 4,
	ALIGNMENT_BITS = 3,
	FLAG_BITS = 19,

	BUCKET = 8, /* words: a cache line */
	FIRST_SIZE = 16, /* buckets; each further chunk is twice the last */
};

_Static_assert(METHOD_COUNT <= 1 << KIND_BITS, "a kind has to fit");

_Static_assert(OWN_SHIFT + BOUNDS_BITS <= FLAG_BITS, "both bounds have to fit");

static const int versions[] = {0, 0x0300, 0x0301, 0x0302, 0x0303, 0x0304, 0xfeff, 0xfefd};

static unsigned int version_pack(int version)
{
	unsigned int i = sizeof(versions) / sizeof(versions[0]) - 1;

	while (i > 0 && versions[i] != version)
		i--;
	return i;
}

unsigned int bounds_pack(int min, int max)
{
	return version_pack(min) | version_pack(max) << 3;
}

int bounds_min(unsigned int bounds)
{
	return versions[bounds & 7];
}

int bounds_max(unsigned int bounds)
{
	return versions[bounds >> 3 & 7];
}

struct bucket {
	alignas(64) _Atomic uint64_t words[BUCKET];
};

struct chunk {
	size_t size; /* buckets, a power of two */
	_Atomic(struct chunk *) next;
	struct bucket *buckets;
};

static struct bucket first_buckets[FIRST_SIZE];
static struct chunk first = {.size = FIRST_SIZE, .buckets = first_buckets};
static _Atomic bool any; /* whether one was ever remembered: many programs need none */

/* 0: an address that has no room in a word. */
static uint64_t key_of(const void *ssl)
{
	uint64_t key = (uint64_t)(uintptr_t)ssl >> ALIGNMENT_BITS;
	bool fits =
		key >> (64 - FLAG_BITS) == 0 && ((uintptr_t)ssl & ((1 << ALIGNMENT_BITS) - 1)) == 0;

	return fits ? key << FLAG_BITS : 0;
}

static bool is_of(uint64_t word, uint64_t key)
{
	return word >> FLAG_BITS == key >> FLAG_BITS;
}

static struct bucket *bucket_of(const struct chunk *chunk, uint64_t key)
{
	/* Fibonacci hashing: heap addresses share their low bits. */
	uint64_t hash = (key >> FLAG_BITS) * UINT64_C(0x9e3779b97f4a7c15) >> 32;

	return &chunk->buckets[hash & (chunk->size - 1)];
}

/* The word of @key, or with @key 0 one that is free. */
static _Atomic uint64_t *find(struct bucket *bucket, uint64_t key)
{
	for (int i = 0; i < BUCKET; i++) {
		if (is_of(atomic_load_explicit(&bucket->words[i], memory_order_acquire), key))
			return &bucket->words[i];
	}
	return NULL;
}

static _Atomic uint64_t *word_of(uint64_t key)
{
	_Atomic uint64_t *word = NULL;

	if (!atomic_load_explicit(&any, memory_order_acquire))
		return NULL;
	for (const struct chunk *chunk = &first; key != 0 && chunk != NULL && word == NULL;
	     chunk = atomic_load(&chunk->next))
		word = find(bucket_of(chunk, key), key);
	return word;
}

/* Pages of our own: the program's malloc may be one that calls us, or fail. */
static struct chunk *chunk_add(struct chunk *last)
{
	size_t size = last->size * 2;
	size_t bytes = sizeof(struct bucket) * (size + 1); /* the first holds the chunk itself */
	struct bucket *pages =
		mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct chunk *chunk = (void *)pages, *other = NULL;

	if (pages == MAP_FAILED)
		return NULL;
	chunk->size = size;
	chunk->buckets = pages + 1;
	if (atomic_compare_exchange_strong(&last->next, &other, chunk))
		return chunk;
	munmap(pages, bytes);
	return other;
}

static bool claim(const struct chunk *chunk, uint64_t word)
{
	struct bucket *bucket = bucket_of(chunk, word);
	_Atomic uint64_t *place;

	while ((place = find(bucket, 0)) != NULL) {
		uint64_t none = 0;

		if (atomic_compare_exchange_strong(place, &none, word))
			return true;
	}
	return false;
}

struct connection connection_of(const void *ssl)
{
	_Atomic uint64_t *place = word_of(key_of(ssl));
	uint64_t word = place == NULL ? 0 : atomic_load_explicit(place, memory_order_acquire);
	const struct method_kind *kind = &method_kinds[word & (KNOWN - 1)];

	return (struct connection){
		.known = (word & KNOWN) != 0,
		.serves = (word & SERVES) != 0,
		.shared = (word & SHARED) != 0,
		.kind = kind,
		.pin = (word & PINNED) != 0 ? kind->pin : 0,
		.own = (unsigned int)(word >> OWN_SHIFT) & ((1 << BOUNDS_BITS) - 1),
	};
}

bool connection_set(const void *ssl, const struct connection *connection)
{
	uint64_t key = key_of(ssl);
	uint64_t word = key | (uint64_t)(connection->kind - method_kinds) | KNOWN |
			(connection->serves ? SERVES : 0) | (connection->shared ? SHARED : 0) |
			(connection->pin != 0 ? PINNED : 0) |
			(uint64_t)connection->own << OWN_SHIFT;
	_Atomic uint64_t *place = word_of(key);
	struct chunk *chunk = &first;
	int saved_errno = errno;

	if (key == 0)
		return false;
	if (place != NULL) {
		atomic_store_explicit(place, word, memory_order_release);
		return true;
	}
	atomic_store_explicit(&any, true, memory_order_release);
	while (chunk != NULL && !claim(chunk, word)) {
		struct chunk *next = atomic_load(&chunk->next);

		chunk = next != NULL ? next : chunk_add(chunk);
	}
	errno = saved_errno;
	return chunk != NULL;
}

void connection_freed(const void *ssl)
{
	_Atomic uint64_t *place = word_of(key_of(ssl));

	if (place != NULL && (atomic_load_explicit(place, memory_order_relaxed) & SHARED) == 0)
		atomic_store_explicit(place, 0, memory_order_release);
}

void connection_forget(const void *ssl)
{
	_Atomic uint64_t *place;

	/* Two: SSL_up_ref, which any thread may call, remembered it while another did. */
	while ((place = word_of(key_of(ssl))) != NULL)
		atomic_store_explicit(place, 0, memory_order_release);
}
