/* SPDX-License-Identifier: MIT
 *
 * curve: the curve that ECDHE needs before 1.1.0, and the groups that a program sets.
 *
 * Leaves errno and OpenSSL's error queue as found.  Safe from any thread that may use the object.
 */
#ifndef SSLHARDEN_CURVE_H
#define SSLHARDEN_CURVE_H

#include "loader/resolve.h"

/*
 * Gives a context the curve P-256, without which its servers have no ECDHE before 1.1.0.  Returns
 * whether it has it.
 */
bool curve_give(const struct image *image, SSL_CTX *ctx);

/* The number of a key's curve (openssl/obj_mac.h); 0: it is not known. */
int curve_number(const struct image *image, const EC_KEY *key);

/* Whether a control of SSL_CTX_ctrl or SSL_ctrl sets groups of which TLS 1.3 has none. */
bool groups_bar_tls1_3(const struct image *image, int cmd, long larg, const void *parg);

/* Whether it sets groups at all; *@lacks: without P-256. */
bool groups_are_set(const struct image *image, int cmd, long larg, const void *parg, bool *lacks);

#endif
