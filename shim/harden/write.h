/* SPDX-License-Identifier: MIT
 *
 * write: carries out what was decided of a connection.  The only place that changes one while a
 * handshake begins.
 */
#ifndef SSLHARDEN_WRITE_H
#define SSLHARDEN_WRITE_H

#include "harden/subject.h"

/* Answers whether the connection has a cipher list of its own by it. */
bool write_change(const struct image *image, SSL *ssl, const struct subject *subject,
		  const struct change *change);

#endif
