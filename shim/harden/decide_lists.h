/* SPDX-License-Identifier: MIT
 *
 * decide_lists: the steps of decide that say which lists a connection gets, in the order in which they
 * follow the versions.  Pure.
 */
#ifndef SSLHARDEN_DECIDE_LISTS_H
#define SSLHARDEN_DECIDE_LISTS_H

#include "harden/decide.h"

/* Which of the operator's lists. */
void decide_lists(const struct subject *subject, const struct config *config,
		  struct change *change);

/* Whether SSLHARDEN_FORBID's suites go from the list. */
void decide_forbidden(const struct subject *subject, const struct config *config,
		      struct change *change);

/* Whether the versions leave a gap in which the list has no suite. */
void decide_gap(const struct subject *subject, struct change *change);

/* Whether the list is left without what only a curve of this library would make usable. */
void decide_unsafe_ecdhe(const struct subject *subject, struct change *change);

#endif
