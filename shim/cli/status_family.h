/* SPDX-License-Identifier: MIT
 *
 * status_family: a process with those that come of it, as "sslharden status" tells of them.
 */
#ifndef SSLHARDEN_STATUS_FAMILY_H
#define SSLHARDEN_STATUS_FAMILY_H

#include "standing.h"

/*
 * Prints each of the family that this call of the command has not told of yet.
 *
 * @first  its first process
 *
 * Returns what holds for all of them: NO if one is not active, UNKNOWN if it is not known of one.
 * A child without a libssl counts for nothing.
 */
enum activity status_family(pid_t first, bool json);

#endif
