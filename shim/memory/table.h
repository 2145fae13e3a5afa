/* SPDX-License-Identifier: MIT
 *
 * table: a map from pointers to 64-bit words, for what is remembered of an object.
 *
 * OpenSSL's ex_data would be the natural place, but in 1.0.x its indexes start at 0 again after
 * CRYPTO_cleanup_all_ex_data() or a reload, and ours would then be the program's.  An entry (16
 * bytes) is never removed, because nothing tells when a context is freed; the next context at the
 * address uses it again.  So the table grows with the number of different addresses and no further.
 *
 * Lock-free, and safe from any thread and in a forked child: entries are claimed by
 * compare-and-swap, a larger chunk is put before the others, nothing is moved or freed.
 */
#ifndef SSLHARDEN_TABLE_H
#define SSLHARDEN_TABLE_H

#include <stdbool.h>
#include <stdint.h>

/* The words that are remembered of one object, each by a key of its own. */
enum table_word {
	TABLE_CONTEXT, /* of a context: memory/context.c */
	TABLE_INFO_CALLBACK, /* of a context or connection: hooks/slots.c, as the next three */
	TABLE_HELLO_CALLBACK,
	TABLE_SERVERNAME_CALLBACK,
	TABLE_DH_CALLBACK,
	TABLE_RENEGOTIATION, /* of a connection: harden/connection.c */
	TABLE_BELOW_PIN, /* of a connection: harden/side.c */
	TABLE_WORDS,

	/* Of a libssl, whose key is the address where it begins: */
	TABLE_TAKEN_LISTS = 0, /* harden/operator_lists.c */
	TABLE_EX_INDEX_NOTES, /* harden/ex_index.c, as the next two */
	TABLE_EX_INDEX_CONTEXT_KEYS,
	TABLE_EX_INDEX_CONNECTION_KEYS,
};

/* An object is larger than TABLE_WORDS bytes, so no other has an address among these. */
static inline const void *table_key(const void *object, enum table_word word)
{
	return (const char *)object + word;
}

/* Sets @key's word; 0 removes it.  Returns false if there is no memory for a new key. */
bool table_set(const void *key, uint64_t value);

/*
 * Sets @key's word to @value if it is @before, and returns the word that it has afterwards: of
 * several threads one succeeds, and the others get its value.  Returns 0 if there is no memory.
 */
uint64_t table_swap(const void *key, uint64_t before, uint64_t value);

/* Returns @key's word, or 0 if none was set. */
uint64_t table_get(const void *key);

#endif
