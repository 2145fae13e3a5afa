/* SPDX-License-Identifier: MIT */
#include "counts.h"

#include <stddef.h>
#include <string.h>

int64_t counts_served(const struct counts *counts, int version)
{
	int64_t sum = 0;

	for (int v = 0; v < COUNTS_VERSIONS; v++) {
		for (int c = 0; c < COUNTS_CLASSES && (version < 0 || version == v); c++)
			sum += counts->served[v][c][0] + counts->served[v][c][1];
	}
	return sum;
}

int64_t counts_refused(const struct counts *counts)
{
	int64_t sum = 0;

	for (int i = 0; i < COUNTS_CAUSES; i++)
		sum += counts->refused[i];
	return sum;
}

void would_refuse_add(struct would_refuse *sum, const struct would_refuse *more)
{
	sum->refused += more->refused;
	sum->unsure += more->unsure;
	if (more->last > sum->last)
		sum->last = more->last;
}

/* The first number is when they began. */
void counts_add(struct counts *sum, const struct counts *more)
{
	int64_t *to = (int64_t *)(void *)sum;
	const int64_t *from = (const int64_t *)(const void *)more;
	int64_t since = sum->since == 0 || (more->since != 0 && more->since < sum->since)
				? more->since
				: sum->since;
	struct would_refuse stricter[STRICTER_COUNT];

	memcpy(stricter, sum->stricter, sizeof(stricter));
	for (int i = 0; i < STRICTER_COUNT; i++)
		would_refuse_add(&stricter[i], &more->stricter[i]);
	for (size_t i = 0; i < sizeof(*sum) / sizeof(*to); i++)
		to[i] = to[i] > COUNT_MAX ? to[i] : to[i] + from[i];
	sum->since = since;
	memcpy(sum->stricter, stricter, sizeof(stricter));
}
