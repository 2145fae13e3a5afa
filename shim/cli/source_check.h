/* SPDX-License-Identifier: MIT
 *
 * source_check: what is wrong anywhere in the settings' file, whoever it is for.
 */
#ifndef SSLHARDEN_SOURCE_CHECK_H
#define SSLHARDEN_SOURCE_CHECK_H

#include "cli.h"

/*
 * @complaints  takes a line for each setting that cannot be read or is set again, each name that no
 *              OpenSSL knows, and each section that can never be for a program
 *
 * Returns false if there is no such file.
 */
bool source_check(struct strings *complaints);

#endif
