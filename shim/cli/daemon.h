/* SPDX-License-Identifier: MIT
 *
 * daemon: starts a server, waits until it listens, and stops it with all of its descendants:
 * orphans become children of this process (PR_SET_CHILD_SUBREAPER), whatever session or group they
 * are in.
 */
#ifndef SSLHARDEN_DAEMON_H
#define SSLHARDEN_DAEMON_H

#include "ask.h"

enum { ADDRESSES_MAX = 32 };

/* To be called in a process that does nothing else; it will end when @parent ends. */
void daemon_prepare(pid_t parent);

/*
 * @output  descriptor for its standard output and error.  Returns false, with errno set, on
 * failure.
 */
bool daemon_start(char **argv, int output);

/*
 * Waits until it accepts a connection to @port on a loopback address or another one of the host.
 *
 * @until   by when (patience_now)
 * @target  gets the address
 *
 * Returns false, and *why (to be freed), if it has ended or has not done so in time; then with the
 * ports that it listens on instead.
 */
bool daemon_await(unsigned int port, long until, struct target *target, char **why);

/* Whether a process listens on the port already. */
bool daemon_port_is_taken(unsigned int port);

/* Ends the server and its descendants.  Returns how many are left, which may not be ended. */
size_t daemon_stop(void);

#endif
