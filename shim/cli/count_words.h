/* SPDX-License-Identifier: MIT
 *
 * count_words: what is counted, in words: names, numbers, times, and what would change.  What is a
 * char * is to be freed; the rest is constant.
 */
#ifndef SSLHARDEN_COUNT_WORDS_H
#define SSLHARDEN_COUNT_WORDS_H

#include "servers.h"

/* By their places in struct counts: of a version, a kind of cipher, a setting as it is set. */
const char *count_version(int version);
const char *count_class(int class);
const char *count_setting(int stricter);

/* A cause of refusals, for people; its label for programs has no space. */
const char *count_cause(int cause);
const char *count_cause_label(int cause);

/* Whether a setting is in force already. */
bool setting_in_force(const struct server *server, int stricter);

/*
 * What a setting would change: "would have refused 3 of 12,034 handshakes (0.02 %) since ...", and
 * as far as what was looked at.
 */
char *stricter_text(const struct server *server, int stricter);

extern const char count_living[]; /* what to say of a server with parts */

/* "12,034" */
char *number_text(int64_t number);

/* "2026-11-20 09:14", local time; @seconds since 1970, 0: not known */
char *time_text(int64_t seconds);

/* Of a hundred; 0 where there is no whole. */
double percent_of(int64_t part, int64_t whole);

#endif
