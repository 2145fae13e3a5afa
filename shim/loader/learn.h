/* SPDX-License-Identifier: MIT
 *
 * learn: finds out the option values of a libssl that is newer than the tables of dialect.c.
 */
#ifndef SSLHARDEN_LEARN_H
#define SSLHARDEN_LEARN_H

#include "loader/resolve.h"

/*
 * Fills @image's dialect by giving the options' names to its SSL_CONF_cmd.  That is done on a
 * connection that is made of @ctx and freed again: @ctx is in the library context that its program
 * chose, and no other library context may be initialized.  Returns false if there is no memory or
 * the library does not know the names: then nothing may be set there.  Leaves errno and OpenSSL's
 * error queue as found.
 */
bool learn_dialect(struct image *image, SSL_CTX *ctx);

#endif
