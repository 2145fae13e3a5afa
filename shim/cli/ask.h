/* SPDX-License-Identifier: MIT
 *
 * ask: a server of this machine is asked as clients do.
 */
#ifndef SSLHARDEN_ASK_H
#define SSLHARDEN_ASK_H

#include <netinet/in.h>

#include "starttls.h"
#include "tls_hello.h"

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

struct target {
	union address address;
	const struct starttls *starttls; /* NULL: TLS from the first byte on */
	const char *name; /* that a client asks for, NULL: none */
	long time; /* milliseconds, in which an answer has to come */
};

/* A connection, -1: none. */
int ask_connect(const union address *address, long until);

/* A hello is sent, and its answer read.  The connection, to be closed; -1: there is none. */
int ask(const struct target *target, const struct hello *hello, struct reply *reply);

#endif
