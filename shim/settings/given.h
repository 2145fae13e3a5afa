/* SPDX-License-Identifier: MIT
 *
 * given: what of the environment is for this library, as it was when the library was loaded.
 * A daemon clears its environment, or writes its title over it, and may execute itself anew.
 */
#ifndef SSLHARDEN_GIVEN_H
#define SSLHARDEN_GIVEN_H

#include <stdbool.h>
#include <stddef.h>

#include "sslharden/config.h"

/* Whether "NAME=value" is a setting: SSLHARDEN or SSLHARDEN_*. */
bool given_is_setting(const char *entry);

/*
 * Copies the settings of @environ_, and LD_PRELOAD and LD_AUDIT with us alone, each as
 * "NAME=value" and a NUL, with an empty one behind them; @given is all zero before.  False: not
 * all of it had room.
 */
bool given_take(char given[CONFIG_GIVEN_MAX], char *const *environ_);

/*
 * Those whose name @environ_ (NULL: empty) has not: the first @room of them to @missing, and how
 * many they are.  Calls nothing that a signal handler or a child of vfork must not.
 */
size_t given_missing(const char given[CONFIG_GIVEN_MAX], char *const *environ_,
		     const char **missing, size_t room);

#endif
