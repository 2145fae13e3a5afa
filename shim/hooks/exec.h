/* SPDX-License-Identifier: MIT */
#ifndef SSLHARDEN_EXEC_H
#define SSLHARDEN_EXEC_H

/* This process has a context that may serve: from now on its own file gets what was given to it. */
void exec_serves(void);

#endif
