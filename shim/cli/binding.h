/* SPDX-License-Identifier: MIT
 *
 * binding: finds out from the addresses in a process's memory whether its calls of libssl go to the
 * library.  That the library is mapped does not prove it: it may have been opened late by dlopen,
 * or a module may have been opened with RTLD_DEEPBIND.
 */
#ifndef SSLHARDEN_BINDING_H
#define SSLHARDEN_BINDING_H

#include "process.h"

enum bound {
	BOUND, /* a call goes to the library, or would: it is the first that the loader searches */
	BOUND_NOT, /* the loader searches another one first */
	BOUND_UNPROVED, /* no call is bound yet, and the loader's list cannot be read */
};

struct binding {
	enum bound bound;
	char *proof; /* for BOUND: a line */
	bool is_by_lookup; /* what goes to the library is dlsym */
	struct strings passing; /* a line for each module that calls libssl past the library */
};

/* @process  the files of its maps have been read (maps_files_read) */
void binding_find(const struct process *process, struct binding *binding);

#endif
