/* SPDX-License-Identifier: MIT
 *
 * hello: reads the version out of the first bytes of a connection.  Pure, and safe from any thread.
 */
#ifndef SSLHARDEN_HELLO_H
#define SSLHARDEN_HELLO_H

#include <stddef.h>

/*
 * The wire version that a ClientHello names as its highest (a client of TLS 1.3 names 1.2), in a
 * record (RFC 5246, 6.2.1 and 7.4.1.2) or in the form of SSL 2.0 (RFC 5246, E.2).
 *
 * @bytes  the first @len bytes that the server read
 *
 * Returns 0 for anything else, and for fewer than 11 bytes.
 */
int hello_version(const void *bytes, size_t len);

#endif
