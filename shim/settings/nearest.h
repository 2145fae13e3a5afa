/* SPDX-License-Identifier: MIT
 *
 * nearest: the known name that somebody most likely meant.  Pure.
 */
#ifndef SSLHARDEN_NEAREST_H
#define SSLHARDEN_NEAREST_H

#include <stddef.h>

/* How many letters have to change, case apart (Levenshtein); no more than 63 of each text count. */
size_t word_distance(const char *a, const char *b);

/*
 * The place of the one of @count words that is nearest to @word.
 *
 * @first   the first of them, each a text in an element of an array
 * @stride  bytes from one to the next
 */
size_t nearest_word(const char *word, const char *first, size_t stride, size_t count);

#endif
