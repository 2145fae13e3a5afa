/* SPDX-License-Identifier: MIT
 *
 * beside: the PID files of the instances of a program that run here.  A second instance writes the same
 * file, and takes it away when it ends.
 */
#ifndef SSLHARDEN_BESIDE_H
#define SSLHARDEN_BESIDE_H

#include "cli.h"

/*
 * Adds the paths of those that are found: by what the running ones have open, by what stands beside
 * that or where they work and is called *.pid, by the words of their command line, and by those of
 * the files that these name.
 *
 * @program    as /proc/PID/exe names it: an absolute path without links
 * @script     what it interprets, told by a name among the words of its call; NULL: any, or nothing
 * @pid_files  takes each path once
 */
void beside_find(const char *program, const char *script, struct strings *pid_files);

#endif
