/* SPDX-License-Identifier: MIT
 *
 * trial: settings that only libssl itself can read, tried on the one that a program has.
 */
#ifndef SSLHARDEN_TRIAL_H
#define SSLHARDEN_TRIAL_H

#include "inspect.h"
#include "sslharden/config.h"

/*
 * Adds a line for each list of which that libssl takes nothing, with the groups that it does not
 * know.  Another process loads it: it may have been told to do what one does not want here.
 * Nothing is added where there is none that could be loaded.
 */
void trial(const struct inspection *inspection, const struct config *config,
	   struct strings *complaints);

/*
 * The suites that SSLHARDEN_CIPHERS means to the libssl in that file, by their names; likewise in
 * another process.  None is found where it cannot be loaded here.
 */
void trial_suites(const char *libssl, const struct config *config, struct strings *names);

#endif
