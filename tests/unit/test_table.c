/* SPDX-License-Identifier: MIT */
#include "memory/table.h"

#include <pthread.h>
#include <stddef.h>

#include "check.h"

enum { KEYS = 20000, THREADS = 8 };

static char keys[KEYS * 16];

static void *fill(void *data)
{
	size_t thread = (size_t)(char *)data;

	for (size_t i = thread; i < KEYS; i += THREADS) {
		if (!table_set(&keys[i * 16], i + 1))
			return data;
	}
	return NULL;
}

int main(void)
{
	pthread_t ids[THREADS];

	CHECK(table_get(keys) == 0);
	CHECK(table_set(keys, 0)); /* to forget what is not there takes no room */
	CHECK(table_set(keys, 7) && table_get(keys) == 7);
	CHECK(table_set(keys, 0) && table_get(keys) == 0);
	for (size_t t = 0; t < THREADS; t++)
		CHECK(pthread_create(&ids[t], NULL, fill, (void *)(uintptr_t)t) == 0);
	for (size_t t = 0; t < THREADS; t++)
		pthread_join(ids[t], NULL);
	for (size_t i = 0; i < KEYS; i++)
		CHECK(table_get(&keys[i * 16]) == i + 1);
	return check_failures != 0;
}
