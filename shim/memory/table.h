/* SPDX-License-Identifier: MIT
 *
 * table: a word of memory for a pointer, where the context has no room for it.
 *
 * OpenSSL's ex_data would do but for 1.0.x: indexes start at 0 again after
 * CRYPTO_cleanup_all_ex_data() or a reload, and ours would then be the
 * program's.  Nobody tells when a context dies; its entry waits for the next
 * one at the same address, so the table grows to the most addresses that
 * contexts ever had, at 16 bytes each, and no further.
 *
 * Lock-free and fork-safe: entries are claimed by compare-and-swap, larger
 * chunks are put before the others, nothing is moved or freed.
 */
#ifndef SSLHARDEN_TABLE_H
#define SSLHARDEN_TABLE_H

#include <stdbool.h>
#include <stdint.h>

/* Sets @key's word; 0 forgets it.  False if there is no memory for a new key. */
bool table_set(const void *key, uint64_t value);

/*
 * Sets @key's word to @value where it is @before, and answers the word that it has then: of several
 * threads that want to set it one has its way, and the others learn it.  0: no memory.
 */
uint64_t table_swap(const void *key, uint64_t before, uint64_t value);

/* @key's word, 0 if none was set. */
uint64_t table_get(const void *key);

#endif
