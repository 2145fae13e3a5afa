/* SPDX-License-Identifier: MIT
 *
 * report_html: what servers have counted, as a page that needs no script, no network and no colour.
 */
#ifndef SSLHARDEN_REPORT_HTML_H
#define SSLHARDEN_REPORT_HTML_H

#include "servers.h"

/*
 * Writes it to the file @path, the problems with it, whole or not at all.  Returns false with errno
 * set if that cannot be done.
 */
bool report_html(const struct servers *servers, const char *path);

#endif
