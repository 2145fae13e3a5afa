/* SPDX-License-Identifier: MIT
 *
 * safe_open: a log file by its name, but by no link that another user could have made.
 */
#ifndef SSLHARDEN_SAFE_OPEN_H
#define SSLHARDEN_SAFE_OPEN_H

#include <sys/stat.h>

/*
 * Opens the file for appending, without waiting, and makes it if it is not there.
 *
 * @path   absolute, shorter than CONFIG_TEXT_MAX
 * @root   which folder "/" has to be
 * @why    what is wrong; NULL: errno says it
 *
 * A folder in which another user can make entries (owned by neither root nor the caller, or
 * writable by group or others) is not trusted: a symbolic link in it is followed only if it is
 * root's or the caller's, a file has to have no other name, and be theirs or the folder's
 * owner's.  -1: none of that, or it cannot be opened.
 */
int safe_open(const char *path, const struct stat *root, const char **why);

#endif
