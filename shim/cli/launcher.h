/* SPDX-License-Identifier: MIT
 *
 * launcher: programs that start another one and are not env(1): which words of theirs are its, and
 * whether they leave it the environment.
 */
#ifndef SSLHARDEN_LAUNCHER_H
#define SSLHARDEN_LAUNCHER_H

#include "elf_file.h"
#include "starter.h"

struct launcher;

/* The one that has that base name; NULL: it is none that is known.  Constant. */
const struct launcher *launcher_find(const char *program);

/*
 * @start  gets a line if the environment is cleared on the way
 * @words  the launcher's name and arguments; afterwards those of what it starts, none if that is
 *         not among its words
 */
void launcher_follow(struct start *start, const struct launcher *launcher, struct strings *words);

/*
 * What stands between a statically linked program that starts others, as containers' first
 * processes do, and the name of what it starts: " USER", " --".  " ..." for one that is not known,
 * but can start others and has no TLS of its own.  NULL: it starts nobody, or has its own business.
 */
const char *launcher_words(const struct elf_file *program);

#endif
