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

/* @words: a program's name and its arguments.  @start->search is PATH before. */
void starter_follow(struct start *start, struct strings words);

#endif
