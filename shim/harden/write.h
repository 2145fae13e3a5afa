/* SPDX-License-Identifier: MIT
 *
 * write: carries out what decide.c has decided.  Nothing else changes a connection while its
 * handshake begins.  Leaves errno and OpenSSL's error queue as found.
 */
#ifndef SSLHARDEN_WRITE_H
#define SSLHARDEN_WRITE_H

#include "harden/subject.h"

/* Returns whether the connection, which had its context's cipher list, now has one of its own. */
bool write_change(const struct image *image, SSL *ssl, const struct subject *subject,
		  const struct change *change);

#endif
