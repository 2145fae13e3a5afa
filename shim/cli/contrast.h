/* SPDX-License-Identifier: MIT
 *
 * contrast: compares two measurements of a server, in a row for each question.  Pure.
 */
#ifndef SSLHARDEN_CONTRAST_H
#define SSLHARDEN_CONTRAST_H

#include "cli.h"
#include "contrast_judge.h"

struct row {
	const char *name, *word; /* of the row: for people, and for JSON */
	char *before, *after; /* what was measured, in words */
	const struct reply *bare, *hardened; /* NULL: the row is made of more than one answer */
	enum change change;
};

enum { ROW_COUNT = 14 };

/*
 * @config  the settings of the hardened one
 * @rows    filled in; they point into @bare and @hardened, which have to stay
 * @faults  takes a line for each thing that got weaker or was lost, and where @config is an
 *          audit's, that changed
 */
void contrast(const struct measured *bare, const struct measured *hardened,
	      const struct config *config, struct row rows[ROW_COUNT], struct strings *faults);

/* "", "changed", "stronger", "weaker", "lost" */
const char *change_name(enum change change);

#endif
