/* SPDX-License-Identifier: MIT
 *
 * report_openmetrics: what servers have counted, in the text format of OpenMetrics 1.0, for Prometheus and its kin.
 */
#ifndef SSLHARDEN_REPORT_OPENMETRICS_H
#define SSLHARDEN_REPORT_OPENMETRICS_H

#include "servers.h"

/* On standard output; problems are for the caller to tell. */
void report_openmetrics(const struct servers *servers);

#endif
