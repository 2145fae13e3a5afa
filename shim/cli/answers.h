/* SPDX-License-Identifier: MIT
 *
 * answers: whether a file can be looked at without waiting for ever.
 */
#ifndef SSLHARDEN_ANSWERS_H
#define SSLHARDEN_ANSWERS_H

#include <stdbool.h>

/*
 * Whether the file system of @path answers within five seconds that the file is there, or is not: it
 * may be a user's own (FUSE), or a server's that is gone.  A process of its own asks, for who asks
 * may never come back, not even when it is killed.
 */
bool answers(const char *path);

#endif
