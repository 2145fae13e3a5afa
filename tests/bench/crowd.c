/* SPDX-License-Identifier: MIT
 *
 * Many connections, threads and children, for crowd.py: crowd PEM WHAT
 *   addresses STEP STEPS     connections at addresses that were never used before; tells of
 *                            each step
 *   threads COUNT ROUNDS     handshakes of so many threads at once
 *   children COUNT ROUNDS    handshakes of so many children at once, all of one server
 * Each line tells the nanoseconds of processor time for one, and bytes that are private.
 */
#define _GNU_SOURCE
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static _Noreturn void fail(const char *what)
{
	fprintf(stderr, "crowd: %s\n", what);
	ERR_print_errors_fp(stderr);
	exit(1);
}

#include "pair.h"
#include "process.h"

static SSL_CTX *server, *client;

static void contexts_make(const char *pem)
{
	server = SSL_CTX_new(TLS_server_method());
	client = SSL_CTX_new(TLS_client_method());
	if (server == NULL || client == NULL ||
	    SSL_CTX_use_certificate_file(server, pem, SSL_FILETYPE_PEM) != 1 ||
	    SSL_CTX_use_PrivateKey_file(server, pem, SSL_FILETYPE_PEM) != 1)
		fail(pem);
}

static void shake_hands(void)
{
	struct pair pair;

	pair_open(&pair, server, client, NULL);
	pair_shake_hands(&pair);
	pair_close(&pair);
}

/* --- addresses that are never used again ------------------------------------------------- */

