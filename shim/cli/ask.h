/* SPDX-License-Identifier: MIT
 *
 * ask: connects to a server of this machine, sends a ClientHello and reads the answer.
 */
#ifndef SSLHARDEN_ASK_H
#define SSLHARDEN_ASK_H

#include <netinet/in.h>

#include "starttls.h"
#include "tls_hello.h"
#include "tls_reply.h"

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

struct target {
	union address address;
	const struct starttls *starttls; /* NULL: TLS from the first byte on */
	const char *name; /* the server name that a client sends; NULL: none */
	long time; /* milliseconds that an answer may take */
};

/* Returns a connected socket, which the caller closes, or -1. */
int ask_connect(const union address *address, long until);

/* Sends @hello and reads the answer to it.  Returns the socket, which the caller closes, or -1. */
int ask(const struct target *target, const struct hello *hello, struct reply *reply);

#endif
