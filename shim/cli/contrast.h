/* SPDX-License-Identifier: MIT
 *
 * contrast: what two measurements of a server tell, a row for each thing that was asked.  Pure.
 */
#ifndef SSLHARDEN_CONTRAST_H
#define SSLHARDEN_CONTRAST_H

#include "cli.h"
#include "questions.h"
#include "sslharden/config.h"

enum change {
	CHANGE_NONE,
	CHANGE_OTHER, /* neither better nor worse */
	CHANGE_STRONGER,
	CHANGE_WEAKER,
	CHANGE_LOST, /* no longer served, and no setting asks for that */
};

struct row {
	const char *name, *word; /* for people; for JSON */
	char *before, *after; /* in words */
	const struct reply *bare, *hardened; /* NULL: it is more than one answer's */
	enum change change;
};

enum { ROW_COUNT = 14 };

/*
 * Fills in @rows; and adds to @faults what got weaker, and what of @config is not so, a line each.
 */
void contrast(const struct measured *bare, const struct measured *hardened,
	      const struct config *config, struct row rows[ROW_COUNT], struct strings *faults);

/* "", "changed", "stronger", "weaker", "lost" */
const char *change_name(enum change change);

#endif
