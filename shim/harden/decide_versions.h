/* SPDX-License-Identifier: MIT
 *
 * decide_versions: the step of decide that says which versions may be served, and by which method,
 * bound and options they are held.  Pure.
 */
#ifndef SSLHARDEN_DECIDE_VERSIONS_H
#define SSLHARDEN_DECIDE_VERSIONS_H

#include "harden/decide.h"

/* For a first handshake.  @now: what the connection would serve unchanged (serves.h) */
void decide_versions(const struct subject *subject, const struct config *config,
		     struct change *change, versions now);

#endif
