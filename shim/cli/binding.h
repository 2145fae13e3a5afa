/* SPDX-License-Identifier: MIT
 *
 * binding: whether a process's calls of libssl come to the library, as the addresses in its
 * memory tell.  That the library is mapped proves nothing: one that was opened late by dlopen
 * is mapped too, and so is one beside a module opened with RTLD_DEEPBIND.
 */
#ifndef SSLHARDEN_BINDING_H
#define SSLHARDEN_BINDING_H

#include "process.h"

enum bound {
	BOUND, /* a call comes to us, or would: we are first where the loader looks */
	BOUND_NOT, /* it looks elsewhere first */
	BOUND_UNPROVED, /* no call was bound yet, and the loader's list cannot be read */
};

struct binding {
	enum bound bound;
	char *proof; /* of BOUND, one line */
	bool is_by_lookup; /* it is a dlsym that comes to us */
	struct strings passing; /* what calls libssl past us, a line each */
};

/* The files of @process's maps have been read. */
void binding_find(const struct process *process, struct binding *binding);

#endif
