/* SPDX-License-Identifier: MIT */
#include "memory/context.h"

#include <string.h>

#include "memory/table.h"

static struct context unpack(uint64_t word)
{
	struct context context;

	memcpy(&context, &word, sizeof(word));
	return context;
}

static uint64_t pack(struct context context)
{
	uint64_t word;

	memcpy(&word, &context, sizeof(word));
	return word;
}

struct context context_of(const void *ctx)
{
	return unpack(table_get(table_key(ctx, TABLE_CONTEXT)));
}

bool context_set(const void *ctx, struct context context)
{
	context.known = true;
	return table_set(table_key(ctx, TABLE_CONTEXT), pack(context));
}

bool context_swap(const void *ctx, struct context *before, struct context after)
{
	uint64_t now;

	after.known = true;
	now = table_swap(table_key(ctx, TABLE_CONTEXT), pack(*before), pack(after));
	*before = unpack(now);
	return now == pack(after);
}

void context_forget(const void *ctx)
{
	table_set(table_key(ctx, TABLE_CONTEXT), 0);
}
