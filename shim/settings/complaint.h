/* SPDX-License-Identifier: MIT
 *
 * complaint: what is said of settings that cannot be read.  It is kept with the settings, as lines,
 * until there is a context to say it for (messages/log.h).  Pure.
 */
#ifndef SSLHARDEN_COMPLAINT_H
#define SSLHARDEN_COMPLAINT_H

#include "sslharden/config.h"

enum { COMPLAINT_NAME_MAX = 256 }; /* bytes of a name, and of the file and line before it */

/*
 * Adds a line.  One for which there is no room is left out as a whole, and the last one says so.
 *
 * @format       takes the other three as texts, and ends with a newline
 * @name, value  from outside: they are escaped
 */
void complain(struct config *config, const char *format, const char *name, const char *value,
	      const char *hint);

/* Adds a line for each word of @value, SSLHARDEN_FORBID's, that is none. */
void complain_of_words(struct config *config, const char *name, const char *value);

#endif
