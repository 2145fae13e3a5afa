/* SPDX-License-Identifier: MIT
 *
 * sockets: the sockets that processes have, as /proc tells, and the ports that they listen on.
 */
#ifndef SSLHARDEN_SOCKETS_H
#define SSLHARDEN_SOCKETS_H

#include <stddef.h>
#include <sys/types.h>

enum { SOCKETS_MAX = 1024 }; /* of a process, the first ones: what it listens on is among them */

/*
 * The numbers of a process's sockets beside those that any child inherits, on descriptors 0 to 2.
 *
 * Returns how many there are, 0 too if its descriptors cannot be read.
 */
size_t sockets_of(pid_t pid, unsigned long long sockets[SOCKETS_MAX]);

/*
 * The TCP ports of this process's network that one of @pids, ended by 0, listens on: "8080, 8443",
 * to be freed.  NULL: none, or they cannot be read.
 */
char *sockets_ports(const pid_t *pids);

#endif
