/* SPDX-License-Identifier: MIT
 *
 * Many contexts, threads, and libssl images, for growth.py and size.py:
 *   growth LIBSSL[,LIBSSL...] contexts COUNT...  makes that many, in steps, and tells of each
 *   growth LIBSSL[,LIBSSL...] threads COUNT ROUNDS
 *   growth LIBSSL[,LIBSSL...] hold               keeps a context and a connection, until its
 *                                                standard input ends
 * Each libssl is opened by itself, as plugins open theirs, and called by what dlsym answers.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { IMAGES_MAX = 4, SAMPLES = 2000, CONNECTIONS = 10 };

struct image {
	const void *(*TLS_server_method)(void);
	void *(*SSL_CTX_new)(const void *);
	void (*SSL_CTX_free)(void *);
	void *(*SSL_new)(void *);
	void (*SSL_set_accept_state)(void *);
	void (*SSL_free)(void *);
	unsigned long (*SSL_CTX_get_options)(const void *);
};

static struct image images[IMAGES_MAX];
static size_t image_count;

static _Noreturn void fail(const char *what)
{
	fprintf(stderr, "growth: %s\n", what);
	exit(1);
}

#include "process.h"

static void image_open(const char *path)
{
	struct image *image = &images[image_count++];
	static const char *const names[] = {
		"TLS_server_method",    "SSL_CTX_new", "SSL_CTX_free",       "SSL_new",
		"SSL_set_accept_state", "SSL_free",    "SSL_CTX_get_options"};
	void **slot = (void *)image;
	void *handle;

	if (image_count > IMAGES_MAX)
		fail("too many images");
	handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (handle == NULL)
		fail(dlerror());
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		slot[i] = dlsym(handle, names[i]);
		if (slot[i] == NULL)
			fail(names[i]);
	}
}

static void *context_new(const struct image *image)
{
	void *ctx = image->SSL_CTX_new(image->TLS_server_method());

	if (ctx == NULL)
		fail("no context");
	return ctx;
}

static void connect_once(const struct image *image, void *ctx)
{
	void *ssl = image->SSL_new(ctx);

	if (ssl == NULL)
		fail("no connection");
	image->SSL_set_accept_state(ssl);
	image->SSL_free(ssl);
}

/* --- contexts ---------------------------------------------------------------------------- */

/* Connections of contexts taken from all over: nanoseconds for one. */
static uint64_t connections(void **contexts, size_t count)
{
	uint64_t begin = nanoseconds(CLOCK_PROCESS_CPUTIME_ID);

	for (size_t i = 0; i < SAMPLES; i++) {
		size_t place = i * 2654435761u % count; /* spread, and the same each time */

		connect_once(&images[place % image_count], contexts[place]);
	}
	return (nanoseconds(CLOCK_PROCESS_CPUTIME_ID) - begin) / SAMPLES;
}

/* COUNT...: cumulative.  The first context of each image is made before, and not counted. */
static void grow(int argc, char **argv)
{
	size_t most = strtoul(argv[argc - 1], NULL, 10), made = 0;
	void **contexts = calloc(most, sizeof(*contexts));
	long before;

	if (contexts == NULL)
		fail("no memory");
	memset(contexts, 1, most * sizeof(*contexts)); /* its pages are not a context's */
	for (size_t i = 0; i < image_count; i++)
		connect_once(&images[i], context_new(&images[i]));
	before = private_bytes();
	for (int i = 0; i < argc; i++) {
		size_t target = strtoul(argv[i], NULL, 10), since = made;
		uint64_t begin = nanoseconds(CLOCK_PROCESS_CPUTIME_ID), spent;

		for (; made < target; made++)
			contexts[made] = context_new(&images[made % image_count]);
		spent = nanoseconds(CLOCK_PROCESS_CPUTIME_ID) - begin;
		printf("contexts %zu nanoseconds %lu bytes %ld connection %lu options %lx\n", made,
		       (unsigned long)(spent / (made - since)), private_bytes() - before,
		       (unsigned long)connections(contexts, made),
		       images[0].SSL_CTX_get_options(contexts[0]));
	}
	free(contexts); /* what it has stays */
}

/* --- threads ----------------------------------------------------------------------------- */

static void *shared; /* a context that all threads make connections of */

static void *work(void *rounds)
{
	for (long i = 0; i < *(long *)rounds; i++) {
		void *own = context_new(&images[0]);

		for (int j = 0; j < CONNECTIONS; j++) {
			connect_once(&images[0], own);
			connect_once(&images[0], shared);
		}
		images[0].SSL_CTX_free(own);
	}
	return NULL;
}

static void together(long count, long rounds)
{
	pthread_t *threads = calloc((size_t)count, sizeof(*threads));
	uint64_t cpu, wall;

	if (threads == NULL)
		fail("no memory");
	shared = context_new(&images[0]);
	connect_once(&images[0], shared);
	cpu = nanoseconds(CLOCK_PROCESS_CPUTIME_ID);
	wall = nanoseconds(CLOCK_MONOTONIC);
	for (long i = 0; i < count; i++)
		if (pthread_create(&threads[i], NULL, work, &rounds) != 0)
			fail("no thread");
	for (long i = 0; i < count; i++)
		pthread_join(threads[i], NULL);
	printf("threads %ld cpu %lu wall %lu\n", count,
	       (unsigned long)((nanoseconds(CLOCK_PROCESS_CPUTIME_ID) - cpu) /
			       (uint64_t)(count * rounds)),
	       (unsigned long)((nanoseconds(CLOCK_MONOTONIC) - wall) / (uint64_t)(count * rounds)));
	free(threads);
}

static void hold(void)
{
	void *ssl = images[0].SSL_new(context_new(&images[0]));
	char byte;

	images[0].SSL_set_accept_state(ssl);
	puts("ready");
	fflush(stdout);
	while (read(0, &byte, 1) > 0)
		;
}

int main(int argc, char **argv)
{
	if (argc < 3)
		fail("usage: growth LIBSSL[,LIBSSL...] contexts COUNT... | threads COUNT ROUNDS | "
		     "hold");
	for (char *path = strtok(argv[1], ","); path != NULL; path = strtok(NULL, ","))
		image_open(path);
	if (strcmp(argv[2], "contexts") == 0 && argc > 3)
		grow(argc - 3, argv + 3);
	else if (strcmp(argv[2], "threads") == 0 && argc == 5)
		together(atol(argv[3]), atol(argv[4]));
	else if (strcmp(argv[2], "hold") == 0)
		hold();
	else
		fail(argv[2]);
	return 0;
}
