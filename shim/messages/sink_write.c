/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "messages/sink.h"

#include <errno.h>
#include <signal.h>

/* Those that a write may raise. */
static kernel_signals write_signals(void)
{
	return kernel_signal(SIGPIPE) | kernel_signal(SIGXFSZ) | kernel_signal(SIGTTOU);
}

void signals_hold(struct held_signals *held)
{
	kernel_signals ours = write_signals();

	kernel_sigprocmask(SIG_BLOCK, &ours, &held->before);
	/*
	 * A signal that was not blocked cannot be pending: then spare the call, for seccomp
	 * filters.
	 */
	held->pending = (held->before & ours) == 0 ? 0 : kernel_sigpending();
}

void signals_release(const struct held_signals *held, bool raised)
{
	int saved_errno = errno;

	if (raised)
		kernel_sigtake(write_signals() & ~held->pending);
	kernel_sigprocmask(SIG_SETMASK, &held->before, NULL);
	errno = saved_errno;
}

bool write_whole(int fd, const char *text, size_t len)
{
	struct held_signals held;
	ssize_t written;

	signals_hold(&held);
	written = kernel_write(fd, text, len);
	signals_release(&held, written < 0 && (errno == EPIPE || errno == EFBIG));
	if (written >= 0 && (size_t)written < len)
		errno = EAGAIN;
	return written == (ssize_t)len;
}
