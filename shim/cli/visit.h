/* SPDX-License-Identifier: MIT
 *
 * visit: a server is started, asked and stopped, once; by a process of its own, whose children
 * the server's are.
 */
#ifndef SSLHARDEN_VISIT_H
#define SSLHARDEN_VISIT_H

#include <limits.h>

#include "questions.h"
#include "request.h"
#include "verdict.h"

enum { SAID_MAX = 2048, WHY_MAX = 512 };

enum state {
	STATE_FAILED, /* why is said */
	STATE_MEASURED,
	STATE_NOT_ENCLOSED, /* why not is said; it was not started */
};

/* What the process that starts a server tells of it, in memory that is shared with it. */
struct visit {
	enum state state;
	char why[WHY_MAX];
	char said[SAID_MAX]; /* the last of what the server printed */
	struct measured measured;
	char stranger[WHY_MAX]; /* a process of it that is not as it should be, and how */
	char libssl[WHY_MAX]; /* the file of it that a process of it has, "": none was seen */
	char program[PATH_MAX]; /* of that process, as /proc/PID/exe names it; "": likewise */
	size_t left; /* processes that could not be ended */
};

/* A signal that comes from now on ends what is visited, too. */
void visit_prepare(void);

/*
 * @verdict: what admission_find found, for a hardened start; NULL: bare
 * @told: in memory that is shared with children
 *
 * False if it could not be measured.
 */
bool visit(const struct request *request, const struct elf_file *library,
	   const struct verdict *verdict, struct visit *told);

#endif
