/* SPDX-License-Identifier: MIT
 *
 * status_print: what "sslharden status" prints of a process, on standard output.
 */
#ifndef SSLHARDEN_STATUS_PRINT_H
#define SSLHARDEN_STATUS_PRINT_H

#include "standing.h"

/* Whose settings were printed: those of its workers, if they are the same, are not again. */
struct head {
	pid_t pid; /* 0: nobody's yet */
	struct standing standing;
};

/* The whole of it; @head, which is one family's and begins as zeros, is kept up to date. */
void status_print_text(const struct process *process, const struct standing *standing,
		       struct head *head);

/* A line. */
void status_print_line(const struct process *process, const struct standing *standing);

/* An object of JSON, in the array that was begun (json.h). */
void status_print_json(const struct process *process, const struct standing *standing);

/* The member "active" of such an object: true, false, or null where it is neither. */
void status_print_active(enum activity answer);

/*
 * One that cannot be looked at: an object of JSON, or a line on standard error.
 *
 * @process  its name, and its pid if that is known; 0: it is not
 * @why      the reason, a line without the end of one
 */
void status_print_unread(const struct process *process, const char *why, bool json);

#endif
