/* SPDX-License-Identifier: MIT
 *
 * compare_options: the words of a call of "sslharden compare".
 */
#ifndef SSLHARDEN_COMPARE_OPTIONS_H
#define SSLHARDEN_COMPARE_OPTIONS_H

#include "request.h"

/*
 * Reads them into @request, which points into @argv then, and sets the settings among them in this
 * process's environment.
 *
 * Returns -1 to go on, or the exit code: help was printed, or what is wrong was said.
 */
int compare_options(int argc, char **argv, struct request *request);

#endif
