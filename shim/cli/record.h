/* SPDX-License-Identifier: MIT
 *
 * record: finds the library's record, with the settings in force, in a process's memory, and what it
 * keeps beside that: where the page of counts is, and how its log file fares.
 */
#ifndef SSLHARDEN_RECORD_H
#define SSLHARDEN_RECORD_H

#include "process.h"

/*
 * @process  has its maps, and its memory open.  Gets record, and what was found: config, page,
 *           log_file, untaken; memory_error where that cannot be read
 */
void record_find(struct process *process);

#endif
