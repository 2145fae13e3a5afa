/* SPDX-License-Identifier: MIT
 *
 * source: where a setting comes from: the environment, a line of the file, a profile.
 */
#ifndef SSLHARDEN_SOURCE_H
#define SSLHARDEN_SOURCE_H

#include "cli.h"
#include "settings/config_file.h"
#include "settings/variables.h"
#include "sslharden/config.h"

/*
 * The path of the file that counts, by the environment: what SSLHARDEN_CONFIG names, or the
 * system's.  NULL: there is none that the library would take.
 *
 * @text  gets what is in it, which stays
 */
const char *source_file(const char **text);

/* Where @variable has its value from, for who reads @file (its path NULL: none); to be freed. */
char *source_of(const struct config_file *file, const struct variable *variable);

/*
 * @program  as config_load takes it
 *
 * Adds each setting that is not the default, and those that are but were named: NAME=value
 * in @settings, and in @sources, at the same place, where from.
 */
void source_list(const struct config *config, const char *program, struct strings *settings,
		 struct strings *sources);

/* The file, if it has settings for @program, an absolute path without links; else NULL. */
const char *source_has(const char *program);

#endif
