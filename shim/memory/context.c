/* SPDX-License-Identifier: MIT */
#include "memory/context.h"

#include <stddef.h>

#include "memory/table.h"

/* Of the word: the options below, the rest above. */
enum {
	KIND_SHIFT = 32,
	KIND_BITS = 6,
	TOLD_SHIFT = 61,
	TOLD_ORDER_SHIFT = 62,
	KNOWN_SHIFT = 63,
};

_Static_assert(METHOD_COUNT <= 1 << KIND_BITS, "a kind has to fit");

struct context context_of(const void *ctx)
{
	uint64_t word = table_get(ctx);
	unsigned int kind = (unsigned int)(word >> KIND_SHIFT) & ((1 << KIND_BITS) - 1);

	return (struct context){
		.known = (word >> KNOWN_SHIFT & 1) != 0,
		.kind = kind < METHOD_COUNT ? &method_kinds[kind] : NULL,
		.added = (uint32_t)word,
		.told = (word >> TOLD_SHIFT & 1) != 0,
		.told_order = (word >> TOLD_ORDER_SHIFT & 1) != 0,
	};
}

bool context_set(const void *ctx, const struct context *context)
{
	return table_set(ctx, UINT64_C(1) << KNOWN_SHIFT |
				      (uint64_t)context->told_order << TOLD_ORDER_SHIFT |
				      (uint64_t)context->told << TOLD_SHIFT |
				      (uint64_t)(context->kind - method_kinds) << KIND_SHIFT |
				      context->added);
}

void context_forget(const void *ctx)
{
	table_set(ctx, 0);
}
