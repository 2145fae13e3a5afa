/* SPDX-License-Identifier: MIT
 *
 * names: walks over a list of OpenSSL's: suites, TLS 1.3's suites, or groups.  Pure.
 *
 *     for (size_t len; (len = name_next(&at)) != 0; at += len)
 */
#ifndef SSLHARDEN_NAMES_H
#define SSLHARDEN_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/*
 * Moves to the next word, and returns its length; 0: there is none.  From 3.5 on groups are kept
 * apart by "/" too, and may have marks.
 */
static inline size_t name_next(const char **at)
{
	*at += strspn(*at, ":,; /*?");
	return strcspn(*at, ":,; /");
}

/* Whether a word adds to the list, and does not take away or sort. */
static inline bool name_adds(const char *word)
{
	return strchr("!-+@", word[0]) == NULL;
}

#endif
