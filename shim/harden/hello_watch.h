/* SPDX-License-Identifier: MIT
 *
 * hello_watch: reads the version in a client's hello before 1.1.0, where libssl does not tell what a
 * client offered, and gives the same error for garbage and for a hello that it may not serve.  A BIO
 * callback looks at the first bytes during the handshake, and keeps the version under the BIO's
 * address (as `bare` of a decision).
 *
 * Does nothing for a newer libssl.  Leaves errno and OpenSSL's error queue as found.  Safe from any
 * thread that may use the SSL itself.
 */
#ifndef SSLHARDEN_HELLO_WATCH_H
#define SSLHARDEN_HELLO_WATCH_H

#include "loader/resolve.h"

/* A handshake begins: sets the callback, unless the program has one of its own on the BIO. */
void hello_watch_begin(const struct image *image, SSL *ssl);

/* The handshake is over: takes the callback away. */
void hello_watch_end(const struct image *image, SSL *ssl);

/* The client's newest version; 0: it is not known. */
versions hello_watch_version(const struct image *image, const SSL *ssl);

#endif
