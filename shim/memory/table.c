/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "memory/table.h"

#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>

#include "memory/kernel.h"
#include "memory/late.h"

enum {
	FIRST_SIZE = 256, /* entries; each further chunk is twice the last */
	PROBES = 16, /* entries that are tried; then the chunk counts as full for this key */
};

struct entry {
	_Atomic(const void *) key;
	_Atomic uint64_t value;
};

struct chunk {
	size_t size; /* a power of two */
	struct entry *entries;
	struct chunk *older; /* half its size */
};

static WRITTEN_LATE struct entry first_entries[FIRST_SIZE];
static struct chunk first = {.size = FIRST_SIZE, .entries = first_entries};
static _Atomic(struct chunk *) newest = &first; /* new keys go there */

static size_t hash(const void *key)
{
	/* Fibonacci hashing: heap addresses share their low bits. */
	return (size_t)(((uint64_t)(uintptr_t)key * UINT64_C(0x9e3779b97f4a7c15)) >> 32);
}

static struct entry *chunk_find(const struct chunk *chunk, const void *key)
{
	for (size_t i = 0; i < PROBES; i++) {
		struct entry *entry = &chunk->entries[(hash(key) + i) & (chunk->size - 1)];
		const void *found = atomic_load_explicit(&entry->key, memory_order_acquire);

		if (found == key)
			return entry;
		if (found == NULL)
			return NULL;
	}
	return NULL;
}

static struct entry *chunk_claim(const struct chunk *chunk, const void *key)
{
	for (size_t i = 0; i < PROBES; i++) {
		struct entry *entry = &chunk->entries[(hash(key) + i) & (chunk->size - 1)];
		const void *found = NULL;

		if (atomic_compare_exchange_strong(&entry->key, &found, key) || found == key)
			return entry;
	}
	return NULL;
}

/* Takes pages from the kernel: the program's malloc may be one that calls this library. */
static struct chunk *chunk_add(struct chunk *last)
{
	size_t size = last->size * 2;
	size_t bytes = sizeof(struct chunk) + size * sizeof(struct entry);
	struct chunk *chunk = kernel_pages(bytes, false);
	struct chunk *now = last;

	if (chunk == NULL)
		return NULL;
	chunk->size = size;
	chunk->entries = (struct entry *)(chunk + 1); /* zero, so every key is NULL */
	chunk->older = last;
	if (atomic_compare_exchange_strong(&newest, &now, chunk))
		return chunk;
	kernel_pages_free(chunk, bytes);
	return now;
}

static struct entry *find(const void *key)
{
	/* The newest chunk is the largest: half of all keys are in it. */
	for (struct chunk *chunk = atomic_load_explicit(&newest, memory_order_acquire);
	     chunk != NULL; chunk = chunk->older) {
		struct entry *entry = chunk_find(chunk, key);

		if (entry != NULL)
			return entry;
	}
	return NULL;
}

/* The entry of a key, which is made if there is none; NULL if there is no memory. */
static struct entry *find_or_claim(const void *key)
{
	int saved_errno = errno;
	struct entry *entry = find(key);
	struct chunk *chunk = atomic_load(&newest);

	while (entry == NULL && chunk != NULL) {
		entry = chunk_claim(chunk, key);
		if (entry == NULL)
			chunk = chunk_add(chunk);
	}
	errno = saved_errno;
	return entry;
}

uint64_t table_swap(const void *key, uint64_t before, uint64_t value)
{
	struct entry *entry = find_or_claim(key);

	if (entry == NULL)
		return 0;
	return atomic_compare_exchange_strong(&entry->value, &before, value) ? value : before;
}

bool table_set(const void *key, uint64_t value)
{
	struct entry *entry = value == 0 ? find(key) : find_or_claim(key);

	if (entry == NULL)
		return value == 0;
	atomic_store_explicit(&entry->value, value, memory_order_release);
	return true;
}

uint64_t table_get(const void *key)
{
	const struct entry *entry = find(key);

	return entry == NULL ? 0 : atomic_load_explicit(&entry->value, memory_order_acquire);
}
