/* SPDX-License-Identifier: MIT
 *
 * enclosure: a network and a /run of its own for this process and those that it starts, so that
 * the same server may run here besides: its port, its PID file and its sockets are not touched.
 *
 * No process namespace: servers look whether the process in a lock file lives before they open
 * their data a second time, and would see none.
 */
#ifndef SSLHARDEN_ENCLOSURE_H
#define SSLHARDEN_ENCLOSURE_H

#include <stdbool.h>

/* False and @why: not here, or not for this user; the process is good for nothing else then. */
bool enclosure_enter(char **why);

#endif
