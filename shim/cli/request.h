/* SPDX-License-Identifier: MIT
 *
 * request: what a call of "sslharden compare" asks for.
 */
#ifndef SSLHARDEN_REQUEST_H
#define SSLHARDEN_REQUEST_H

#include "cli.h"
#include "starttls.h"

struct request {
	unsigned int port;
	const struct starttls *starttls; /* NULL: TLS from the first byte on */
	const char *name; /* that clients ask for, NULL: none */
	const char *library; /* its path, NULL: the one installed with this command */
	long wait; /* milliseconds that it may take to listen, and to answer */
	bool here; /* in this network, and with this /run */
	bool json;
	struct strings plugins; /* as run has them */
	struct strings own_folders; /* that are private to the server, by their paths */
	const char *spared; /* the PID file of one that runs; NULL: none was found */
	char **argv; /* the program and its arguments, ended by NULL */
};

#endif
