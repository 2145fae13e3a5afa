/* SPDX-License-Identifier: MIT
 *
 * escape: text from outside, made fit for a line of a message.
 */
#ifndef SSLHARDEN_ESCAPE_H
#define SSLHARDEN_ESCAPE_H

#include <stddef.h>

/*
 * Copies @from to @to (@size bytes, NUL included), control bytes, backslash
 * and bytes outside ASCII as \xHH; cut with "..." where it does not fit.
 */
void text_escape(char *to, size_t size, const char *from);

#endif
