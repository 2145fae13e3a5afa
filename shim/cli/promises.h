/* SPDX-License-Identifier: MIT
 *
 * promises: what the settings promise of a server, and it does not keep, as far as clients without
 * cryptography see.  Pure.
 */
#ifndef SSLHARDEN_PROMISES_H
#define SSLHARDEN_PROMISES_H

#include "cli.h"
#include "measured.h"
#include "sslharden/config.h"

/*
 * @config  of a server that hardens: in an audit they promise nothing
 * @faults  takes a line for each thing that is not as asked
 */
void promises_check(const struct measured *measured, const struct config *config,
		    struct strings *faults);

#endif
