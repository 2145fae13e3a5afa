/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "memory/shared.h"

#include <pthread.h>
#include <stddef.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

enum { CHILDREN = 8, TIMES = 1000 };

static void *count(void *unused)
{
	shared_page_make();
	for (int i = 0; i < TIMES; i++)
		atomic_fetch_add(&shared_page()->limits[SHARED_LIMITS - 1].untold, 1);
	return unused;
}

int main(void)
{
	struct shared_page *page;
	pthread_t thread;

	/* Another process reads it, of whatever word size. */
	CHECK(offsetof(struct shared_page, written) == 16);
	CHECK(offsetof(struct shared_page, limits) == 80);
	CHECK(offsetof(struct shared_page, counts) == 592);
	CHECK(offsetof(struct shared_page, counts.offered) == 1208);
	CHECK(offsetof(struct shared_page, counts.stricter) == 1432);
	CHECK(offsetof(struct shared_page, room) == 1600);
	CHECK(offsetof(struct shared_record, address) == 24);
	CHECK(offsetof(struct shared_record, file_way) == 32);
	CHECK(offsetof(struct shared_record, lists_asked) == 44);
	CHECK(offsetof(struct shared_record, untaken) == 48);
	CHECK(sizeof(struct shared_record) == 72);

	page = shared_page();
	CHECK(page != NULL);
	atomic_fetch_add(&page->lost, 3); /* before there is one */
	CHECK(pthread_create(&thread, NULL, count, NULL) == 0);
	shared_page_make();
	pthread_join(thread, NULL);
	page = shared_page();
	CHECK(atomic_load(&page->version) == SHARED_VERSION);
	CHECK(atomic_load(&page->lost) == 3);
	CHECK(atomic_load(&page->counts.since) != 0);
	shared_page_make();
	CHECK(shared_page() == page);

	for (int i = 0; i < CHILDREN; i++) {
		if (fork() == 0) {
			count(NULL);
			_exit(0);
		}
	}
	while (wait(NULL) > 0)
		;
	CHECK(atomic_load(&page->limits[SHARED_LIMITS - 1].untold) == (CHILDREN + 1) * TIMES);
	return check_failures != 0;
}
