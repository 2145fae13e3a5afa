/* SPDX-License-Identifier: MIT
 *
 * path: the parts of a path, and the program that a name stands for.
 */
#ifndef SSLHARDEN_PATH_H
#define SSLHARDEN_PATH_H

/* Base name of a path; a pointer into it. */
const char *base_name(const char *path);

/* Folder of a path, to be freed: "." where it names none. */
char *folder_of(const char *path);

/*
 * The path of the program @name as execvp(3) finds it, to be freed.
 *
 * @name  a path, or what has no slash and is looked for
 * @list  the PATH that it is looked for in; NULL: there is none, and execvp's own is taken
 *
 * Returns NULL with errno set: ENOENT, EACCES, EISDIR, or what stat(2) says of a path.
 */
char *path_search(const char *name, const char *list);

#endif
