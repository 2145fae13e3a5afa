/* SPDX-License-Identifier: MIT
 *
 * count: what became of a handshake, and what a stricter setting would have made of it, in the
 * page that a server shares with its children (memory/shared.h).
 *
 * No lock, no allocation, no message; safe from any thread that may use the SSL itself.
 */
#ifndef SSLHARDEN_COUNT_H
#define SSLHARDEN_COUNT_H

#include "loader/resolve.h"

/*
 * A handshake of a connection that serves is done.
 *
 * @version  what came out, on the wire; and as a set, which is not empty
 */
void count_served(const struct image *image, const SSL *ssl, int version, versions served);

#endif
