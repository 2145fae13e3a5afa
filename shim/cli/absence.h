/* SPDX-License-Identifier: MIT
 *
 * absence: why the library is not in a process.
 */
#ifndef SSLHARDEN_ABSENCE_H
#define SSLHARDEN_ABSENCE_H

#include "process.h"

/* In the reader's terms, a line without the end of one, to be freed; @process does not have it. */
char *absence_reason(const struct process *process);

#endif
