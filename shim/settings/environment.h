/* SPDX-License-Identifier: MIT
 *
 * environment: a copy of the variables that are meant for this library, as they were when it was
 * loaded.  A daemon may clear its environment, or write its title over it, and then execute itself
 * anew: hooks/exec.c gives it the copy.
 */
#ifndef SSLHARDEN_ENVIRONMENT_H
#define SSLHARDEN_ENVIRONMENT_H

#include <stdbool.h>
#include <stddef.h>

#include "sslharden/config.h"

/* Whether "NAME=value" is a setting: SSLHARDEN or SSLHARDEN_*. */
bool environment_is_setting(const char *entry);

/*
 * Copies the settings of @environ_, and of LD_PRELOAD and LD_AUDIT the entry that is this library,
 * each as "NAME=value" and a NUL, with an empty string after the last.
 *
 * @environment  must be all zero
 *
 * Returns false if not all of it had room.
 */
bool environment_copy(char environment[CONFIG_ENVIRONMENT_MAX], char *const *environ_);

/*
 * The value of the variable of whose entry @entry is the beginning: "PATH=", or more.  NULL if
 * @environ_ has none of that name.
 */
const char *environment_value(char *const *environ_, const char *entry);

/*
 * Writes to @missing the first @room entries of @environment whose names are not in @environ_
 * (NULL: an empty environment), as pointers into @environment, and returns how many such entries
 * there are. May be called in a signal handler and in a child of vfork.
 */
size_t environment_missing(const char environment[CONFIG_ENVIRONMENT_MAX], char *const *environ_,
			   const char **missing, size_t room);

#endif
