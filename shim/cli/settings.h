/* SPDX-License-Identifier: MIT
 *
 * settings: the library's settings as text, of this process or of another.
 */
#ifndef SSLHARDEN_SETTINGS_H
#define SSLHARDEN_SETTINGS_H

#include "cli.h"
#include "sslharden/config.h"

const char *mode_name(enum mode mode);

/* Adds what is not the default, as NAME=value. */
void settings_list(const struct config *config, struct strings *list);

/* Adds what could not be read, a line each. */
void complaints_list(const struct config *config, struct strings *list);

/*
 * Bytes of the first line of @complaint, without what it says is in force all the same: where
 * nothing is started, nothing is.
 */
int complaint_length(const char *complaint);

/* Adds what is in force of each variable that was meant by that, a line each. */
void instead_list(const struct config *config, struct strings *list);

/*
 * Adds what the lists name that a libssl does not know, a line each.
 *
 * @untaken  as in struct shared_record (memory/shared.h)
 */
void untaken_list(const struct config *config, const uint64_t *untaken, struct strings *list);

/*
 * The settings that are somewhere in @memory, @len bytes that are not trusted; to be freed.
 * NULL if there are none, and @is_other tells whether there are some of a library of another
 * version.
 */
struct config *settings_of_memory(const char *memory, size_t len, bool *is_other);

#endif
