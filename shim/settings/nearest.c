/* SPDX-License-Identifier: MIT */
#include "settings/nearest.h"

#include <stdint.h>
#include <strings.h>

enum { LETTERS = 63 };

size_t word_distance(const char *a, const char *b)
{
	size_t row[LETTERS + 1], len = 0;

	while (len < LETTERS && b[len] != '\0')
		len++;
	for (size_t j = 0; j <= len; j++)
		row[j] = j;
	for (size_t i = 0; i < LETTERS && a[i] != '\0'; i++) {
		size_t diagonal = row[0]++;

		for (size_t j = 0; j < len; j++) {
			size_t change = diagonal + (strncasecmp(&a[i], &b[j], 1) != 0);

			diagonal = row[j + 1];
			row[j + 1] = row[j + 1] < row[j] ? row[j + 1] + 1 : row[j] + 1;
			if (change < row[j + 1])
				row[j + 1] = change;
		}
	}
	return row[len];
}

size_t nearest_word(const char *word, const char *first, size_t stride, size_t count)
{
	size_t least = SIZE_MAX, best = 0;

	for (size_t i = 0; i < count; i++) {
		size_t d = word_distance(word, first + i * stride);

		if (d < least) {
			least = d;
			best = i;
		}
	}
	return best;
}
