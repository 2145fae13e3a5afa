/* SPDX-License-Identifier: MIT
 *
 * standing: whether the library is active in a process, and why it is not.
 */
#ifndef SSLHARDEN_STANDING_H
#define SSLHARDEN_STANDING_H

#include <stdbool.h>
#include <stdint.h>

#include "cli.h"
#include "process.h"

/* Whether it is active.  The more it says, the later: of two, the later one holds for both. */
enum activity {
	NOTHING, /* no libssl, for which it could be active or not */
	YES,
	UNKNOWN,
	NO, /* certain */
};

enum state {
	ACTIVE,
	READY, /* no libssl there (yet): nothing to do */
	ELSEWHERE, /* nor will there be one: its TLS is of another kind, or inside it */
	BESIDE, /* libssl is hardened; other TLS beside it may serve */
	PASSED, /* libssl is called past us */
	UNPROVED,
	SWITCHED_OFF,
	AUDIT,
	UNSEEN, /* its memory cannot be read */
	UNREAD, /* something that it has mapped cannot */
	ABSENT,
};

const char *state_name(enum state state);
enum activity state_activity(enum state state);

/* What holds for both. */
enum activity activity_of_both(enum activity a, enum activity b);

/* What one is told of a process. */
struct standing {
	enum state state;
	bool has_libssl; /* in whatever form */
	char *reason; /* why it is not active, NULL: it is */
	char *proof; /* what shows that calls come to the library */
	char *messages; /* where they go, NULL: not known */
	struct strings settings; /* in force, or else those that it was started with */
	struct strings complaints; /* settings that could not be read */
	struct strings instead; /* what is in force of those */
	struct strings unknown; /* what of them its libssl does not know */
	int64_t lost; /* messages that no place took, of the server as a whole */
};

/* Finds @process->libssl too, where it is in another file than usual. */
struct standing standing_of(struct process *process);

#endif
