/* SPDX-License-Identifier: MIT */
#include "memory/context.h"

#include <stddef.h>

#include "memory/table.h"

/* Where each part of the word begins.  The options have the bits below KIND_SHIFT. */
enum {
	KIND_SHIFT = 32,
	KIND_BITS = 6,
	MIN_SHIFT = 38,
	MAX_SHIFT = 41,
	BOUND_BITS = 3,
	HINT_SHIFT = 44,
	NAMES_SHIFT = 45,
	BARS_SHIFT = 46,
	DH_AUTO_SHIFT = 47,
	CUSTOM_EXT_SHIFT = 48,
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
		.added_options = (uint32_t)word,
		.min = bound_at(word, MIN_SHIFT),
		.max = bound_at(word, MAX_SHIFT),
		.psk_hint = (word >> HINT_SHIFT & 1) != 0,
		.bars_tls1_3 = (word >> BARS_SHIFT & 1) != 0,
		.custom_ext_read = (word >> CUSTOM_EXT_SHIFT & 1) != 0,
		.servername_callback = (word >> NAMES_SHIFT & 1) != 0,
		.dh_auto = (word >> DH_AUTO_SHIFT & 1) != 0,
		.remark_told = (word >> TOLD_SHIFT & 1) != 0,
		.connection_seen = (word >> SEEN_SHIFT & 1) != 0,
	};
}

bool context_set(const void *ctx, const struct context *context)
{
	return table_set(ctx, UINT64_C(1) << KNOWN_SHIFT |
				      (uint64_t)context->connection_seen << SEEN_SHIFT |
				      (uint64_t)context->remark_told << TOLD_SHIFT |
				      (uint64_t)context->dh_auto << DH_AUTO_SHIFT |
				      (uint64_t)context->bars_tls1_3 << BARS_SHIFT |
				      (uint64_t)context->custom_ext_read << CUSTOM_EXT_SHIFT |
				      (uint64_t)context->servername_callback << NAMES_SHIFT |
				      (uint64_t)context->psk_hint << HINT_SHIFT |
				      bound_pack(context->max) << MAX_SHIFT |
				      bound_pack(context->min) << MIN_SHIFT |
				      (uint64_t)(context->kind - method_kinds) << KIND_SHIFT |
				      context->added_options);
}

void context_forget(const void *ctx)
{
	table_set(ctx, 0);
}
