/* SPDX-License-Identifier: MIT
 *
 * preload: what /etc/ld.so.preload names (ld.so(8)), which secure execution heeds too.
 */
#ifndef SSLHARDEN_PRELOAD_H
#define SSLHARDEN_PRELOAD_H

#include "cli.h"

/*
 * Its names, with spaces or colons between and without remarks (#), below @root, "" for our own;
 * none if it cannot be read.
 */
void preload_words(const char *root, struct strings *words);

/* The one of them that is a libsslharden.so, to be freed; NULL: none is. */
char *preload_of_ours(const char *root);

#endif
