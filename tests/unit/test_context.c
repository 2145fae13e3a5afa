/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "memory/context.h"

#include <pthread.h>
#include <stddef.h>

#include "check.h"

enum { ROUNDS = 3000000 };

static char ctx; /* its address is all that counts */
static pthread_barrier_t both;

static void *give_hints(void *lost)
{
	pthread_barrier_wait(&both);
	for (int i = 0; i < ROUNDS; i++) {
		CONTEXT_MARK(&ctx, psk_hint, i % 2 != 0);
		*(int *)lost += context_of(&ctx).psk_hint != (i % 2 != 0);
	}
	return NULL;
}

static void *give_curves(void *lost)
{
	pthread_barrier_wait(&both);
	for (int i = 0; i < ROUNDS; i++) {
		CONTEXT_MARK(&ctx, own_curve, i % 3 != 0);
		*(int *)lost += context_of(&ctx).own_curve != (i % 3 != 0);
	}
	return NULL;
}

int main(void)
{
	int hints_lost = 0, curves_lost = 0;
	pthread_t id;

	CONTEXT_MARK(&ctx, dh_auto, true);
	CHECK(!context_of(&ctx).known && !context_of(&ctx).dh_auto);
	CHECK(context_set(&ctx, (struct context){.below_min = 5}));
	pthread_barrier_init(&both, NULL, 2);
	CHECK(pthread_create(&id, NULL, give_hints, &hints_lost) == 0);
	give_curves(&curves_lost);
	pthread_join(id, NULL);
	CHECK(hints_lost == 0 && curves_lost == 0);
	CHECK(context_of(&ctx).known && context_of(&ctx).below_min == 5);
	return check_failures != 0;
}
