/* SPDX-License-Identifier: MIT */
#include "harden/ex_index.h"

#include "memory/table.h"

enum { INDEX_BITS = 32 }; /* of the table's word; above them, which libssl it was */

/*
 * A program may ask an object by an index of another class: FreeRADIUS 3.2 asks connections by that of
 * its sessions, and takes what is there for a pointer.  Such indexes are small, and bare there is
 * nothing; so ours is not.  From ten on SSL_new would allocate (CRYPTO_new_ex_data).
 */
static int index_make(const struct image *image, const struct ex_use *use)
{
	enum { OUT_OF_REACH = 8 };
	int index;

	do
		index = use->make(image);
	while (index >= 0 && index < OUT_OF_REACH);
	return index;
}

int ex_index(const struct image *image, const struct ex_use *use, bool wanted)
{
	const void *key = table_key((const void *)image->low, use->word);
	/* Another libssl may have been at this address: its functions were elsewhere. */
	uint64_t which = (uint64_t)(uintptr_t)image->SSL_CTX_new << INDEX_BITS;
	uint64_t word = table_get(key);
	int index;

	if (word >> INDEX_BITS == which >> INDEX_BITS && word != 0)
		return (int)(uint32_t)word - 1;
	if (!wanted || image->dialect.pinning == PIN_BEFORE_HANDSHAKE ||
	    image->dialect.pinning == PIN_STAYS)
		return -1;
	index = index_make(image, use);
	word = index < 0 ? 0 : table_swap(key, word, which | ((unsigned int)index + 1));
	return (int)(uint32_t)word - 1;
}
