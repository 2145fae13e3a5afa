/* SPDX-License-Identifier: MIT
 *
 * hello: what the first bytes of a connection say of the client.
 */
#ifndef SSLHARDEN_HELLO_H
#define SSLHARDEN_HELLO_H

#include <stddef.h>

/*
 * The highest version (below TLS 1.3, whose clients say 1.2 here) that a ClientHello
 * offers, of which @bytes are the first @len that were read: in a record (RFC 5246, 6.2.1 and
 * 7.4.1.2) or in SSL 2.0's form (RFC 5246, E.2).  0 for anything else, or too little of it.
 * Pure.
 */
int hello_version(const void *bytes, size_t len);

#endif