enum {
	CHUNK = 1 << 20, /* bytes: of more than a connection, of less than what caches hold */
	ALIGN = 16,
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char *chunk; /* its first word counts what lives in it, and one while it is filled */
static size_t filled;

static size_t *living(void *address)
{
	return (size_t *)((uintptr_t)address & ~(uintptr_t)(CHUNK - 1));
}

/* What an empty chunk had goes back to the system; its addresses stay taken. */
static void living_less(size_t *count)
{
	if (--*count == 0)
		madvise(count, CHUNK, MADV_DONTNEED);
}

static void chunk_make(void)
{
	static char *next, *end; /* addresses that were reserved */

	if (chunk != NULL)
		living_less(living(chunk));
	if (next == end) {
		size_t size = (size_t)1 << 36;

		next = mmap(NULL, size, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
		if (next == MAP_FAILED)
			fail("no addresses");
		end = next + size;
		next = (char *)(((uintptr_t)next + CHUNK - 1) & ~(uintptr_t)(CHUNK - 1));
		end = (char *)((uintptr_t)end & ~(uintptr_t)(CHUNK - 1));
	}
	chunk = next;
	next += CHUNK;
	filled = ALIGN;
	*living(chunk) = 1;
}

/* Its size is kept before it. */
static void *fresh_malloc(size_t size, const char *file, int line)
{
	size_t room = (size + ALIGN - 1) / ALIGN * ALIGN + ALIGN;
	char *address;

	(void)file, (void)line;
	if (room > CHUNK - ALIGN) /* none of a connection's */
		fail("too much at once");
	pthread_mutex_lock(&lock);
	if (chunk == NULL || room > CHUNK - filled)
		chunk_make();
	address = chunk + filled + ALIGN;
	filled += room;
	++*living(address);
	pthread_mutex_unlock(&lock);
	((size_t *)address)[-1] = size;
	return address;
}

static void fresh_free(void *address, const char *file, int line)
{
	(void)file, (void)line;
	if (address == NULL)
		return;
	pthread_mutex_lock(&lock);
	living_less(living(address));
	pthread_mutex_unlock(&lock);
}

static void *fresh_realloc(void *address, size_t size, const char *file, int line)
{
	void *moved = fresh_malloc(size, file, line);

	if (address != NULL) {
		size_t had = ((size_t *)address)[-1];

		memcpy(moved, address, had < size ? had : size);
		fresh_free(address, file, line);
	}
	return moved;
}

/* A handshake a thousand connections: it is what the counts and the last word are for. */
static void addresses(const char *pem, long step, long steps)
{
	long before = 0;

	if (CRYPTO_set_mem_functions(fresh_malloc, fresh_realloc, fresh_free) != 1)
		fail("libcrypto keeps its allocator");
	contexts_make(pem);
	shake_hands();
	for (long i = 0; i < steps; i++) {
		uint64_t begin = nanoseconds(CLOCK_PROCESS_CPUTIME_ID);

		for (long j = 0; j < step; j++) {
			SSL *ssl = SSL_new(server);

			if (ssl == NULL)
				fail("no connection");
			SSL_set_accept_state(ssl);
			SSL_free(ssl);
			if (j % 1000 == 0)
				shake_hands();
		}
		begin = nanoseconds(CLOCK_PROCESS_CPUTIME_ID) - begin;
		if (i == 0)
			before = private_bytes();
		printf("connections %ld nanoseconds %lu bytes %ld options %lx\n", (i + 1) * step,
		       (unsigned long)(begin / (uint64_t)step), private_bytes() - before,
		       (unsigned long)SSL_CTX_get_options(server));
		fflush(stdout);
	}
}

/* --- threads, and children --------------------------------------------------------------- */

static void *work(void *rounds)
{
	for (long i = 0; i < *(long *)rounds; i++)
		shake_hands();
	return NULL;
}

static void threads(long count, long rounds)
{
	pthread_t *all = calloc((size_t)count, sizeof(*all));
	uint64_t begin = nanoseconds(CLOCK_PROCESS_CPUTIME_ID);

	if (all == NULL)
		fail("no memory");
	for (long i = 0; i < count; i++)
		if (pthread_create(&all[i], NULL, work, &rounds) != 0)
			fail("no thread");
	for (long i = 0; i < count; i++)
		pthread_join(all[i], NULL);
	printf("threads %ld nanoseconds %lu bytes %ld\n", count,
	       (unsigned long)((nanoseconds(CLOCK_PROCESS_CPUTIME_ID) - begin) /
			       (uint64_t)(count * rounds)),
	       private_bytes());
	free(all);
}

/* Waits until all have shaken hands, so that they live together, and tells its bytes. */
static _Noreturn void child(long rounds, const int go[2], int told)
{
	char byte;
	long bytes;

	close(go[1]);
	work(&rounds);
	if (write(told, &(long){0}, sizeof(long)) != sizeof(long))
		_exit(1);
	while (read(go[0], &byte, 1) > 0)
		;
	bytes = private_bytes();
	_exit(write(told, &bytes, sizeof(bytes)) == sizeof(bytes) ? 0 : 1);
}

static long told_by_all(int told, long count)
{
	long sum = 0, bytes;

	for (long i = 0; i < count; i++) {
		if (read(told, &bytes, sizeof(bytes)) != sizeof(bytes))
			fail("a child ended");
		sum += bytes;
	}
	return sum;
}

static void children(long count, long rounds)
{
	int go[2], told[2], status;
	struct rusage used;
	uint64_t spent;
	long bytes;

	if (pipe(go) != 0 || pipe(told) != 0)
		fail("no pipe");
	fflush(stdout);
	for (long i = 0; i < count; i++) {
		pid_t pid = fork();

		if (pid < 0)
			fail("no child");
		if (pid == 0)
			child(rounds, go, told[1]);
	}
	close(told[1]);
	told_by_all(told[0], count);
	close(go[1]);
	bytes = told_by_all(told[0], count);
	for (long i = 0; i < count; i++)
		if (wait(&status) < 0 || status != 0)
			fail("a child failed");
	getrusage(RUSAGE_CHILDREN, &used);
	spent = (uint64_t)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000000u +
		(uint64_t)(used.ru_utime.tv_usec + used.ru_stime.tv_usec);
	printf("children %ld nanoseconds %lu bytes %ld\n", count,
	       (unsigned long)(spent * 1000 / (uint64_t)(count * rounds)), bytes / count);
}

int main(int argc, char **argv)
{
	long count, rounds;

	if (argc != 5)
		fail("usage: crowd PEM addresses STEP STEPS | threads COUNT ROUNDS | "
		     "children COUNT ROUNDS");
	count = atol(argv[3]);
	rounds = atol(argv[4]);
	if (strcmp(argv[2], "addresses") == 0) {
		addresses(argv[1], count, rounds);
		return 0;
	}
	contexts_make(argv[1]);
	shake_hands(); /* fetches algorithms, makes tables */
	if (strcmp(argv[2], "threads") == 0)
		threads(count, rounds);
	else if (strcmp(argv[2], "children") == 0)
		children(count, rounds);
	else
		fail(argv[2]);
	return 0;
}
