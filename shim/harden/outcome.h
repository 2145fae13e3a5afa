/* SPDX-License-Identifier: MIT
 *
 * outcome: what a handshake came to is counted, and compared with what was decided when it began.
 *
 * Leaves errno and OpenSSL's error queue as found.  Safe from any thread that may use the SSL itself.
 */
#ifndef SSLHARDEN_OUTCOME_H
#define SSLHARDEN_OUTCOME_H

#include "loader/resolve.h"

/* The handshake is done.  A connection that came out against the decision gives and takes no data. */
void outcome_compare(const struct image *image, SSL *ssl);

#endif
