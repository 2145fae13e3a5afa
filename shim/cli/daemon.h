/* SPDX-License-Identifier: MIT
 *
 * daemon: a server is started, waited for, and stopped, with all that comes of it: who becomes
 * an orphan becomes ours (PR_SET_CHILD_SUBREAPER), whatever session or group it went to.
 */
#ifndef SSLHARDEN_DAEMON_H
#define SSLHARDEN_DAEMON_H

#include "ask.h"

enum { ADDRESSES_MAX = 32 };

/* In a process that does nothing else, and whose end at @parent's is seen to. */
void daemon_prepare(pid_t parent);

/* @output: where its standard output and error go.  False and errno. */
bool daemon_start(char **argv, int output);

/*
 * Until it takes a connection to @port, on a loopback address or one of the host's.  False and
 * @why: it has ended, or has not within the time.
 */
bool daemon_await(unsigned int port, long until, struct target *target, char **why);

/* Whether somebody has the port. */
bool daemon_port_is_taken(unsigned int port);

/* Ends it and all that came of it.  How many are left: not ours to end. */
size_t daemon_stop(void);

#endif
