/* SPDX-License-Identifier: MIT
 *
 * tell_connection: writes the lines about connections that serve.  Leaves errno and OpenSSL's error
 * queue as found; safe from any thread that may use the object.
 */
#ifndef SSLHARDEN_TELL_CONNECTION_H
#define SSLHARDEN_TELL_CONNECTION_H

#include "harden/subject.h"

/* A connection serves: once a context, what its connections get, and what else is worth a line. */
void tell_connection(const struct image *image, SSL *ssl, const struct subject *subject,
		     const struct change *change);

#endif
