/* SPDX-License-Identifier: MIT */
#include "memory/context.h"

#include <stddef.h>

#include "memory/table.h"

/* Of the word: the options below, the rest above. */
enum {
	KIND_SHIFT = 32,
	KIND_BITS = 6,
	MIN_SHIFT = 38,
	MAX_SHIFT = 41,
	BOUND_BITS = 3,
	HINT_SHIFT = 44,
	NAMES_SHIFT = 45,
	OLDER_SHIFT = 46,
	DH_AUTO_SHIFT = 47,
	TOLD_SHIFT = 61,
	SEEN_SHIFT = 62,
	KNOWN_SHIFT = 63,
};

_Static_assert(METHOD_COUNT <= 1 << KIND_BITS, "a kind has to fit");

static const int bounds[1 << BOUND_BITS] = {0, 0x0300, 0x0301, 0x0302, 0x0303, 0x0304};

static uint64_t bound_pack(int version)
{
	uint64_t i = (1 << BOUND_BITS) - 1;

	while (i > 0 && bounds[i] != version)
		i--;
	return i;
}

static int bound_at(uint64_t word, int shift)
{
	return bounds[word >> shift & ((1 << BOUND_BITS) - 1)];
}

struct context context_of(const void *ctx)
{
	uint64_t word = table_get(ctx);
	unsigned int kind = (unsigned int)(word >> KIND_SHIFT) & ((1 << KIND_BITS) - 1);

	return (struct context){
		.known = (word >> KNOWN_SHIFT & 1) != 0,
		.kind = kind < METHOD_COUNT ? &method_kinds[kind] : NULL,
		.added = (uint32_t)word,
		.min = bound_at(word, MIN_SHIFT),
		.max = bound_at(word, MAX_SHIFT),
		.hint = (word >> HINT_SHIFT & 1) != 0,
		.older = (word >> OLDER_SHIFT & 1) != 0,
		.names = (word >> NAMES_SHIFT & 1) != 0,
		.dh_auto = (word >> DH_AUTO_SHIFT & 1) != 0,
		.told = (word >> TOLD_SHIFT & 1) != 0,
		.seen = (word >> SEEN_SHIFT & 1) != 0,
	};
}

bool context_set(const void *ctx, const struct context *context)
{
	return table_set(ctx, UINT64_C(1) << KNOWN_SHIFT | (uint64_t)context->seen << SEEN_SHIFT |
				      (uint64_t)context->told << TOLD_SHIFT |
				      (uint64_t)context->dh_auto << DH_AUTO_SHIFT |
				      (uint64_t)context->older << OLDER_SHIFT |
				      (uint64_t)context->names << NAMES_SHIFT |
				      (uint64_t)context->hint << HINT_SHIFT |
				      bound_pack(context->max) << MAX_SHIFT |
				      bound_pack(context->min) << MIN_SHIFT |
				      (uint64_t)(context->kind - method_kinds) << KIND_SHIFT |
				      context->added);
}

void context_forget(const void *ctx)
{
	table_set(ctx, 0);
}
