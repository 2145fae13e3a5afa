/* SPDX-License-Identifier: MIT
 *
 * dh_lend: parameters of ours in place of those that a callback of the program's answers.
 *
 * Leaves errno and OpenSSL's error queue as found; may be called from any thread that may use the
 * SSL itself.
 */
#ifndef SSLHARDEN_DH_LEND_H
#define SSLHARDEN_DH_LEND_H

#include "loader/image.h"

/* Parameters of ours that this thread has lent to libssl in place of a callback's. */
struct dh_lent {
	DH *dh; /* NULL: none */
	DH_free_fn free; /* DH_free of the libcrypto that made them */
};
extern _Thread_local struct dh_lent dh_lent __attribute__((tls_model("initial-exec")));

/*
 * The program's callback returned @own.  Returns what libssl is to have: @own, or parameters that are
 * lent.  libssl copies them, or counts a reference of its own.
 */
DH *dh_lend(const struct image *image, SSL *ssl, DH *own);

/* Frees what this thread has lent.  To be called at the next event of a handshake. */
void dh_take_back(void);

#endif
