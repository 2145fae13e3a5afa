/* SPDX-License-Identifier: MIT
 *
 * profile: what SSLHARDEN_PROFILE stands for (sslharden/config.h has the struct).  Pure.
 */
#ifndef SSLHARDEN_PROFILE_H
#define SSLHARDEN_PROFILE_H

#include "sslharden/config.h"

/* The number of a profile; PROFILE_COUNT if there is none of that name. */
unsigned int profile_find(const char *name);

/* Sets all that the profile of a number is about. */
void profile_apply(struct config *config, unsigned int number);

#endif
