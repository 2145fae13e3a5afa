/* SPDX-License-Identifier: MIT
 *
 * options: the settings as options of a subcommand, and what is said where one is wrong.
 */
#ifndef SSLHARDEN_OPTIONS_H
#define SSLHARDEN_OPTIONS_H

#include <getopt.h>

#include "cli.h"

enum { OPTIONS_MAX = 60, FIRST_VARIABLE = 200 };

/*
 * Makes @options for getopt_long: the subcommand's @own, of which there are @count, then one for
 * each setting, and the end.
 */
void options_make(struct option options[OPTIONS_MAX], const struct option *own, size_t count);

/* Prints what the option of each setting takes and means. */
void options_print_variables(void);

/*
 * Sets a setting in this process's environment.
 *
 * @option  what getopt_long returned
 * @value   its argument; NULL: it has none, and means yes
 *
 * Returns false if the library could not read the value; then what is accepted was printed.
 */
bool options_set(const char *command, int option, const char *value);

/* Whether the setting @name was set by options_set. */
bool options_have_set(const char *name);

/*
 * Prints which option getopt_long did not take, and the known one that is most like it.
 *
 * @result  what getopt_long returned, called with ':' first in its short options
 *
 * Returns CLI_USAGE.
 */
int options_error(const char *command, int result, char **argv, const struct option *options);

/* Reads a decimal number from 1 to @most; returns false if @text is anything else. */
bool options_number(const char *text, long most, long *number);

/*
 * Whether each of @words, ended by NULL, can be a process's number or a name; of the first that is
 * neither it was said.
 */
bool options_processes(const char *command, char *const *words);

/* The one of @words, ended by NULL, that is nearest to @text; NULL: none is near. */
const char *options_nearest(const char *text, const char *const *words);

#endif
