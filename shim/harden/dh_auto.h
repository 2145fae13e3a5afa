/* SPDX-License-Identifier: MIT
 *
 * dh_auto: libssl's own choice of DH parameters by the certificate, which is held to
 * SSLHARDEN_MIN_DH_BITS.
 *
 * Safe from any thread that may use the object itself.
 */
#ifndef SSLHARDEN_DH_AUTO_H
#define SSLHARDEN_DH_AUTO_H

#include "harden/dh_parameters.h"

/*
 * It leaves the choice to libssl (SSL_CTX_set_dh_auto).  Answers what is to be set; what a context's
 * certificates will be is known when a handshake begins.  Leaves errno and OpenSSL's error queue as
 * found.
 */
long dh_auto(const struct image *image, const struct dh_object *object, long on);

/*
 * Sizes that libssl chooses for the certificates of a connection.  @weakest 0: it chooses none.
 * The caller brackets OpenSSL's error queue and errno, here and in what follows.
 */
void dh_chosen(const struct image *image, SSL *ssl, unsigned int *weakest, unsigned int *strongest);

/* Sets parameters of a size in place of libssl's choice, of @weakest bits at the least. */
void dh_choose(const struct image *image, SSL *ssl, unsigned int weakest, unsigned int size);

#endif
