/* SPDX-License-Identifier: MIT */
#include "harden/ex_index.h"

#include "memory/table.h"

enum { INDEX_BITS = 32 }; /* of the table's word; above them, which libssl it was */

int ex_index(const struct image *image, const struct ex_use *use, bool wanted)
{
	const void *key = (const char *)image->low + use->number;
	/* Another libssl may have been at this address: its functions were elsewhere. */
	uint64_t which = (uint64_t)(uintptr_t)image->SSL_CTX_new << INDEX_BITS;
	uint64_t word = table_get(key);
	int index;

	if (word >> INDEX_BITS == which >> INDEX_BITS && word != 0)
		return (int)(uint32_t)word - 1;
	if (!wanted || image->dialect.pinning == PIN_BEFORE_HANDSHAKE ||
	    image->dialect.pinning == PIN_STAYS)
		return -1;
	index = use->make(image);
	word = index < 0 ? 0 : table_swap(key, word, which | ((unsigned int)index + 1));
	return (int)(uint32_t)word - 1;
}
