/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "memory/connection.h"

#include <pthread.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "check.h"

enum { LIVE = 1000, ROUNDS = 1000, THREADS = 8 };

static _Atomic size_t mapped;

#ifndef __SANITIZE_THREAD__ /* whose runtime would get it too */
/* The C library's own mappings do not come here. */
void *mmap(void *wanted, size_t size, int prot, int flags, int fd, off_t offset)
{
	mapped += size;
#ifdef SYS_mmap2 /* in units of 4096 bytes */
	return (void *)syscall(SYS_mmap2, wanted, size, prot, flags, fd, offset >> 12);
#else
	return (void *)syscall(SYS_mmap, wanted, size, prot, flags, fd, offset);
#endif
}
#endif

static const void *address(uintptr_t i)
{
	return (const void *)(UINT32_C(0x10000000) + i * 16);
}

static const struct connection pinned = {
	.serves = true, .kind = &method_kinds[METHOD_TLSv1_2_method], .pin = 0x0303};

/* Ever new addresses, as many as would fill gigabytes if they were kept. */
static void *come_and_go(void *data)
{
	uintptr_t base = (uintptr_t)data * LIVE * ROUNDS;

	for (uintptr_t round = 0; round < ROUNDS; round++) {
		for (uintptr_t i = 0; i < LIVE / THREADS; i++)
			CHECK(connection_set(address(base + round * LIVE + i), &pinned));
		for (uintptr_t i = 0; i < LIVE / THREADS; i++) {
			const void *ssl = address(base + round * LIVE + i);

			CHECK(connection_of(ssl).pin == 0x0303);
			connection_forget(ssl);
			CHECK(!connection_of(ssl).known);
		}
	}
	return NULL;
}

static void one(void)
{
	struct connection it = {.kind = &method_kinds[METHOD_TLS_method], .shared = true};

	CHECK(!connection_of(address(1)).known);
	connection_forget(address(1));
	CHECK(connection_set(address(1), &it));
	it = connection_of(address(1));
	CHECK(it.known && it.shared && !it.serves && it.pin == 0);
	CHECK(it.kind == &method_kinds[METHOD_TLS_method]);
	CHECK(connection_set(address(1), &pinned));
	it = connection_of(address(1));
	CHECK(it.known && !it.shared && it.serves && it.pin == 0x0303);
	CHECK(!connection_of(address(2)).known);
	connection_forget(address(1));
	CHECK(!connection_of(address(1)).known);
	/* What does not fit in a word is not taken for another's. */
	CHECK(!connection_set((const void *)1, &pinned));
	CHECK(!connection_of((const void *)1).known);
}

static pthread_barrier_t barrier;

/* Both remember the same one at once. */
static void *remember_again(void *unused)
{
	for (uintptr_t i = 0; i < LIVE; i++) {
		pthread_barrier_wait(&barrier);
		CHECK(connection_set(address(i), &pinned));
	}
	return unused;
}

static void two_at_once(void)
{
	pthread_t other;

	pthread_barrier_init(&barrier, NULL, 2);
	CHECK(pthread_create(&other, NULL, remember_again, NULL) == 0);
	remember_again(NULL);
	pthread_join(other, NULL);
	pthread_barrier_destroy(&barrier);
	for (uintptr_t i = 0; i < LIVE; i++) {
		connection_forget(address(i));
		CHECK(!connection_of(address(i)).known);
	}
}

int main(void)
{
	pthread_t ids[THREADS];

	one();
	two_at_once();
	come_and_go((void *)THREADS);
	for (uintptr_t t = 0; t < THREADS; t++)
		CHECK(pthread_create(&ids[t], NULL, come_and_go, (void *)t) == 0);
	for (uintptr_t t = 0; t < THREADS; t++)
		pthread_join(ids[t], NULL);
	CHECK(mapped < 1 << 20);
	return check_failures != 0;
}
