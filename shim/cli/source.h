/* SPDX-License-Identifier: MIT
 *
 * source: where a setting comes from: the environment, a line of the file, a profile.
 */
#ifndef SSLHARDEN_SOURCE_H
#define SSLHARDEN_SOURCE_H

#include "cli.h"
#include "sslharden/config.h"

/* The file that counts, by the environment: what SSLHARDEN_CONFIG names, or the system's. */
const char *source_file(void);

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

/*
 * What is wrong anywhere in the file, whoever it is for, a line each: settings that cannot
 * be read, and sections that can never be for a program.  False if there is no such file.
 */
bool source_check(struct strings *complaints);

#endif
