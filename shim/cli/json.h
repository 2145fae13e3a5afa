/* SPDX-License-Identifier: MIT
 *
 * json: writes a document to standard output, call by call (RFC 8259).  A byte of a string that is
 * no UTF-8 is written as U+FFFD.
 */
#ifndef SSLHARDEN_JSON_H
#define SSLHARDEN_JSON_H

#include "cli.h"

/* @name NULL: an element of an array, or the document itself. */
void json_object(const char *name);
void json_array(const char *name);
void json_end(void);
void json_string(const char *name, const char *value); /* NULL: null */
void json_number(const char *name, long value);
void json_null(const char *name);
void json_bool(const char *name, bool value);
void json_strings(const char *name, const struct strings *values);

#endif
