/* SPDX-License-Identifier: MIT
 *
 * peer: who a connection's client is, in words.
 */
#ifndef SSLHARDEN_PEER_H
#define SSLHARDEN_PEER_H

#include "loader/image.h"

/* "192.0.2.7:50112", "[2001:db8::7]:50112", or what else can be said.  @size: bytes of @text. */
void peer_name(const struct image *image, const SSL *ssl, char *text, size_t size);

#endif
