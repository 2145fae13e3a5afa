/* SPDX-License-Identifier: MIT
 *
 * servers: what runs here under the library, the children of one master as one.
 */
#ifndef SSLHARDEN_SERVERS_H
#define SSLHARDEN_SERVERS_H

#include <sys/types.h>

#include "cli.h"
#include "counts.h"
#include "sslharden/config.h"

/* One master with its children. */
struct server {
	pid_t pid;
	const char *program; /* its process's name */
	size_t processes;
	const struct config *config; /* of its first process */
	struct counts counts;
	/*
	 * Processes that their master has executed, not only forked, count each for itself, and
	 * their counts end with them: these are those that live.  None if all processes share one
	 * page.
	 */
	struct server *parts;
	size_t part_count;
};

struct servers {
	struct server *items;
	size_t count;
	struct strings problems; /* what could not be read, and why, a line each */
};

/*
 * @words    PIDs and names of those that are meant, ended by NULL; none: all
 * @servers  filled in, and not given back
 */
void servers_find(char *const *words, struct servers *servers);

#endif
