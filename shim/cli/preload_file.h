/* SPDX-License-Identifier: MIT
 *
 * preload_file: what /etc/ld.so.preload names (ld.so(8)), which secure execution heeds too.
 */
#ifndef SSLHARDEN_PRELOAD_FILE_H
#define SSLHARDEN_PRELOAD_FILE_H

#include "cli.h"

/*
 * Its names, with spaces or colons between and without remarks (#), below @root, "" for our own;
 * none if it cannot be read.
 */
void preload_file_words(const char *root, struct strings *words);

/* The one of them that is a libsslharden.so, to be freed; NULL: none is. */
char *preload_file_ours(const char *root);

#endif
