/* SPDX-License-Identifier: MIT
 *
 * settings: the library's settings as text, of this process or of another.
 */
#ifndef SSLHARDEN_SETTINGS_H
#define SSLHARDEN_SETTINGS_H

#include <stdint.h>

#include "cli.h"
#include "sslharden/config.h"

const char *mode_name(enum mode mode);

/* Adds what is not the default, as NAME=value. */
void settings_list(const struct config *config, struct strings *list);

/* Adds what could not be read, a line each. */
void complaints_list(const struct config *config, struct strings *list);

/*
 * The settings that are somewhere in @memory, @len bytes that are not trusted.  NULL if
 * there are none, or of a library of another version or word size; else to be freed.
 */
struct config *settings_of_memory(const char *memory, size_t len);

/*
 * The settings of another process, by its @folder of /proc; from @low to @high of its
 * memory is what its library writes to.  NULL if they are not to be had (ptrace(2), "access mode checking").
 */
struct config *settings_of_process(const char *folder, uint64_t low, uint64_t high);

#endif
