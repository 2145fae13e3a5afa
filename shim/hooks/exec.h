/* SPDX-License-Identifier: MIT */
#ifndef SSLHARDEN_EXEC_H
#define SSLHARDEN_EXEC_H

/*
 * Remembers which file the process runs, once: later there may be no /proc, or a filter that kills
 * who asks.  errno is left as found.
 */
void exec_remember(void);

/*
 * This process has a context that may serve: when it executes its own file from now on, the
 * settings that its new environment lacks are added.  Safe from any thread; errno is left as found.
 */
void exec_serves(void);

#endif
