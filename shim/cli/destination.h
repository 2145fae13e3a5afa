/* SPDX-License-Identifier: MIT
 *
 * destination: where a process's messages go.
 */
#ifndef SSLHARDEN_DESTINATION_H
#define SSLHARDEN_DESTINATION_H

#include "process.h"

/* Of one whose settings are known. */
char *destination_text(const struct process *process);

#endif
