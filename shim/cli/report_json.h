/* SPDX-License-Identifier: MIT
 *
 * report_json: what servers have counted, as a document of JSON (RFC 8259), for programs.
 */
#ifndef SSLHARDEN_REPORT_JSON_H
#define SSLHARDEN_REPORT_JSON_H

#include "servers.h"

/* On standard output, the problems with it. */
void report_json(const struct servers *servers);

#endif
