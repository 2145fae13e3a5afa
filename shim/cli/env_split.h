/* SPDX-License-Identifier: MIT
 *
 * env_split: the words that env -S makes of one, as GNU's env(1) has it (coreutils 8.30).
 */
#ifndef SSLHARDEN_ENV_SPLIT_H
#define SSLHARDEN_ENV_SPLIT_H

#include "cli.h"

/*
 * Adds the words of @text to @words: quotes and escapes are read, ${NAME} is this process's
 * variable, and # begins a comment.
 *
 * Returns false where env would complain; some of the words may have been added then.
 */
bool env_split(const char *text, struct strings *words);

#endif
