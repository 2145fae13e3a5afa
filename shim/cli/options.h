/* SPDX-License-Identifier: MIT
 *
 * options: the settings as options of a subcommand, and what is said where one is wrong.
 */
#ifndef SSLHARDEN_OPTIONS_H
#define SSLHARDEN_OPTIONS_H

#include <getopt.h>

#include "cli.h"

enum { OPTIONS_MAX = 60, FIRST_VARIABLE = 200 };

/* @options, of which @count are filled in, gets one for each setting, and its end. */
void options_add_variables(struct option options[OPTIONS_MAX], size_t count);

/* Prints what each of those takes and means. */
void options_print_variables(void);

/*
 * Sets a setting in this process's environment, as the option @option of getopt_long has it;
 * @value NULL: yes.  False if the library could not read it; what is accepted was said.
 */
bool options_set(const char *command, int option, const char *value);

/* Whether the setting @name was set by options_set. */
bool options_have_set(const char *name);

/*
 * What getopt_long did not take (@result: what it answered, with a colon first in its short
 * options and opterr 0), and the nearest that there is.  Answers CLI_USAGE.
 */
int options_error(const char *command, int result, char **argv, const struct option *options);

/* Reads a whole number from 1 to @most, in decimal and nothing else; false: it is none. */
bool options_number(const char *text, long most, long *number);

/* The one of @words, ended by NULL, that is nearest to @text; NULL: none is near. */
const char *options_nearest(const char *text, const char *const *words);

#endif
