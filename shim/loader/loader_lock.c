/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "loader/loader_lock.h"

#include <errno.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "memory/kernel.h"

static _Atomic int unloading; /* threads in dlclose */
static _Atomic int walking; /* threads that hold the lock, or wait for it */
static _Atomic bool is_orphaned; /* it was held by a thread that fork left in the parent */

/*
 * A page that the kernel empties in a forked child (MADV_WIPEONFORK, Linux 4.14).  It shows a fork
 * also where parent and child have the same pid: 1, each in a PID namespace of its own.
 */
static _Atomic unsigned char *witness(void)
{
	static _Atomic(_Atomic unsigned char *) page;
	_Atomic unsigned char *known = atomic_load(&page), *none = NULL;
	void *made;

	if (known != NULL)
		return known;
	made = kernel_pages(1, false);
	if (made == NULL)
		return NULL;
	known = made;
	if (syscall(SYS_madvise, made, 1L, MADV_WIPEONFORK) == 0) {
		atomic_store(known, 1);
		if (atomic_compare_exchange_strong(&page, &none, known))
			return known;
	}
	kernel_pages_free(made, 1);
	return none;
}

/* For Linux before 4.14, and qemu 7, whose madvise returns 0 and does nothing. */
static bool has_another_pid(void)
{
	static _Atomic pid_t process;
	pid_t now = kernel_getpid();
	pid_t before = atomic_load(&process);

	return before != now && atomic_compare_exchange_strong(&process, &before, now) &&
	       before != 0;
}

static void notice_a_fork(void)
{
	int saved_errno = errno;
	_Atomic unsigned char *alive = witness();
	bool was_wiped = alive != NULL && atomic_exchange(alive, 1) == 0;

	if (has_another_pid() || was_wiped) {
		atomic_store(&unloading, 0);
		if (atomic_exchange(&walking, 0) != 0)
			atomic_store(&is_orphaned, true);
	}
	errno = saved_errno;
}

void loader_unload_begins(void)
{
	notice_a_fork();
	atomic_fetch_add(&unloading, 1);
}

void loader_unload_ended(void)
{
	int before = atomic_load(&unloading);

	/* A child that was forked in the middle of a dlclose has set the number back to 0. */
	while (before > 0 && !atomic_compare_exchange_weak(&unloading, &before, before - 1))
		;
}

bool loader_is_unloading(void)
{
	if (atomic_load(&unloading) == 0)
		return false;
	notice_a_fork();
	return atomic_load(&unloading) != 0;
}

void loader_lock_taken(void)
{
	atomic_fetch_add(&walking, 1);
}

void loader_lock_released(void)
{
	atomic_fetch_sub(&walking, 1);
}

bool loader_lock_is_orphaned(void)
{
	notice_a_fork();
	return atomic_load(&is_orphaned);
}
