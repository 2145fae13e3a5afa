/* SPDX-License-Identifier: MIT
 *
 * patience: waiting that a signal ends.  Signals are blocked but for the waits, so that none
 * comes between the look at what has arrived and the wait for more.
 */
#ifndef SSLHARDEN_PATIENCE_H
#define SSLHARDEN_PATIENCE_H

#include <signal.h>
#include <stdbool.h>

/* The signals that end the command, each of which patience_signal stands for from then on. */
void patience_begin(void (*also)(int));

/* The one that came, 0: none. */
int patience_signal(void);

/* What a child is to have before its exec: the signals as they were. */
void patience_end(void);

long patience_now(void); /* milliseconds */

/*
 * Until @fd is ready for @events (poll(2)), a child ended, a signal came, or @until.  True if
 * it is ready.  @fd -1: nothing but the rest.
 */
bool patience_wait(int fd, short events, long until);

#endif
