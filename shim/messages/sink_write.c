/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "messages/sink.h"

#include <errno.h>
#include <time.h>
#include <unistd.h>

static const int write_signals[] = {SIGPIPE, SIGXFSZ, SIGTTOU};

/* Makes @set of the write_signals that are not in @without; returns whether one was left out. */
static bool signals_of(sigset_t *set, const sigset_t *without)
{
	bool left_out = false;

	sigemptyset(set);
	for (size_t i = 0; i < sizeof(write_signals) / sizeof(write_signals[0]); i++) {
		if (sigismember(without, write_signals[i]) == 1)
			left_out = true;
		else
			sigaddset(set, write_signals[i]);
	}
	return left_out;
}

void signals_hold(struct held_signals *held)
{
	sigset_t raised, ours;

	sigemptyset(&held->pending);
	signals_of(&raised, &held->pending);
	/*
	 * On Linux this is the thread's mask; pthread_sigmask has a new symbol version in glibc
	 * 2.32.
	 */
	sigprocmask(SIG_BLOCK, &raised, &held->before);
	/*
	 * A signal that was not blocked cannot be pending: then spare the call, for seccomp
	 * filters.
	 */
	if (signals_of(&ours, &held->before))
		sigpending(&held->pending);
}

void signals_release(const struct held_signals *held, bool raised)
{
	static const struct timespec at_once = {0, 0};
	int saved_errno = errno;
	sigset_t ours;

	if (raised) {
		signals_of(&ours, &held->pending);
		sigtimedwait(&ours, NULL, &at_once);
	}
	sigprocmask(SIG_SETMASK, &held->before, NULL);
	errno = saved_errno;
}

bool write_whole(int fd, const char *text, size_t len)
{
	struct held_signals held;
	ssize_t written;

	signals_hold(&held);
	written = write(fd, text, len);
	signals_release(&held, written < 0 && (errno == EPIPE || errno == EFBIG));
	if (written >= 0 && (size_t)written < len)
		errno = EAGAIN;
	return written == (ssize_t)len;
}
