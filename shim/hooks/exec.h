/* SPDX-License-Identifier: MIT */
#ifndef SSLHARDEN_EXEC_H
#define SSLHARDEN_EXEC_H

/*
 * This process has a context that may serve: when it executes its own file from now on, the
 * settings that its new environment lacks are added.  Safe from any thread; errno is left as found.
 */
void exec_serves(void);

#endif
