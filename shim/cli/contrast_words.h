/* SPDX-License-Identifier: MIT
 *
 * contrast_words: what was measured of one server, in words, for a row's column.  Pure.
 *
 * Each answers a text, to be freed: what its name says, or what became of the client who asked
 * @question where that client was not served.
 */
#ifndef SSLHARDEN_CONTRAST_WORDS_H
#define SSLHARDEN_CONTRAST_WORDS_H

#include "measured.h"

char *words_of_suite(const struct measured *measured, enum question question);
char *words_of_version(const struct measured *measured, enum question question); /* and suite */
char *words_of_order(const struct measured *measured, enum question question);
char *words_of_keys(const struct measured *measured, enum question question);
char *words_of_compression(const struct measured *measured, enum question question);
char *words_of_tickets(const struct measured *measured, enum question question);

#endif
