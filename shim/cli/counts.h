/* SPDX-License-Identifier: MIT
 *
 * counts: what a server has counted (memory/shared.h), for sslharden report.  No number is above
 * COUNT_MAX, whatever the page says, so that sums do not overflow.
 */
#ifndef SSLHARDEN_COUNTS_H
#define SSLHARDEN_COUNTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "cli.h"
#include "memory/shared.h"
#include "sslharden/config.h"

#define COUNT_MAX ((int64_t)1 << 50)

struct verdict {
	int64_t refused; /* handshakes that a setting would have refused */
	int64_t unsure; /* those of them for which that is not certain */
	int64_t last; /* when the last one was, in seconds since 1970; 0: never */
};

struct counts {
	int64_t since; /* seconds since 1970 */
	int64_t contexts, resumed, certified, datagram, lost;
	int64_t served[COUNTS_VERSIONS][COUNTS_CLASSES][2];
	int64_t offered[COUNTS_VERSIONS], newer[COUNTS_VERSIONS];
	int64_t refused[COUNTS_CAUSES];
	struct verdict stricter[STRICTER_COUNT]; /* of profiles: with those below their versions */
};

/* One master with its children. */
struct server {
	pid_t pid;
	const char *program;
	size_t processes;
	const struct config *config; /* of its first process */
	struct counts counts;
	/*
	 * Processes that their master has executed, not only forked, count each for itself, and
	 * their counts end with them: these are those that live.  None if all processes share one
	 * page.
	 */
	struct server *parts;
	size_t part_count;
};

struct servers {
	struct server *items;
	size_t count;
	struct strings problems; /* what could not be read, and why */
};

/* Names for people; the label for OpenMetrics has no space.  NULL: there is no name. */
const char *count_version(int version);
const char *count_class(int class);
const char *count_cause(int cause);
const char *count_cause_label(int cause);
const char *count_setting(int stricter); /* as it is set */

int64_t counts_served(const struct counts *counts, int version); /* below 0: all of them */
int64_t counts_refused(const struct counts *counts);

/* Whether a setting is in force already. */
bool setting_in_force(const struct server *server, int stricter);

/*
 * The verdict of a setting: "would have refused 3 of 12,034 handshakes (0.02 %) since ...", and as
 * far as what was looked at.
 */
char *verdict_text(const struct server *server, int stricter);

extern const char count_living[]; /* what to say of a server with parts */

/* "12,034"; "2 hours ago"; "2026-11-20 09:14". */
char *number_text(int64_t number);
char *time_text(int64_t seconds);

void report_text(const struct servers *servers);
void report_json(const struct servers *servers);
void report_openmetrics(const struct servers *servers);

/* Returns false, with errno set, if the file cannot be written. */
bool report_html(const struct servers *servers, const char *path);

#endif
