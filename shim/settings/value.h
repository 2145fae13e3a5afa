/* SPDX-License-Identifier: MIT
 *
 * value: reads the value of one setting.  Pure.
 */
#ifndef SSLHARDEN_VALUE_H
#define SSLHARDEN_VALUE_H

#include <stdbool.h>

#include "settings/variables.h"
#include "sslharden/config.h"

/*
 * Sets the member of @config that a variable stands for.  Returns false if the value cannot be read:
 * of SSLHARDEN_FORBID the words that can be are in force then, of others nothing has changed.
 */
bool value_read(struct config *config, const struct variable *variable, const char *value);

/*
 * For a value that cannot be read: it may have been meant to take back what an earlier source
 * allows, so that does not stay in force.
 */
void value_harden(struct config *config, const struct variable *variable);

/* Copies a text with its NUL; false: it is too long, and nothing is copied. */
bool value_copy(char to[CONFIG_TEXT_MAX], const char *from);

#endif
