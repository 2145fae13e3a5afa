/* SPDX-License-Identifier: MIT
 *
 * enclosure: gives this process and those that it starts a network and a /run of their own, so that
 * the server can be started although it runs already: port, PID file and sockets of that one are
 * not used.
 *
 * There is no PID namespace: before servers open their data a second time they look whether the
 * process in a lock file lives, and in a namespace they would not see it.
 */
#ifndef SSLHARDEN_ENCLOSURE_H
#define SSLHARDEN_ENCLOSURE_H

#include <stdbool.h>

#include "cli.h"

/*
 * @folders  likewise of their own
 *
 * Returns false, and *why, if the kernel or the user's rights do not allow it; then the process
 * must end.
 */
bool enclosure_enter(const struct strings *folders, char **why);

#endif
