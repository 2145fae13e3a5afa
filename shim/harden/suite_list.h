/* SPDX-License-Identifier: MIT
 *
 * suite_list: reads the cipher list of a connection or context, whatever its libssl has for that.
 *
 * A list and its names are in libssl's memory, and good until the object gets another list or is
 * freed.  The caller brackets OpenSSL's error queue and errno.  Safe from any thread that may use the
 * object itself.
 */
#ifndef SSLHARDEN_SUITE_LIST_H
#define SSLHARDEN_SUITE_LIST_H

#include "loader/resolve.h"

struct suite_list {
	const struct image *image;
	const SSL *ssl;
	const void *stack; /* of ciphers; NULL: it cannot be read, and libssl gives names alone */
	int size; /* of the stack */
};

/* The list of a connection; or, with @ctx not NULL, that of this context. */
struct suite_list suite_list_of(const struct image *image, const SSL *ssl, const SSL_CTX *ctx);

/*
 * The name of the suite at @i, from 0, those of TLS 1.3 first; NULL at the end.
 *
 * @bits  of its key (of triple DES: its strength, 112); 0: they cannot be read
 */
const char *suite_list_at(const struct suite_list *list, int i, int *bits);

/* A hash of the connection's list, by which it is told from any other that is set.  Never 0. */
uint32_t suite_list_hash(const struct image *image, const SSL *ssl);

/* Whether the connection has a list of its own: SSL_get_ciphers returns its context's if not. */
bool suite_list_is_own(const struct image *image, const SSL *ssl);

/* The list of a context as a stack of ciphers (NULL: it cannot be had), and what is in a stack. */
const void *suite_stack_of_context(const struct image *image, const SSL_CTX *ctx);
int suite_stack_size(const struct image *image, const void *stack);
const void *suite_stack_at(const struct image *image, const void *stack, int i);

#endif
