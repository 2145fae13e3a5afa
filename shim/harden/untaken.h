/* SPDX-License-Identifier: MIT
 *
 * untaken: what of the operator's lists a libssl does not know, noted for sslharden status.
 *
 * The caller brackets OpenSSL's error queue and errno.  Safe from any thread that may use the
 * connection itself.
 */
#ifndef SSLHARDEN_UNTAKEN_H
#define SSLHARDEN_UNTAKEN_H

#include "loader/resolve.h"
#include "memory/shared.h"

/* Gives a connection a list of one kind; false: libssl does not take it. */
typedef bool list_set(const struct image *image, SSL *ssl, const char *list);

enum { UNTAKEN_NAMES = 96 };

/*
 * @ssl    has the list, if it was taken; it has another one afterwards
 * @taken  libssl took the list as a whole
 * @names  takes the names that it does not know, as many as have room
 */
void untaken_note(const struct image *image, SSL *ssl, enum shared_list which, const char *list,
		  list_set *set, bool taken, char names[UNTAKEN_NAMES]);

#endif
