/* SPDX-License-Identifier: MIT
 *
 * destination: where a process's messages go.
 */
#ifndef SSLHARDEN_DESTINATION_H
#define SSLHARDEN_DESTINATION_H

#include "process.h"

/*
 * Of one whose settings are known.
 *
 * @last  enum sink (messages/sink.h), plus one, that took its server's last message; 0: none did
 */
char *destination_text(const struct process *process, uint32_t last);

#endif
