/* SPDX-License-Identifier: MIT
 *
 * env: what env(1) makes of the environment, as its words tell.
 */
#ifndef SSLHARDEN_ENV_H
#define SSLHARDEN_ENV_H

#include "starter.h"

/*
 * @start  gets a line for each thing that env takes away, the PATH that it leaves, and why it
 *         starts nothing if its words are not understood
 * @words  env's name and arguments; afterwards those of what it starts, none if it starts nothing
 */
void env_follow(struct start *start, struct strings *words);

#endif
