/* SPDX-License-Identifier: MIT
 *
 * dh: DH parameters that are smaller than SSLHARDEN_MIN_DH_BITS are replaced where they are set,
 * since no libssl tells what it has.
 *
 * Every function but dh_choose leaves errno and OpenSSL's error queue as found, and may be called
 * from any thread that may use the object itself.
 */
#ifndef SSLHARDEN_DH_H
#define SSLHARDEN_DH_H

#include "harden/object.h"

/* What parameters are set on: one of the two. */
struct dh_object {
	SSL_CTX *ctx;
	SSL *ssl;
};

/* Whether this libssl exchanges keys by DH and its libcrypto has what it takes to replace them. */
bool dh_is_possible(const struct image *image);

/* The program sets its own.  True: ours have been set in their place; what it set is its own yet. */
bool dh_replaces(const struct image *image, const struct dh_object *object, const DH *own);

/* The same of a key that it gives away.  True: the object has that, too, and frees it when it goes. */
bool dh_replaces_key(const struct image *image, const struct dh_object *object, EVP_PKEY *own);

/*
 * It leaves the choice to libssl (SSL_CTX_set_dh_auto).  Answers what is to be set; what a context's
 * certificates will be is known when a handshake begins.
 */
long dh_auto(const struct image *image, const struct dh_object *object, long on);

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

/*
 * Sizes that libssl chooses for the certificates of a connection.  @weakest 0: it chooses none.
 * The caller brackets OpenSSL's error queue and errno, here and in what follows.
 */
void dh_chosen(const struct image *image, SSL *ssl, unsigned int *weakest, unsigned int *strongest);

/* Sets parameters of a size in place of libssl's choice, of @weakest bits at the least. */
void dh_choose(const struct image *image, SSL *ssl, unsigned int weakest, unsigned int size);

/* A line that says so, or in an audit what would be. */
void dh_tell(const struct dh_object *object, const char *whose, unsigned int bits,
	     unsigned int size);

#endif
