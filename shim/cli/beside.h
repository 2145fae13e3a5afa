/* SPDX-License-Identifier: MIT
 *
 * beside: the PID files of the instances of a program that run here.  A second instance writes the same
 * file, and takes it away when it ends.
 */
#ifndef SSLHARDEN_BESIDE_H
#define SSLHARDEN_BESIDE_H

#include "cli.h"

/*
 * Adds the paths of those that are found, by what the running ones have open, by the words of their
 * command line, and by those of the files that these name.
 *
 * @program  an absolute path without links
 */
void beside_find(const char *program, struct strings *pid_files);

#endif
