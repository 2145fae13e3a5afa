/* SPDX-License-Identifier: MIT
 *
 * escape: makes text from outside fit for a line of a message.  Pure.
 */
#ifndef SSLHARDEN_ESCAPE_H
#define SSLHARDEN_ESCAPE_H

#include <stddef.h>

/*
 * Copies @from to @to (@size bytes, the NUL included).  Control bytes, backslash and bytes outside
 * ASCII become \xHH; what does not fit is replaced by "...".
 */
void text_escape(char *to, size_t size, const char *from);

#endif
