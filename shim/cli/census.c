/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "census.h"

#include <stdio.h>
#include <stdlib.h>

#include "processes.h"
#include "status_print.h"

/* What stands below the lines. */
struct sums {
	size_t active, not_active, unknown;
	size_t unread; /* of the unknown: there is no line of them */
	size_t without; /* have the library, and no libssl */
	size_t startable; /* not active, and not because they were told so */
	size_t mistaken; /* have settings that could not be read */
};

static void sums_print(const struct sums *sums)
{
	size_t all = sums->active + sums->not_active + sums->unknown - sums->unread;

	if (all == 0)
		puts("no process here has a libssl");
	else
		printf("%zu of %zu active\n", sums->active, all);
	if (sums->mistaken > 0)
		puts("What could not be read, and what is in force instead: sslharden status PID");
	if (sums->without > 0)
		printf("%zu more ha%s the library, and no libssl yet\n", sums->without,
		       sums->without == 1 ? "s" : "ve");
	if (sums->startable > 0)
		puts("The others: start them by sslharden run, or by the recipe for how they are "
		     "started\n(docs/DEPLOYMENT.md); sslharden check PROGRAM tells whether that "
		     "can work.");
	if (sums->unread > 0)
		printf("%zu more cannot be read; %s\n", sums->unread, process_reader());
}

static void sums_add(struct sums *sums, enum state state)
{
	*(state == READY                 ? &sums->without
	  : state_activity(state) == YES ? &sums->active
	  : state_activity(state) == NO  ? &sums->not_active
					 : &sums->unknown) += 1;
	sums->startable += state_activity(state) == NO && state != AUDIT && state != SWITCHED_OFF;
}

static void one_of_all(pid_t pid, bool json, struct sums *sums)
{
	struct process process;
	struct standing standing;
	char *why;

	if (!process_read(pid, &process, &why)) {
		bool is_unread = process.folder != NULL && processes_is_there(pid);

		sums->unknown += is_unread;
		sums->unread += is_unread;
		return;
	}
	if (process.library != NULL || process.libssl != NULL) {
		standing = standing_of(&process);
		if (standing.state != READY)
			(json ? status_print_json : status_print_line)(&process, &standing);
		sums_add(sums, standing.state);
		sums->mistaken += standing.state != READY && standing.complaints.count > 0;
	}
	process_end(&process);
}

enum activity census(bool json)
{
	pid_t *all = processes_all();
	struct sums sums = {0};

	if (all[0] == 0) {
		cli_error("status: /proc tells of no process: it is not mounted");
		return UNKNOWN;
	}
	for (size_t i = 0; all[i] != 0; i++)
		one_of_all(all[i], json, &sums);
	free(all);
	if (!json)
		sums_print(&sums);
	return sums.not_active > 0 ? NO
	       : sums.unknown > 0  ? UNKNOWN
	       : sums.active > 0   ? YES
				   : NOTHING;
}
