/* SPDX-License-Identifier: MIT
 *
 * contrast: compares two measurements of a server, in a row for each question.  Pure.
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
	CHANGE_LOST, /* is no longer served, though no setting forbids it */
};

struct row {
	const char *name, *word; /* of the row: for people, and for JSON */
	char *before, *after; /* what was measured, in words */
	const struct reply *bare, *hardened; /* NULL: the row is made of more than one answer */
	enum change change;
};

enum { ROW_COUNT = 14 };

/*
 * Fills in @rows, and adds to @faults a line for each thing that got weaker or is not as @config
 * says.
 */
void contrast(const struct measured *bare, const struct measured *hardened,
	      const struct config *config, struct row rows[ROW_COUNT], struct strings *faults);

/* Whether any client gets in, of whatever version. */
bool contrast_serves(const struct measured *measured);

/* "", "changed", "stronger", "weaker", "lost" */
const char *change_name(enum change change);

#endif
