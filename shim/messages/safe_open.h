/* SPDX-License-Identifier: MIT
 *
 * safe_open: opens a log file by its name, but through no link that another user could have made.
 */
#ifndef SSLHARDEN_SAFE_OPEN_H
#define SSLHARDEN_SAFE_OPEN_H

#include <sys/stat.h>

/*
 * Opens the file for appending, without waiting, and makes it if it is not there.
 *
 * @path   absolute, shorter than CONFIG_TEXT_MAX
 * @root   the folder that "/" must be: in a chroot the name would mean another file
 * @why    is set to what is wrong (a static string), or to NULL if errno says it
 *
 * A folder in which another user can make entries (it is owned by neither root nor the caller, or
 * its group or others can write to it) is not trusted: a symbolic link in it is followed only if
 * root or the caller owns it, and a file must have no second name and be owned by them or the
 * folder's owner.
 *
 * Returns a descriptor, which the caller closes, or -1.  Safe from any thread.
 */
int safe_open(const char *path, const struct stat *root, const char **why);

#endif
