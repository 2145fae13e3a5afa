/* SPDX-License-Identifier: MIT
 *
 * counts_in: SSLHARDEN_COUNTS_IN, by which the processes that a master executes count in one place.
 */
#ifndef SSLHARDEN_COUNTS_IN_H
#define SSLHARDEN_COUNTS_IN_H

struct config;

/*
 * In the master that is named, makes the page that its children find; in a child of it, takes
 * that.  Called when the library is loaded, while a child has its master's rights yet.
 *
 * Returns why what was asked for is not so, a static string; NULL: it is, or nothing was asked of
 * this process.
 */
const char *counts_in_begin(const struct config *config);

#endif
