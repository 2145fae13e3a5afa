/* SPDX-License-Identifier: MIT */
#include "memory/context.h"

#include <string.h>

#include "memory/table.h"

struct context context_of(const void *ctx)
{
	uint64_t word = table_get(ctx);
	struct context context;

	memcpy(&context, &word, sizeof(word));
	return context;
}

bool context_set(const void *ctx, struct context context)
{
	uint64_t word;

	context.known = true;
	memcpy(&word, &context, sizeof(word));
	return table_set(ctx, word);
}

void context_forget(const void *ctx)
{
	table_set(ctx, 0);
}
