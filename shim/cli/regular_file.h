/* SPDX-License-Identifier: MIT
 *
 * regular_file: opens a file that may be anything, and reads nothing but regular ones.
 */
#ifndef SSLHARDEN_REGULAR_FILE_H
#define SSLHARDEN_REGULAR_FILE_H

/*
 * Opens a file to be read, if it is a regular one: a pipe would hold us up, and some devices do
 * something when they are opened.
 *
 * @place  where it is: its path, or one by which a process has it (/proc/PID/root...)
 * @path   what @why calls it
 * @why    set where it fails, to be freed
 *
 * Returns a descriptor, which the caller closes, or -1.
 */
int regular_file_open(const char *place, const char *path, char **why);

#endif
