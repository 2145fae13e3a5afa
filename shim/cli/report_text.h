/* SPDX-License-Identifier: MIT
 *
 * report_text: what servers have counted, as a table for people.
 */
#ifndef SSLHARDEN_REPORT_TEXT_H
#define SSLHARDEN_REPORT_TEXT_H

#include "servers.h"

/* On standard output, with bars on a terminal; problems are for the caller to tell. */
void report_text(const struct servers *servers);

#endif
