/* SPDX-License-Identifier: MIT
 *
 * starter: what programs that start another one, env(1) and its like, make of the environment
 * that the library lives on, as far as their words tell.
 */
#ifndef SSLHARDEN_STARTER_H
#define SSLHARDEN_STARTER_H

#include "cli.h"

struct start {
	char *program; /* the first that is not env itself; NULL: there is none */
	const char *search; /* the PATH that it is looked for in, NULL: it has none */
	struct strings hidden; /* what takes the library or a setting away, a line each */
	char *why; /* NULL, or why it cannot be started */
};

/*
 * Follows one program that starts another to the next, up to one that is not known as such.
 *
 * @start  its search is PATH as it is before; the rest is filled in, and not given back
 * @words  the first program's name and its arguments
 */
void starter_follow(struct start *start, struct strings words);

#endif
