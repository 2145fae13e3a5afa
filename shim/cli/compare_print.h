/* SPDX-License-Identifier: MIT
 *
 * compare_print: what "sslharden compare" prints: its result on standard output, and on standard
 * error why there is none.
 */
#ifndef SSLHARDEN_COMPARE_PRINT_H
#define SSLHARDEN_COMPARE_PRINT_H

#include "contrast.h"
#include "visit.h"

struct comparison {
	struct row rows[ROW_COUNT];
	struct strings faults; /* what got weaker, or is not as asked: a line each */
	struct strings unknown; /* what is not verified, likewise */
	bool serves; /* a client is served, bare or hardened */
};

/* As text, with colors on a terminal. */
void compare_print_text(const struct comparison *comparison);

/* @config: the settings of the hardened start */
void compare_print_json(const struct request *request, const struct config *config,
			const struct comparison *comparison);

/*
 * Why a start could not be measured, and the last lines of what the server said.
 *
 * @how   which start: "bare", "hardened"
 * @told  by the process that started it
 */
void compare_print_failure(const struct request *request, const char *how,
			   const struct visit *told);

#endif
