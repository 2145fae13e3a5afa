/* SPDX-License-Identifier: MIT
 *
 * binfmt: interpreters that Linux starts files by, beside "#!" (binfmt_misc).
 */
#ifndef SSLHARDEN_BINFMT_H
#define SSLHARDEN_BINFMT_H

/* The interpreter that is registered for the file @path, to be freed; NULL: none. */
char *binfmt_interpreter(const char *path);

#endif
