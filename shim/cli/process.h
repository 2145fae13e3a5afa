/* SPDX-License-Identifier: MIT
 *
 * process: what proc(5) tells of a running process.
 */
#ifndef SSLHARDEN_PROCESS_H
#define SSLHARDEN_PROCESS_H

#include <sys/types.h>

#include "cli.h"
#include "sslharden/config.h"

struct process {
	pid_t pid, parent;
	char *name; /* as ps(1) shows it */
	char *folder; /* of /proc, where its files can be read */
	char *library; /* the mapped libsslharden.so, NULL: none */
	char *libssl; /* the mapped libssl, NULL: none */
	bool is_secure; /* AT_SECURE: its environment's LD_PRELOAD was not read */
	/* What it was started with, of SSLHARDEN..., LD_PRELOAD and LD_AUDIT. */
	struct strings environment;
	/* The settings in force, as its library has them; NULL: not to be had. */
	struct config *config;
};

/* False and @why if it cannot be read. */
bool process_read(pid_t pid, struct process *process, char **why);

/* The processes that come of @pid, itself first; to be freed, ended by 0. */
pid_t *process_family(pid_t pid);

#endif
