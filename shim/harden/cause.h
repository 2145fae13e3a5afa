/* SPDX-License-Identifier: MIT
 *
 * cause: which setting stands in the way of a client that its program alone would have served.
 *
 * The caller brackets OpenSSL's error queue and errno.  Safe from any thread that may use the SSL
 * itself.
 */
#ifndef SSLHARDEN_CAUSE_H
#define SSLHARDEN_CAUSE_H

#include "harden/inquiry.h"
#include "messages/explain.h"

/*
 * Finds what to change so that the client is let in: fills @refusal, whose cause stays CAUSE_NONE
 * where the program alone would have refused the client, or it cannot be known.
 *
 * @inquiry  its bare_version becomes the version with which the client would be served
 * @reason   REASON_* with which libssl refused it
 */
void cause_find(struct inquiry *inquiry, int reason, struct refusal *refusal);

/* In an audit: the same of a client that was served, had the settings been in force. */
void cause_of_served(struct inquiry *inquiry, struct refusal *refusal);

#endif
