/* SPDX-License-Identifier: MIT
 *
 * unwanted: whom the settings ask a server to refuse.  Pure.
 */
#ifndef SSLHARDEN_UNWANTED_H
#define SSLHARDEN_UNWANTED_H

#include "sslharden/config.h"
#include "tls_reply.h"

/* Clients of at most @version, as it is on the wire. */
bool unwanted_version(const struct config *config, int version);

/* Who was served so: by a suite that is forbidden.  False of a suite that is not in the table. */
bool unwanted_suite(const struct config *config, const struct reply *reply);

/* Any client who shares nothing with a list: there is one. */
bool unwanted_by_lists(const struct config *config);

#endif
