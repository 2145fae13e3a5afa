/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "patience.h"

#include <poll.h>
#include <stddef.h>
#include <time.h>

static const int endings[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
enum { ENDING_COUNT = sizeof(endings) / sizeof(endings[0]) };

static volatile sig_atomic_t came;
static void (*told)(int);
static sigset_t before;

static void note(int signal)
{
	if (signal == SIGCHLD)
		return; /* it has ended the wait */
	came = signal;
	if (told != NULL)
		told(signal);
}

void patience_begin(void (*also)(int))
{
	struct sigaction action = {.sa_handler = note};
	sigset_t blocked;

	came = 0;
	told = also;
	sigemptyset(&blocked);
	for (int i = 0; i < ENDING_COUNT; i++) {
		sigaddset(&blocked, endings[i]);
		sigaction(endings[i], &action, NULL);
	}
	sigaddset(&blocked, SIGCHLD);
	sigaction(SIGCHLD, &action, NULL);
	sigprocmask(SIG_BLOCK, &blocked, &before);
}

int patience_signal(void)
{
	return came;
}

void patience_end(void)
{
	for (int i = 0; i < ENDING_COUNT; i++)
		signal(endings[i], SIG_DFL);
	signal(SIGCHLD, SIG_DFL);
	sigprocmask(SIG_SETMASK, &before, NULL);
}

long patience_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

bool patience_wait(int fd, short events, long until)
{
	struct pollfd poll = {fd, events, 0};
	long left = until - patience_now();
	struct timespec time;
	sigset_t open = before;

	/* Whoever started us may have blocked them. */
	for (int i = 0; i < ENDING_COUNT; i++)
		sigdelset(&open, endings[i]);
	sigdelset(&open, SIGCHLD);
	left = left > 0 ? left : 0;
	time = (struct timespec){left / 1000, left % 1000 * 1000000};
	return ppoll(&poll, fd >= 0, &time, &open) > 0;
}
