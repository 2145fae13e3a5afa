/* SPDX-License-Identifier: MIT
 *
 * learn: the option values of a libssl that is newer than our tables.
 */
#ifndef SSLHARDEN_LEARN_H
#define SSLHARDEN_LEARN_H

#include "loader/resolve.h"

/*
 * Fills @image's dialect with what its SSL_CONF_cmd makes of the options' names, on a
 * connection of our own: one of @ctx, since that is in the library context that its
 * program chose, and no other is to be touched.  Answers false if there was no memory, or
 * the library does not know the names that matter: then nothing may be set there.  Leaves
 * errno and OpenSSL's error queue as found.
 */
bool learn_dialect(struct image *image, SSL_CTX *ctx);

#endif
