/* SPDX-License-Identifier: MIT
 *
 * policy_print: what "sslharden policy" prints, on standard output.
 */
#ifndef SSLHARDEN_POLICY_PRINT_H
#define SSLHARDEN_POLICY_PRINT_H

#include "cli.h"
#include "sslharden/config.h"

/* Settings, and at the same place where each comes from (source_list). */
struct origin {
	struct strings settings, sources;
};

void policy_print_text(const struct config *config, const struct origin *origin);

/* @complaints: what could not be read, a line each */
void policy_print_json(const struct config *config, const struct origin *origin,
		       const struct strings *complaints);

#endif
