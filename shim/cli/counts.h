/* SPDX-License-Identifier: MIT
 *
 * counts: what a server has counted (memory/shared.h), as sslharden report takes it.  No number is
 * above COUNT_MAX, whatever the page says, so that sums do not overflow.  Pure.
 */
#ifndef SSLHARDEN_COUNTS_H
#define SSLHARDEN_COUNTS_H

#include <stdint.h>

#include "memory/shared.h"

#define COUNT_MAX ((int64_t)1 << 50)

/* What a stricter setting would have done. */
struct would_refuse {
	int64_t refused; /* handshakes that it would have refused */
	int64_t unsure; /* those of them for which that is not certain */
	int64_t last; /* when the last one was, in seconds since 1970; 0: never */
};

/* Numbers alone, for counts_add. */
struct counts {
	int64_t since; /* seconds since 1970 */
	int64_t contexts, resumed, certified, datagram, lost;
	int64_t served[COUNTS_VERSIONS][COUNTS_CLASSES][2]; /* [1]: with forward secrecy */
	int64_t offered[COUNTS_VERSIONS], newer[COUNTS_VERSIONS];
	int64_t refused[COUNTS_CAUSES];
	struct would_refuse
		stricter[STRICTER_COUNT]; /* of profiles: with those below their versions */
};

/* Adds what another page of the same server has. */
void counts_add(struct counts *sum, const struct counts *more);

/* Likewise of one setting. */
void would_refuse_add(struct would_refuse *sum, const struct would_refuse *more);

/* Handshakes that were served, in one version by its place among COUNTS_VERSIONS; below 0: in all. */
int64_t counts_served(const struct counts *counts, int version);

/* Those that were refused, for whatever cause. */
int64_t counts_refused(const struct counts *counts);

#endif
